/**
 * Step 9: the rows that are left, put together by class: what they describe, how much of it there
 * is, and which rows say again what another one says. No two of them disagree any more.
 */
import type { KeyColumn } from '../columns.js';
import type { FileSays, SaidClass } from '../file-says.js';
import { LINES_MAX } from '../findings.js';
import type { Attribute, Said } from '../rules/said.js';
import type { SeenRows } from './cross-rows.js';
import type { FindingList } from './finding-list.js';
import { placesOf, type Places } from './places.js';

export interface Counts {
  readonly schools: number;
  readonly teachers: number;
  readonly classes: number;
  readonly students: number;
  readonly classTeachers: number;
  readonly enrollments: number;
}

export interface Gathered {
  readonly accepted: number;
  readonly counts: Counts;
  readonly says: Omit<FileSays, 'rejected'>;
}

export function gather(said: Said, findings: FindingList): Gathered {
  const { rows } = said;
  const size = (column: KeyColumn): number => said.table(column).size();
  const { members, from, accepted } = byClass(rows, size('class_id'));
  const schools = new Uint8Array(size('school_id'));
  const firstRow: FirstRows = {
    school: new Int32Array(size('school_id')),
    teacher: new Int32Array(size('teacher_email')),
    student: new Int32Array(size('student_email')),
  };
  const firstOf = new Int32Array(size('class_id'));
  const schoolOf = new Int32Array(size('class_id')).fill(-1);
  const teachersOf = new Map<number, number[]>();
  const [teachers, students] = [placesOf(said, 'teacher_email'), placesOf(said, 'student_email')];
  const seenIn = new Int32Array(size('student_email')).fill(-1);
  const teachesIn = new Int32Array(size('teacher_email')).fill(-1);
  const until = new Int32Array(size('class_id'));
  const again: number[] = [];
  let classTeachers = 0;
  let enrollments = 0;

  for (let cls = 0; cls < until.length; cls++) {
    const [first, end] = [from[cls]!, from[cls + 1]!];
    until[cls] = first;
    if (first === end) continue;
    const staff: number[] = [];
    let isRepeated = false;
    let at = first;
    firstOf[cls] = members[first]!;
    for (let place = first; place < end; place++) {
      const row = members[place]!;
      const [school, teacher, student] = [
        rows.school.get(row),
        rows.teacher.get(row),
        rows.student.get(row),
      ];
      schools[school] = 1;
      schoolOf[cls] = school;
      teachers.put(teacher, school);
      students.put(student, school);
      if (teachesIn[teacher] !== cls) {
        staff.push(teacher);
        teachesIn[teacher] = cls;
        toEarliest(firstRow.teacher, teacher, row);
      }
      if (seenIn[student] === cls) isRepeated = true;
      else {
        seenIn[student] = cls;
        toEarliest(firstRow.student, student, row);
      }
    }
    toEarliest(firstRow.school, schoolOf[cls]!, firstOf[cls]!);
    if (isRepeated) for (const row of repeats(rows, members, first, end)) again.push(row);
    // The rows have been read: from here on their places hold the class's students, each once.
    for (let place = first; place < end; place++) {
      const student = rows.student.get(members[place]!);
      if (seenIn[student] !== cls) continue;
      seenIn[student] = -1;
      members[at++] = student;
    }
    until[cls] = at;
    enrollments += at - first;
    classTeachers += staff.length;
    teachersOf.set(cls, staff);
  }
  if (again.length > 0) {
    const lines = again.sort((a, b) => a - b).map((row) => rows.line.get(row));
    findings.add({
      code: 'DUPLICATE_ROWS',
      line: lines[0]!,
      rows: lines.length,
      lines: lines.slice(0, LINES_MAX),
    });
  }
  const counts: Counts = {
    schools: schools.reduce((sum, one) => sum + one, 0),
    teachers: teachers.count(),
    classes: teachersOf.size,
    students: students.count(),
    classTeachers,
    enrollments,
  };

  function* classes(): Generator<SaidClass> {
    const ids = said.table('class_id');
    const name = textOf(said, 'class_name');
    for (const [n, staff] of teachersOf) {
      yield {
        n,
        line: rows.line.get(firstOf[n]!),
        classId: ids.value(n),
        name: name(n),
        school: schoolOf[n]!,
        rows: from[n + 1]! - from[n]!,
        teachers: staff,
        students: members.subarray(from[n]!, until[n]!),
      };
    }
  }
  return {
    accepted,
    counts,
    says: { ...people(said, schools, teachers, students, firstRow), classes },
  };
}

