/** What the last accepted file said, out of the snapshot that was taken of it. */
import type { Snapshot } from '../snapshot.js';
import type { KnownRoster } from './known-roster.js';

export function knownFrom(snapshot: Snapshot): KnownRoster {
  const cells = (lines: readonly string[]): string[][] => lines.map((line) => line.split('\t'));
  return {
    async *schools() {
      const students = studentsBySchool(snapshot);
      yield cells(snapshot.schools).map(([id, name]) => ({
        id: id!,
        name: name!,
        students: students.get(id!) ?? 0,
      }));
    },
    async *classes() {
      const { from } = snapshot.enrollments;
      yield cells(snapshot.classes).map(([id, name], cls) => ({
        id: id!,
        name: name!,
        students: from[cls + 1]! - from[cls]!,
      }));
    },
    async *teachers() {
      yield cells(snapshot.teachers).map(([email, firstName, lastName]) => ({
        email: email!,
        firstName: firstName!,
        lastName: lastName!,
      }));
    },
    async *students() {
      yield cells(snapshot.students).map(([email, firstName, lastName, gradeLevel]) => ({
        email: email!,
        firstName: firstName!,
        lastName: lastName!,
        gradeLevel: gradeLevel!,
      }));
    },
  };
}

/** School → how many students are in its classes, each once. */
function studentsBySchool({ classes, students, enrollments }: Snapshot): Map<string, number> {
  const bySchool = new Map<string, number[]>();
  classes.forEach((line, cls) => {
    const school = line.slice(line.lastIndexOf('\t') + 1);
    const known = bySchool.get(school);
    if (known === undefined) bySchool.set(school, [cls]);
    else known.push(cls);
  });
  const seen = new Int32Array(students.length);
  const counts = new Map<string, number>();
  let round = 0;
  for (const [school, all] of bySchool) {
    round += 1;
    let count = 0;
    for (const cls of all) {
      for (let at = enrollments.from[cls]!; at < enrollments.from[cls + 1]!; at++) {
        const student = enrollments.who[at]!;
        if (seen[student] === round) continue;
        seen[student] = round;
        count += 1;
      }
    }
    counts.set(school, count);
  }
  return counts;
}
