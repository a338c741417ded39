/** What a file says of the classes inside a filter: as if it had no rows of the others. */
import type { FileSays, SaidClass } from '../file-says.js';
import { filterTest, type RosterFilter } from '../filter.js';
import type { Counts } from '../reading/gather.js';
import { Ints } from '../reading/ints.js';
import { unknownEntries, type UnknownEntry } from './unknown.js';

/**
 * How each class of the accepted rows fares. `no-teacher`: only for want of a teacher, so another
 * row of it could have let it in.
 */
export type Verdict = 'inside' | 'outside' | 'no-teacher';

export interface Outside {
  /** Accepted rows of the classes outside. */
  readonly rows: number;
  /** Of each kind those who are in no class inside. */
  readonly counts: Counts;
}
/** What the filter of a reading did. */
export interface Filtered {
  readonly outside: Outside;
  /** On each class of the accepted rows, by id. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Entries of the filter that match nothing in the file. */
  readonly unknown: readonly UnknownEntry[];
}
export interface Inside extends Filtered {
  readonly says: FileSays;
  readonly counts: Counts;
}

/** @param counts of all that the file says */
export function insideOf(says: FileSays, counts: Counts, filter: RosterFilter): Inside {
  const judge = judgeOf(says, filter);
  const schools = schoolIds(says);
  const verdicts = new Map<string, Verdict>();
  const inside = new Set<number>();
  const taught = new Set<number>();
  const teachers = places(schools);
  const students = places(schools);
  let [rows, classTeachers, enrollments] = [0, 0, 0];
  for (const one of says.classes()) {
    const verdict = judge(one);
    verdicts.set(one.classId, verdict);
    if (verdict !== 'inside') {
      rows += one.rows;
      continue;
    }
    inside.add(one.n);
    taught.add(one.school);
    for (let at = 0; at < one.teachers.length; at++) teachers.put(one.teachers[at]!, one.school);
    for (let at = 0; at < one.students.length; at++) students.put(one.students[at]!, one.school);
    classTeachers += one.teachers.length;
    enrollments += one.students.length;
  }
  const kept: Counts = {
    schools: taught.size,
    teachers: teachers.count(),
    classes: inside.size,
    students: students.count(),
    classTeachers,
    enrollments,
  };
  return {
    says: {
      schools: (wanted) => only(says.schools(wanted), ({ n }) => taught.has(n)),
      classes: () => only(says.classes(), ({ n }) => inside.has(n)),
      teachers: (wanted) => placed(says.teachers(wanted), teachers),
      students: (wanted) => placed(says.students(wanted), students),
      rejected: () => says.rejected(),
    },
    counts: kept,
    outside: { rows, counts: less(counts, kept) },
    verdicts,
    unknown: unknownEntries(says, filter),
  };
}

/** Each school and teacher is looked at once, not once a class. */
function judgeOf(says: FileSays, filter: RosterFilter): (one: SaidClass) => Verdict {
  const { passes, asks } = filterTest(filter);
  const goodSchools = new Set<number>();
  for (const { n, schoolId } of says.schools()) if (passes('schools', schoolId)) goodSchools.add(n);
  const goodTeachers = new Set<number>();
  if (asks('teachers')) {
    for (const { n, email } of says.teachers()) if (passes('teachers', email)) goodTeachers.add(n);
  }
  return ({ school, classId, name, teachers }) => {
    if (!goodSchools.has(school)) return 'outside';
    if (!passes('classes', classId) || !passes('classNames', name)) return 'outside';
    const isTaught = !asks('teachers') || teachers.some((one) => goodTeachers.has(one));
    return isTaught ? 'inside' : 'no-teacher';
  };
}

function schoolIds(says: FileSays): (n: number) => string {
  const ids = new Map<number, string>();
  for (const { n, schoolId } of says.schools()) ids.set(n, schoolId);
  return (n) => ids.get(n)!;
}

interface Placed {
  readonly school: number;
  readonly schools: readonly number[] | null;
}
interface Places {
  put(person: number, school: number): void;
  /** Null: in no class inside. */
  of(person: number): Placed | null;
  count(): number;
}

/** A person's schools are those of the classes that are left. */
function places(idOf: (school: number) => string): Places {
  const one = new Ints(-1);
  const several = new Map<number, Set<number>>();
  let count = 0;
  return {
    put: (person, school) => {
      const known = one.get(person);
      if (known === school) return;
      if (known === -1) {
        one.set(person, school);
        count += 1;
        return;
      }
      several.set(person, (several.get(person) ?? new Set([known])).add(school));
    },
    of: (person) => {
      const school = one.get(person);
      if (school === -1) return null;
      const all = several.get(person);
      if (all === undefined) return { school, schools: null };
      const schools = [...all].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
      return { school: schools[0]!, schools };
    },
    count: () => count,
  };
}

function* placed<T extends { readonly n: number }>(
  all: Iterable<T>,
  at: Places,
): Generator<T & Placed> {
  for (const one of all) {
    const place = at.of(one.n);
    if (place !== null) yield { ...one, ...place };
  }
}

function* only<T>(all: Iterable<T>, isKept: (one: T) => boolean): Generator<T> {
  for (const one of all) if (isKept(one)) yield one;
}

const less = (all: Counts, some: Counts): Counts => ({
  schools: all.schools - some.schools,
  teachers: all.teachers - some.teachers,
  classes: all.classes - some.classes,
  students: all.students - some.students,
  classTeachers: all.classTeachers - some.classTeachers,
  enrollments: all.enrollments - some.enrollments,
});