/** By a key's number one more than its first row; 0 where it stands on no accepted one. */
interface FirstRows {
  readonly school: Int32Array;
  readonly teacher: Int32Array;
  readonly student: Int32Array;
}

/** Classes come in any order, so the first mention is not the first row. */
function toEarliest(first: Int32Array, key: number, row: number): void {
  const known = first[key]!;
  if (known === 0 || row < known) first[key] = row + 1;
}

/** An attribute of a key by its number; some accepted row has said it, and so all. */
function textOf(said: Said, column: Attribute): (key: number) => string {
  const table = said.table(column);
  return (key) => {
    const id = said.attribute(column, key);
    if (id < 0) throw new Error(`an accepted row has no ${column}, or two`);
    return table.value(id);
  };
}

function people(
  said: Said,
  schools: Uint8Array,
  teachers: Places,
  students: Places,
  firstRow: FirstRows,
): Omit<FileSays, 'classes' | 'rejected'> {
  const line = (first: number): number => said.rows.line.get(first - 1);
  return {
    *schools(only) {
      const ids = said.table('school_id');
      const name = textOf(said, 'school_name');
      for (let n = 0; n < schools.length; n++) {
        if (schools[n] !== 1 || only?.has(n) === false) continue;
        yield { n, line: line(firstRow.school[n]!), schoolId: ids.value(n), name: name(n) };
      }
    },
    *teachers(only) {
      const emails = said.table('teacher_email');
      const [first, last] = [textOf(said, 'teacher_first_name'), textOf(said, 'teacher_last_name')];
      for (const { n, school, schools: all } of teachers.all()) {
        if (only?.has(n) === false) continue;
        yield {
          n,
          line: line(firstRow.teacher[n]!),
          email: emails.value(n),
          firstName: first(n),
          lastName: last(n),
          school,
          schools: all,
        };
      }
    },
    *students(only) {
      const emails = said.table('student_email');
      const grades = said.table('student_grade_level');
      const [first, last] = [textOf(said, 'student_first_name'), textOf(said, 'student_last_name')];
      for (const { n, school, schools: all } of students.all()) {
        if (only?.has(n) === false) continue;
        const grade = said.attribute('student_grade_level', n);
        yield {
          n,
          line: line(firstRow.student[n]!),
          email: emails.value(n),
          firstName: first(n),
          lastName: last(n),
          gradeLevel: grade < 0 ? null : grades.value(grade),
          school,
          schools: all,
        };
      }
    },
  };
}

/** Places of the accepted rows, class by class, in the file's order; sorted by counting. */
function byClass(rows: SeenRows, classes: number) {
  const from = new Int32Array(classes + 1);
  for (let row = 0; row < rows.line.length; row++) {
    if (rows.line.get(row) >= 0) from[rows.class.get(row) + 1]!++;
  }
  for (let cls = 0; cls < classes; cls++) from[cls + 1]! += from[cls]!;
  const accepted = from[classes]!;
  const members = new Int32Array(accepted);
  const next = from.slice();
  for (let row = 0; row < rows.line.length; row++) {
    if (rows.line.get(row) >= 0) members[next[rows.class.get(row)]!++] = row;
  }
  return { members, from, accepted };
}

/** Rows of one class that name a student and a teacher whom a row above them names. */
function repeats(rows: SeenRows, members: Int32Array, first: number, end: number): number[] {
  const seen = new Set<number>();
  const again: number[] = [];
  for (let place = first; place < end; place++) {
    const row = members[place]!;
    // Exact: both are below 2^26, and a double holds integers up to 2^53.
    const pair = rows.teacher.get(row) * 67_108_864 + rows.student.get(row);
    if (seen.has(pair)) again.push(row);
    else seen.add(pair);
  }
  return again;
}
