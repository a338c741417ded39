/**
 * How what a file says differs from what the last accepted one said: the cost of all that follows
 * is then that of the change, not of the file.
 */
import { COLUMNS } from './columns.js';
import type { KeyColumn } from './columns.js';
import type { FileSays, SaidClass } from './file-says.js';
import { membersOf } from './members.js';
import type { Members } from './members.js';
import { RULES } from './reading/cross-rows.js';
import type { ReadNumbers } from './reading/cross-rows.js';
import type { Renumbering } from './reading/renumber.js';
import { ROLE_OF } from './rules/marks.js';
import type { Role } from './rules/marks.js';
import { acceptedIn, acceptedOf } from './snapshot-side.js';
import type { Accepted } from './snapshot-side.js';
import type { Snapshot } from './snapshot.js';

/** What the last file said and this one does not, by natural keys. */
export interface Gone {
  readonly schools: readonly string[];
  readonly teachers: readonly string[];
  readonly classes: readonly string[];
  readonly students: readonly string[];
  /** Class id and address. */
  readonly classTeachers: readonly Pair[];
  readonly enrollments: readonly Pair[];
}
export type Pair = readonly [classId: string, email: string];

export interface SaysDelta {
  /**
   * What is new or different, and what that points at: classes have those people only who are
   * new in them.
   */
  readonly says: FileSays;
  readonly gone: Gone;
}

/** What has been read, to be compared with a file before. */
export interface Compared {
  readonly numbers: ReadNumbers;
  readonly says: FileSays;
  readonly renumbering: Renumbering;
}

export function saysDelta(before: Snapshot, now: Compared): SaysDelta {
  const { numbers, says, renumbering } = now;
  const sides: Sides = {
    before,
    numbers,
    renumbering,
    was: acceptedIn(before),
    is: acceptedNow(now),
  };
  const schools = compareThings(sides, 'school_id');
  const teachers = compareThings(sides, 'teacher_email');
  const classes = compareThings(sides, 'class_id');
  const students = compareThings(sides, 'student_email');
  const old = membersOf(sides.was);
  const taught = compareMembers(old.teachers, classes, teachers);
  const attended = compareMembers(old.students, classes, students);

  const touched = {
    schools: new Set(schools.changed),
    teachers: new Set(teachers.changed),
    students: new Set(students.changed),
  };
  const isChanged = new Set(classes.changed);
  const said: SaidClass[] = [];
  for (const one of says.classes()) {
    const [staff, members] = [
      taught.comers(one.n, one.teachers),
      attended.comers(one.n, one.students),
    ];
    if (!isChanged.has(one.n) && staff.length + members.length === 0) continue;
    said.push({ ...one, teachers: staff, students: members });
    touched.schools.add(one.school);
    for (const n of staff) touched.teachers.add(n);
    for (const n of members) touched.students.add(n);
  }
  const people = {
    teachers: pick(says.teachers(touched.teachers), touched.teachers),
    students: pick(says.students(touched.students), touched.students),
  };
  for (const { school, schools: all } of [...people.teachers, ...people.students]) {
    for (const one of all ?? [school]) touched.schools.add(one);
  }
  const pairs = (leavers: readonly Leaver[], column: KeyColumn): Pair[] =>
    leavers.map(([cls, who]) => [
      before.values[at('class_id')]![cls]!,
      before.values[at(column)]![who]!,
    ]);
  return {
    says: {
      schools: () => pick(says.schools(touched.schools), touched.schools),
      teachers: () => people.teachers,
      classes: () => said,
      students: () => people.students,
      rejected: () => says.rejected(),
    },
    gone: {
      schools: schools.gone,
      teachers: teachers.gone,
      classes: classes.gone,
      students: students.gone,
      classTeachers: pairs(taught.leavers(), 'teacher_email'),
      enrollments: pairs(attended.leavers(), 'student_email'),
    },
  };
}

function acceptedNow({ numbers: { tables, rows }, says }: Compared): Accepted {
  const size = (column: KeyColumn): number => tables[at(column)]!.size();
  const counts = new Int32Array(size('class_id'));
  for (const { n } of says.classes()) counts[n] = 1;
  const flat = {
    school: rows.school.flat(),
    teacher: rows.teacher.flat(),
    class: rows.class.flat(),
    student: rows.student.flat(),
    line: rows.line.flat(),
  };
  const sizes = {
    school: size('school_id'),
    teacher: size('teacher_email'),
    class: size('class_id'),
    student: size('student_email'),
  };
  return acceptedOf(flat, sizes, counts);
}

