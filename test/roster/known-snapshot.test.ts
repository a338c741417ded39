/** Rules compare with a snapshot as they do with the same roster out of the store. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRoster } from '../../roster/read-roster.js';
import type { ReadOptions, RosterRead } from '../../roster/read-roster.js';
import { readSnapshot } from '../../roster/snapshot.js';
import { known } from './known.js';
import { asLists, file, line, listed, pieces } from './reading.js';

const NAMES = ['Ana', 'Ito', 'Kim', 'Zoë', 'Bo', 'Cy', 'Dee'] as const;
const nameOf = (n: number): string => NAMES[n % NAMES.length]!;

interface Night {
  readonly students: readonly number[];
  readonly zeros: boolean;
  readonly firstNames: number;
  readonly grades: number;
  readonly swapped: number;
  readonly schools: number;
  readonly ids: string;
}
const ALL = Array.from({ length: 60 }, (_, n) => n);
const PLAIN: Night = {
  students: ALL,
  zeros: true,
  firstNames: 0,
  grades: 0,
  swapped: -1,
  schools: 2,
  ids: 'C',
};

/** Everything follows from the student's number, but for what a night does to all or to a few. */
const textOf = ({ students, zeros, firstNames, grades, swapped, schools, ids }: Night): string =>
  file(
    ...[...new Set(students)].map((n) => {
      const [first, last] = [nameOf(n + firstNames), nameOf(n * 3 + 1)];
      const isSwapped = n <= swapped;
      const school = n % schools;
      return line({
        school_id: `${zeros ? '00' : ''}${school + 1}`,
        school_name: `School ${school}`,
        class_id: `${ids}${n % 3}`,
        class_name: `Class ${n % 3}`,
        student_email: `s${n}@s.example`,
        student_first_name: isSwapped ? last : first,
        student_last_name: isSwapped ? first : last,
        student_grade_level: String(1 + ((n + grades) % 5)),
      });
    }),
  );
const night: fc.Arbitrary<string> = fc
  .record({
    students: fc.oneof(fc.constant(ALL), fc.array(fc.nat(60), { minLength: 6, maxLength: 60 })),
    zeros: fc.boolean(),
    firstNames: fc.constantFrom(0, 0, 1),
    grades: fc.constantFrom(0, 0, 1, 3),
    swapped: fc.oneof(fc.constant(-1), fc.nat(3), fc.constant(50)),
    schools: fc.constantFrom(2, 2, 3),
    ids: fc.constantFrom('C', 'C', '1.2E+1', 'Feb-1'),
  })
  .map(textOf);
/** What each rule that compares is there for. */
const CASES = [
  { students: ALL.slice(0, 6) },
  { zeros: false },
  { firstNames: 1 },
  { swapped: 2 },
].map((change): [string, string] => [textOf(PLAIN), textOf({ ...PLAIN, ...change })]);

async function reading(text: string, options: ReadOptions = {}): Promise<RosterRead | null> {
  const bytes = pieces(new TextEncoder().encode(text));
  const read = await readRoster(bytes, () => undefined, options);
  return read.ok ? read : null;
}

/** What the store would tell of a roster that stands as this file says. */
function storeOf({ says }: RosterRead) {
  const { schools, teachers, classes, students } = listed(says);
  const inSchool = (n: number): number =>
    new Set(classes.filter(({ school }) => school === n).flatMap((one) => one.students)).size;
  return known({
    schools: schools.map(({ n, schoolId: id, name }) => ({ id, name, students: inSchool(n) })),
    classes: classes.map((one) => ({
      id: one.classId,
      name: one.name,
      students: one.students.length,
    })),
    teachers,
    students: students.map((one) => ({ ...one, gradeLevel: one.gradeLevel ?? '' })),
  });
}

it('finds the same in a file beside a snapshot and beside the store', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(night, night, async (first, second) => {
      const before = await reading(first);
      fc.pre(before !== null);
      const snapshot = readSnapshot(Buffer.concat([...before!.snapshot()]))!;
      const beside = await reading(second, { before: { snapshot, isAll: true } });
      const stored = await reading(second, { known: storeOf(before!) });
      expect(beside && asLists(beside)).toEqual(stored && asLists(stored));
      for (const { code } of beside?.findings ?? []) codes.add(code);
    }),
    { numRuns: 200, examples: CASES },
  );
  // Each rule that compares has found something, or nothing is shown.
  expect([...codes]).toEqual(
    expect.arrayContaining(['ID_ZEROS_LOST', 'COLUMN_SHIFTED', 'NAMES_SWAPPED', 'CLASS_SIZE']),
  );
});
