/** Rows, as a reader hands on what a file says. */
import type { FileSays, SaidClass, SaidStudent } from '../../roster/file-says.js';
import type { RosterRow } from '../../roster/columns.js';
import { isFilter } from '../../roster/filter.js';
import { insideOf } from '../../roster/filter/inside.js';
import type { Counts } from '../../roster/read-roster.js';
import { stageRoster } from '../../store/staging.js';
import type { Db } from '../../store/db.js';
import type { RunRef, StagedCounts, StagedOutcome } from '../../store/types.js';
import type { FileRow } from './support.js';

/** Numbers things by their first mention, and remembers what was said last. */
function things<T>() {
  const all = new Map<string, T & { n: number; line: number }>();
  return {
    say: (key: string, said: T, at: number): T & { n: number; line: number } => {
      const { n, line } = all.get(key) ?? { n: all.size * 3 + 1, line: at };
      const thing = { ...all.get(key), ...said, n, line };
      all.set(key, thing);
      return thing;
    },
    all: () => all.values(),
  };
}

type Person = Omit<SaidStudent, 'n' | 'line' | 'schools' | 'gradeLevel'>;

/** What the accepted ones of these rows say. No two of them may disagree. */
export function saysOf(accepted: readonly RosterRow[]): FileSays {
  const schools = things<{ schoolId: string; name: string }>();
  const classes = things<Pick<SaidClass, 'classId' | 'name' | 'school'>>();
  const teachers = things<Person>();
  const students = things<Person & { gradeLevel: string | null }>();
  const members = new Map<string, { teachers: Set<number>; students: Set<number>; rows: number }>();
  const schoolsOf = new Map<string, Map<string, number>>();
  const at = (
    email: string,
    id: string,
    n: number,
  ): { school: number; schools: number[] | null } => {
    const all = (schoolsOf.get(email) ?? new Map<string, number>()).set(id, n);
    schoolsOf.set(email, all);
    const numbers = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, number]) => number);
    return { school: numbers[0]!, schools: numbers.length > 1 ? numbers : null };
  };
  for (const [index, row] of accepted.entries()) {
    const line = index + 2;
    const named = { schoolId: row.schoolId, name: row.schoolName };
    const school = schools.say(row.schoolId, named, line);
    const cls = { classId: row.classId, name: row.className, school: school.n };
    classes.say(row.classId, cls, line);
    const teacher = teachers.say(
      row.teacherEmail,
      {
        email: row.teacherEmail,
        firstName: row.teacherFirstName,
        lastName: row.teacherLastName,
        ...at(`t ${row.teacherEmail}`, row.schoolId, school.n),
      },
      line,
    );
    const known = [...students.all()].find(({ email }) => email === row.studentEmail);
    const student = students.say(
      row.studentEmail,
      {
        email: row.studentEmail,
        firstName: row.studentFirstName,
        lastName: row.studentLastName,
        gradeLevel: row.studentGradeLevel ?? known?.gradeLevel ?? null,
        ...at(`s ${row.studentEmail}`, row.schoolId, school.n),
      },
      line,
    );
    const of = members.get(row.classId) ?? { teachers: new Set(), students: new Set(), rows: 0 };
    members.set(row.classId, of);
    of.teachers.add(teacher.n);
    of.students.add(student.n);
    of.rows += 1;
  }
  return {
    schools: () => schools.all(),
    teachers: () => [...teachers.all()].map((one) => ({ schools: null, ...one })),
    students: () => [...students.all()].map((one) => ({ schools: null, ...one })),
    *classes() {
      for (const one of classes.all()) {
        const of = members.get(one.classId)!;
        const { rows } = of;
        yield { ...one, rows, teachers: [...of.teachers], students: [...of.students] };
      }
    },
    rejected: () => [],
  };
}

const NOTHING_FOUND = { findings: [], totals: { errors: 0, warnings: 0, notes: 0 } };

export const outcomeOf = (
  rows: readonly FileRow[],
  more: Partial<StagedOutcome> = {},
): StagedOutcome => {
  const accepted = rows.filter((one): one is RosterRow => !('rejected' in one));
  const all = saysOf(accepted);
  const { filter = {} } = more.reading ?? {};
  const inside = isFilter(filter) ? insideOf(all, countsOf(all), filter) : null;
  return {
    rows: rows.length,
    accepted: accepted.length,
    says: inside?.says ?? all,
    filtered: inside,
    ...NOTHING_FOUND,
    ...more,
  };
};

function countsOf(says: FileSays): Counts {
  const size = (all: Iterable<unknown>): number => [...all].length;
  const pairs = (of: (one: SaidClass) => number): number =>
    [...says.classes()].reduce((sum, one) => sum + of(one), 0);
  return {
    schools: size(says.schools()),
    teachers: size(says.teachers()),
    classes: size(says.classes()),
    students: size(says.students()),
    classTeachers: pairs(({ teachers }) => teachers.length),
    enrollments: pairs(({ students }) => students.length),
  };
}

/** Stages these rows, as the reader's sink and its answer would. */
export const stageRows = (
  db: Db,
  ref: RunRef,
  rows: readonly FileRow[],
  more: Partial<StagedOutcome> = {},
): Promise<StagedCounts | null> =>
  stageRoster(db, ref, async (reject) => {
    for (const [n, one] of rows.entries()) {
      if ('rejected' in one) await reject(one.rejected, n + 2);
    }
    return outcomeOf(rows, more);
  });
