import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../roster/columns.js';
import {
  canonicalFilter,
  FILTER_KINDS,
  filterTest,
  isFilter,
  type RosterFilter,
} from '../../roster/filter.js';
import { rejectedOutside, type RejectedGroup } from '../../roster/filter/rejected.js';
import type { Verdict } from '../../roster/filter/inside.js';
import type { FileSays } from '../../roster/file-says.js';
import { readRoster } from '../../roster/read-roster.js';
import type { Gone } from '../../roster/says-delta.js';
import { readSnapshot, type Snapshot } from '../../roster/snapshot.js';
import { cells, file, line, listed, pieces, read, readOk, student } from './reading.js';
import type { ListedRead } from './reading.js';

type Row = Record<Column, string>;

const SCHOOLS = ['001', '002', '01'];
const TEACHERS = ['tara', 'theo', 'tess'].map((name) => `${name}@district.example`);
/** A class has one name and one school, so that no two rows disagree. */
const CLASSES = [
  { id: 'SCI-1', name: 'Science 7', school: '001' },
  { id: 'SCI-2', name: 'SCIENCE 8', school: '002' },
  { id: 'MAT-1', name: 'Maths', school: '001' },
  { id: 'mat-1', name: 'Maths', school: '01' },
  { id: 'ART', name: 'Art and Science', school: '002' },
];
const anyRow: fc.Arbitrary<Row> = fc
  .record({
    cls: fc.constantFrom(...CLASSES),
    teacher: fc.constantFrom(...TEACHERS),
    student: fc.constantFrom('al', 'bo', 'cy', 'di', 'ed'),
  })
  .map(({ cls, teacher, student: name }) =>
    cells({
      school_id: cls.school,
      school_name: `School ${cls.school}`,
      class_id: cls.id,
      class_name: cls.name,
      teacher_email: teacher,
      teacher_first_name: teacher.slice(0, 4),
      student_first_name: name,
      student_email: `${name}@students.example`,
    }),
  );
const anyEntries = fc.record(
  {
    schools: fc.subarray([...SCHOOLS, '0*', '*2', '9']),
    classes: fc.subarray([...CLASSES.map(({ id }) => id), 'SCI-*', '*-1', 'M*T*1']),
    classNames: fc.subarray(['science 7', 'Science*', '*science*', 'MATHS', '*']),
    teachers: fc.subarray([...TEACHERS, 't?*', '*@district.example', 'tess*']),
  },
  { requiredKeys: [] },
);
/** Of many lists hardly anything is left, so mostly there is one. */
const anyFilter: fc.Arbitrary<RosterFilter> = fc.oneof(
  fc.record({ only: anyEntries, without: anyEntries }, { requiredKeys: [] }),
  fc
    .tuple(fc.constantFrom('only', 'without'), fc.constantFrom(...FILTER_KINDS), anyEntries)
    .map(([list, kind, entries]) => ({ [list]: { [kind]: entries[kind] ?? [] } })),
);

/** The rule of the feature, said another way: by rows, and with regular expressions. */
function rowsInside(rows: readonly Row[], { only = {}, without = {} }: RosterFilter): Row[] {
  const isIn = (entries: readonly string[], value: string, flags: string): boolean =>
    entries.some((entry) => {
      const parts = entry.split('*').map((part) => part.replace(/[.?+^$()|[\]{}\\]/g, '\\$&'));
      return new RegExp(`^${parts.join('.*')}$`, flags).test(value);
    });
  const passes = (kind: keyof typeof only, value: string, flags = ''): boolean =>
    (!only[kind]?.length || isIn(only[kind], value, flags)) &&
    !isIn(without[kind] ?? [], value, flags);
  const isKept = (cls: string): boolean => {
    const all = rows.filter((row) => row.class_id === cls);
    return (
      passes('schools', all[0]!.school_id) &&
      passes('classes', cls) &&
      passes('classNames', all[0]!.class_name, 'i') &&
      all.some((row) => passes('teachers', row.teacher_email))
    );
  };
  return rows.filter((row) => isKept(row.class_id));
}

const textOf = (rows: readonly Row[]): string => file(...rows.map((row) => line(row)));

/** What is said, without numbers and lines, which are places in the file. */
function plainly({ says, counts }: Pick<ListedRead, 'says' | 'counts'>) {
  const schools = new Map(says.schools.map(({ n, schoolId }) => [n, schoolId]));
  const emails = (all: readonly { n: number; email: string }[]) =>
    new Map(all.map(({ n, email }) => [n, email]));
  const [teachers, students] = [emails(says.teachers), emails(says.students)];
  const person = <T extends ListedRead['says']['teachers'][number]>({ n, ...one }: T) => ({
    ...one,
    line: 0,
    school: schools.get(one.school),
    schools: one.schools?.map((school) => schools.get(school)) ?? null,
    known: n >= 0,
  });
  const byText = (all: readonly unknown[]): string[] =>
    all.map((one) => JSON.stringify(one)).sort();
  return {
    counts,
    schools: byText(says.schools.map(({ schoolId, name }) => [schoolId, name])),
    teachers: byText(says.teachers.map(person)),
    students: byText(says.students.map(person)),
    classes: byText(
      says.classes.map((one) => ({
        ...one,
        ...{ n: 0, line: 0, school: schools.get(one.school) },
        teachers: [...one.teachers].map((n) => teachers.get(n) ?? '').sort(),
        students: [...one.students].map((n) => students.get(n) ?? '').sort(),
      })),
    ),
  };
}