const at = (column: KeyColumn): number => COLUMNS.indexOf(column);

function pick<T extends { readonly n: number }>(
  all: Iterable<T>,
  wanted: ReadonlySet<number>,
): T[] {
  return wanted.size === 0 ? [] : [...all].filter(({ n }) => wanted.has(n));
}

interface Sides {
  readonly before: Snapshot;
  readonly numbers: ReadNumbers;
  readonly renumbering: Renumbering;
  readonly was: Accepted;
  readonly is: Accepted;
}

interface Comparison {
  /** The old number of a key → its number now, or -1 if no accepted row has it any more. */
  now(old: number): number;
  /** The number now → the old one, or -1. */
  old(now: number): number;
  /** Numbers of keys that are new, or of which something else is said. */
  readonly changed: readonly number[];
  /** Keys that are not there any more. */
  readonly gone: readonly string[];
}

function compareThings(sides: Sides, column: KeyColumn): Comparison {
  const { before, numbers, renumbering, was, is } = sides;
  const role: Role = ROLE_OF[column];
  const values = before.values[at(column)]!;
  const attributes = RULES.flatMap((rule, n) =>
    rule.key === column
      ? [{ column: COLUMNS.indexOf(rule.attribute), was: before.first[n]!, is: numbers.first[n]! }]
      : [],
  );
  const isSame = (old: number, now: number): boolean => {
    for (const { column: attribute, was: then, is: today } of attributes) {
      const [said, says] = [then[old]!, today.get(now)];
      if (said < 0 || says < 0 ? said !== says : renumbering.find(attribute, said) !== says) {
        return false;
      }
    }
    return true;
  };
  const toNow = new Int32Array(values.length).fill(-1);
  const toOld = new Int32Array(numbers.tables[at(column)]!.size()).fill(-1);
  const changed: number[] = [];
  const gone: string[] = [];
  for (let old = 0; old < toNow.length; old++) {
    if (was.has[role][old] !== 1) continue;
    const now = renumbering.find(at(column), old);
    if (now < 0 || is.has[role][now] !== 1) {
      gone.push(values[old]!);
      continue;
    }
    toNow[old] = now;
    toOld[now] = old;
    if (!isSame(old, now)) changed.push(now);
  }
  for (let now = 0; now < toOld.length; now++) {
    if (is.has[role][now] === 1 && toOld[now]! < 0) changed.push(now);
  }
  return { now: (old) => toNow[old]!, old: (now) => toOld[now]!, changed, gone };
}

type Leaver = readonly [cls: number, who: number];

interface Movement {
  /** Who of these members of a class was not in it before; to be asked once of each class. */
  comers(cls: number, members: ArrayLike<number>): number[];
  /** Old numbers of a class and of who is not in it any more, when all classes were asked about. */
  leavers(): readonly Leaver[];
}

function compareMembers(before: Members, classes: Comparison, people: Comparison): Movement {
  const leavers: Leaver[] = [];
  const isAsked = new Uint8Array(before.classes);
  /** By a person's number now: one more than the class in which they were seen last. */
  let stands = new Int32Array(1024);
  const put = (who: number, value: number): void => {
    if (who >= stands.length) {
      const more = new Int32Array(who * 2);
      more.set(stands);
      stands = more;
    }
    stands[who] = value;
  };
  return {
    comers: (cls, members) => {
      for (let n = 0; n < members.length; n++) put(members[n]!, cls + 1);
      const old = classes.old(cls);
      let same = 0;
      if (old >= 0) {
        isAsked[old] = 1;
        for (const who of before.of(old)) {
          const now = people.now(who);
          if (now >= 0 && stands[now] === cls + 1) {
            stands[now] = 0;
            same += 1;
          } else leavers.push([old, who]);
        }
      }
      if (same === members.length) return [];
      return Array.from(members).filter((who) => stands[who] === cls + 1);
    },
    leavers: () => {
      for (let old = 0; old < before.classes; old++) {
        if (isAsked[old] === 0) for (const who of before.of(old)) leavers.push([old, who]);
      }
      return leavers;
    },
  };
}