describe('what a file says inside a filter', () => {
  it('is what a file with the rows of those classes alone says', async () => {
    let refusals = 0;
    let parts = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { minLength: 1, maxLength: 14 }),
        anyFilter,
        async (rows, filter) => {
          const inside = rowsInside(rows, filter);
          const { result } = await read(textOf(rows), { filter });
          if (inside.length === 0) {
            refusals += 1;
            expect(result).toMatchObject({ ok: false, problem: 'FILTER_EMPTY' });
            return;
          }
          if (!result.ok) throw new Error(`refused: ${result.problem}`);
          if (inside.length < rows.length) parts += 1;
          const { result: alone } = await readOk(textOf(inside));
          expect(plainly(result)).toEqual(plainly(alone));
          expect(result.accepted).toBe(rows.length);
          const { result: all } = await readOk(textOf(rows));
          const outside = result.filtered?.outside;
          expect(outside?.rows ?? 0).toBe(rows.length - inside.length);
          for (const kind of ['schools', 'students', 'enrollments'] as const) {
            expect(result.counts[kind] + (outside?.counts[kind] ?? 0)).toBe(all.counts[kind]);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(refusals).toBeGreaterThan(5);
    expect(parts).toBeGreaterThan(20);
  });

  it('costs and says nothing where no filter is set', async () => {
    const text = file(student('al'), student('bo', { class_id: '008' }));
    for (const filter of [{}, { only: {}, without: { schools: [] } }]) {
      const { result } = await readOk(text, { filter });
      expect(result.filtered).toBeNull();
      expect(result.counts.classes).toBe(2);
    }
  });

  it('is about accepted rows; a file without any is not refused for the filter', async () => {
    const { result } = await readOk(file(line({ student_email: 'nobody' })), {
      filter: { only: { schools: ['9'] } },
    });
    expect(result).toMatchObject({ accepted: 0, rejected: 1 });
  });
});

it('differs from the file before by what either had inside', async () => {
  const lastRows = fc.array(anyRow, { minLength: 1, maxLength: 14 });
  const reading = async (rows: readonly Row[], filter: RosterFilter, snapshot?: Snapshot) => {
    const before = snapshot === undefined ? null : { snapshot, isAll: true };
    const bytes = pieces(new TextEncoder().encode(textOf(rows)));
    const result = await readRoster(bytes, () => undefined, { filter, before });
    return result.ok ? result : null;
  };
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(lastRows, lastRows, anyFilter, anyFilter, async (rows, next, was, is) => {
      const first = await reading(rows, was);
      if (first === null) return;
      const snapshot = readSnapshot(Buffer.concat([...first.snapshot()]))!;
      const [second, fresh] = [await reading(next, is, snapshot), await reading(next, is)];
      if (second === null || fresh === null) {
        expect(second).toBe(fresh);
        return;
      }
      compared += 1;
      expect(plainly({ ...second, says: listed(second.says) })).toEqual(
        plainly({ ...fresh, says: listed(fresh.says) }),
      );
      const { says, gone } = second.difference()!;
      const left = new Set([...keysOf(first.says)].filter((key) => !goneKeys(gone).has(key)));
      expect(new Set([...left, ...keysOf(says)])).toEqual(keysOf(second.says));
    }),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(20);
});

/** Everything that is said, as texts: `class SCI-1`, `SCI-1 has al@students.example`. */
function keysOf(says: FileSays): Set<string> {
  const { schools, teachers, classes, students } = listed(says);
  const email = (all: readonly { n: number; email: string }[], n: number) =>
    all.find((one) => one.n === n)?.email;
  return new Set([
    ...schools.map(({ schoolId }) => `school ${schoolId}`),
    ...[...teachers, ...students].map((one) => `person ${one.email}`),
    ...classes.map(({ classId }) => `class ${classId}`),
    ...classes.flatMap(({ classId, ...one }) => [
      ...one.teachers.map((n) => `${classId} has ${email(teachers, n)}`),
      ...one.students.map((n) => `${classId} has ${email(students, n)}`),
    ]),
  ]);
}
const goneKeys = (gone: Gone): Set<string> =>
  new Set([
    ...gone.schools.map((key) => `school ${key}`),
    ...[...gone.teachers, ...gone.students].map((key) => `person ${key}`),
    ...gone.classes.map((key) => `class ${key}`),
    ...[...gone.classTeachers, ...gone.enrollments].map(([cls, who]) => `${cls} has ${who}`),
  ]);

it('names the entries that nothing in the file matches', async () => {
  const text = file(student('al'), student('bo', { class_id: '008', class_name: 'Art' }));
  const filter: RosterFilter = {
    only: { schools: ['12', '0012', '9*'], classNames: ['SCIENCE 7', 'science 8'] },
    without: { teachers: ['grace.kim@district.exmaple', '*kim@nowhere'], classes: ['008', '0*9'] },
  };
  const { result } = await readOk(text, { filter });
  expect(result.filtered?.unknown.map(({ list, entry }) => `${list} ${entry}`)).toEqual([
    'only 12',
    'only 9*',
    'without 0*9',
    'only science 8',
    'without grace.kim@district.exmaple',
    'without *kim@nowhere',
  ]);
});

describe('an entry', () => {
  const passes = (only: string, value: string, kind: 'classes' | 'classNames' = 'classes') =>
    filterTest({ only: { [kind]: [only] } }).passes(kind, value);

  it.each([
    ['SCI-*', 'SCI-', true],
    ['SCI-*', 'xSCI-1', false],
    ['*-7', '7-7', true],
    ['a*a', 'a', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['*ab*ab', 'ab', false],
    ['**', '', true],
    ['a.c', 'abc', false],
    ['sci', 'SCI', false],
  ])('%s lets %s through: %s', (entry, value, expected) => {
    expect(passes(entry, value)).toBe(expected);
  });

  it('of a class’s name is the same in capitals, and takes names as they are', () => {
    expect(passes('science 7*', 'SCIENCE 7 (B)', 'classNames')).toBe(true);
    expect(passes('Science 7', 'Science 77', 'classNames')).toBe(false);
  });

  it('with many stars ends at once', () => {
    expect(passes(`${'a*'.repeat(50)}b`, 'a'.repeat(100))).toBe(false);
  });
});

it('a filter has one form, whatever order its entries came in', () => {
  expect(
    canonicalFilter({ without: { schools: [] }, only: { classes: ['b', 'a', 'b'], schools: [] } }),
  ).toEqual({ only: { classes: ['a', 'b'] } });
  expect(canonicalFilter({ only: {}, without: {} })).toEqual({});
  expect(isFilter({ only: { teachers: [] } })).toBe(false);
  expect(isFilter({ without: { teachers: ['t@d.example'] } })).toBe(true);
});

describe('a rejected row protects unless it is surely outside', () => {
  const filter: RosterFilter = {
    only: { schools: ['1'], classNames: ['Science*'], teachers: ['in@t.example'] },
    without: { classes: ['S-9'] },
  };
  const group = (change: Partial<RejectedGroup>): RejectedGroup => ({
    schoolId: '1',
    classId: 'S-1',
    className: 'Science 1',
    teacherEmail: 'in@t.example',
    ...change,
  });
  const judged = (groups: readonly RejectedGroup[], verdicts: Record<string, Verdict> = {}) => {
    const { outside, doubtful } = rejectedOutside(
      groups,
      filter,
      new Map(Object.entries(verdicts)),
    );
    return { outside: outside.map((one) => groups.indexOf(one)), doubtful };
  };
  const STAYS = { outside: [], doubtful: [] };
  const GOES = { outside: [0], doubtful: [] };

  it.each<[string, Partial<RejectedGroup>, boolean]>([
    ['all of it is inside', {}, true],
    ['nothing of it can be read', { schoolId: null, classId: null, className: null }, true],
    ['its school is outside', { schoolId: '2' }, false],
    ['its school is outside and its class lost', { schoolId: '2', classId: null }, false],
    ['its class is outside by its id', { classId: 'S-9' }, false],
    ['its class is outside by its name', { className: 'Art' }, false],
    ['its name is outside and its class lost', { className: 'Art', classId: null }, false],
    ['its teacher is outside', { teacherEmail: 'out@t.example' }, false],
    ['its teacher is lost', { teacherEmail: null }, true],
    [
      'its teacher is outside and its class lost: the class may have another',
      { teacherEmail: 'out@t.example', classId: null },
      true,
    ],
  ])('where %s', (_, change, stays) => {
    expect(judged([group(change)])).toEqual(stays ? STAYS : GOES);
  });

  it('where its class has good rows, as those have it', () => {
    const odd = group({ schoolId: null, className: null, teacherEmail: 'out@t.example' });
    expect(judged([odd], { 'S-1': 'inside' })).toEqual(STAYS);
    expect(judged([group({})], { 'S-1': 'outside' })).toEqual(GOES);
    expect(judged([odd], { 'S-1': 'no-teacher' })).toEqual(GOES);
  });

  it('where one of its class may be inside, so may all', () => {
    const rows = [group({ schoolId: '2' }), group({}), group({ classId: 'S-2', schoolId: '2' })];
    expect(judged(rows)).toEqual({ outside: [2], doubtful: [] });
  });

  it('leaves a class in doubt whose missing teacher may stand on it', () => {
    for (const teacherEmail of [null, 'in@t.example']) {
      expect(judged([group({ teacherEmail })], { 'S-1': 'no-teacher' })).toEqual({
        outside: [],
        doubtful: ['S-1'],
      });
    }
  });
});
