/** One test for each line of the table in store/plan/renames.ts, and for what it leaves alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import { getPlan } from '../../store/read/plan.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict, night, plan, rejected, row, views, type FileRow } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const WHO = ['ann', 'bob', 'cid', 'dee', 'eli'];
/** Two classes of five at school A, one of five others at B. */
const FILE: readonly RosterRow[] = [
  ...WHO.map((who) => row('A', 'tina', 'a1', who)),
  ...WHO.map((who) => row('A', 'theo', 'a2', who)),
  ...['fay', 'gil', 'hal', 'ida', 'jon'].map((who) => row('B', 'uma', 'b1', who)),
];
const change = (
  of: (one: RosterRow) => boolean,
  to: (one: RosterRow) => Partial<RosterRow>,
): RosterRow[] => FILE.map((one) => (of(one) ? { ...one, ...to(one) } : one));
const email = (who: string) => (one: RosterRow) => one.studentEmail === `${who}@s.example`;

type View = keyof Awaited<ReturnType<typeof views>>;
const idOf = async (view: View, column: string, key: string): Promise<unknown> =>
  (await views(test.db, district))[view].find((one) => one[column] === key)?.['id'];

/** The plan of a night after FILE, held limits by name. */
async function after(file: readonly FileRow[]) {
  const made = await plan(test.db, district, file);
  return { ...made, held: made.plan.held.map(({ limit, value }) => `${limit} ${value}`) };
}
const NOTHING = { added: 0, changed: 0, reactivated: 0, deactivated: 0 };
const ONE = { ...NOTHING, changed: 1 };

describe('another key of the same thing', () => {
  beforeEach(() => night(test.db, district, FILE));

  it('is seen of a student by names, grade and classes; id and classes stay', async () => {
    const id = await idOf('students', 'email', 'ann@s.example');
    const file = change(email('ann'), () => ({ studentEmail: 'ann.lee@s.example' }));
    const { plan: made } = await night(test.db, district, file);
    expect(made.changes).toMatchObject({ students: ONE, enrollments: NOTHING });
    expect(await idOf('students', 'email', 'ann.lee@s.example')).toBe(id);
    expect(await idOf('students', 'email', 'ann@s.example')).toBeUndefined();
    expect((await after(file)).plan.changes.students).toEqual(NOTHING);
  });

  it('is seen of a student who goes up a grade, and not of one who skips two', async () => {
    const up = (grade: '6' | '8') =>
      change(email('ann'), () => ({ studentEmail: 'new@s.example', studentGradeLevel: grade }));
    expect((await after(up('6'))).plan.changes.students).toEqual(ONE);
    expect((await after(up('8'))).plan.changes.students).toEqual({
      ...NOTHING,
      added: 1,
      deactivated: 1,
    });
  });

  it('is seen of a teacher by names and classes', async () => {
    const id = await idOf('teachers', 'email', 'tina@t.example');
    const file = change(
      (one) => one.teacherEmail === 'tina@t.example',
      () => ({ teacherEmail: 't.ina@t.example' }),
    );
    const { plan: made } = await night(test.db, district, file);
    expect(made.changes).toMatchObject({ teachers: ONE, classTeachers: NOTHING });
    expect(await idOf('teachers', 'email', 't.ina@t.example')).toBe(id);
  });

  it('is seen of a class by its school, a teacher and most students', async () => {
    const id = await idOf('classes', 'class_id', 'b1');
    const file = change(
      (one) => one.classId === 'b1',
      () => ({ classId: 'B-01', className: 'Biology' }),
    ).filter((one) => one.studentEmail !== 'jon@s.example');
    const { plan: made } = await night(test.db, district, file);
    expect(made.changes).toMatchObject({
      classes: ONE,
      classTeachers: NOTHING,
      enrollments: { ...NOTHING, deactivated: 1 },
    });
    expect(await idOf('classes', 'class_id', 'B-01')).toBe(id);
    expect((await views(test.db, district)).classes).toContainEqual(
      expect.objectContaining({ class_id: 'B-01', name: 'Biology', active: true }),
    );
  });

  it('is seen of two classes of the same people by their names', async () => {
    const both = change(
      (one) => one.schoolId === 'A',
      (one) => ({
        classId: `new-${one.classId}`,
        teacherEmail: 'tina@t.example',
        teacherFirstName: 'Tea tina',
        teacherLastName: 'Cher tina',
      }),
    );
    await night(
      test.db,
      district,
      both.map((one) => ({ ...one, classId: one.classId.replace('new-', '') })),
    );
    const ids = [await idOf('classes', 'class_id', 'a1'), await idOf('classes', 'class_id', 'a2')];
    const { plan: made } = await night(test.db, district, both);
    expect(made.changes.classes).toEqual({ ...NOTHING, changed: 2 });
    expect([
      await idOf('classes', 'class_id', 'new-a1'),
      await idOf('classes', 'class_id', 'new-a2'),
    ]).toEqual(ids);
    // Without the names it could be either.
    const neither = both.map((one) => ({
      ...one,
      classId: one.schoolId === 'A' ? `x${one.classId}` : one.classId,
      className: one.schoolId === 'A' ? 'Other' : one.className,
    }));
    const unclear = await after(neither);
    expect(unclear.plan.changes.classes).toEqual({ ...NOTHING, added: 2, deactivated: 2 });
    expect(unclear.held).toContain('classes-unclear 2');
  });

  it('is seen of a school by its name and classes', async () => {
    const id = await idOf('schools', 'school_id', 'B');
    const file = change(
      (one) => one.schoolId === 'B',
      () => ({ schoolId: '00B' }),
    );
    const { plan: made } = await night(test.db, district, file);
    expect(made.changes).toMatchObject({ schools: ONE, classes: NOTHING, students: NOTHING });
    expect(await idOf('schools', 'school_id', '00B')).toBe(id);
    expect((await views(test.db, district)).classes).toContainEqual(
      expect.objectContaining({ class_id: 'b1', school_id: '00B' }),
    );
  });

  it('is seen of all at once', async () => {
    const before = await views(test.db, district);
    const file = FILE.map((one) => ({
      ...one,
      studentEmail: one.studentEmail.replace('@s', '@new.s'),
      teacherEmail: one.teacherEmail.replace('@t', '@new.t'),
    }));
    const { plan: made } = await night(test.db, district, file);
    expect(made.changes).toMatchObject({ enrollments: NOTHING, classTeachers: NOTHING });
    const { renamed } = await getPlan(test.db, district);
    expect(renamed).toEqual({ schools: 0, teachers: 3, classes: 0, students: 10 });
    // Many at once are for a person to look at.
    expect(made.held.map(({ limit }) => limit)).toContain('id-churn');
    const ids = (all: Awaited<ReturnType<typeof views>>) =>
      new Set(all.students.map((one) => one['id']));
    expect(ids(await views(test.db, district))).toEqual(ids(before));
  });
});

describe('what may be another', () => {
  beforeEach(() => night(test.db, district, FILE));

  it('is held: the same name, grade and school, and no class in common', async () => {
    const file = [
      ...FILE.filter((one) => !email('ann')(one)),
      row('A', 'tina', 'a9', 'bob'),
      { ...row('A', 'tina', 'a9', 'ann'), studentEmail: 'ann.two@s.example' },
    ];
    const { plan: made, held } = await after(file);
    expect(made.changes.students).toEqual({ ...NOTHING, added: 1, deactivated: 1 });
    expect(held).toContain('students-unclear 1');
  });

  it('is held: two who could be the one who goes', async () => {
    const twins = ['one', 'two'].map((n) =>
      FILE.filter(email('ann')).map((one) => ({ ...one, studentEmail: `${n}@s.example` })),
    );
    const { plan: made, held } = await after([
      ...FILE.filter((one) => !email('ann')(one)),
      ...twins.flat(),
    ]);
    expect(made.changes.students).toMatchObject({ added: 2, deactivated: 1, changed: 0 });
    expect(held).toContain('students-unclear 2');
  });

  it('is held: an old address with another name, also where two have changed theirs', async () => {
    const other = change(email('ann'), () => ({ studentFirstName: 'Zoe', studentLastName: 'Ray' }));
    expect((await after(other)).held).toEqual(['students-reused-address 1']);
    const swapped = FILE.map((one) =>
      email('ann')(one) || email('bob')(one)
        ? {
            ...one,
            studentEmail: email('ann')(one) ? 'bob@s.example' : 'ann@s.example',
          }
        : one,
    );
    expect((await after(swapped)).held).toEqual(['students-reused-address 2']);
  });

  it('is not asked about people of one name at two schools, nor of others who come and go', async () => {
    const gone = FILE.filter((one) => !email('ann')(one));
    const elsewhere = { ...row('B', 'uma', 'b1', 'ann'), studentEmail: 'ann.b@s.example' };
    expect((await after([...gone, elsewhere])).held).not.toContain('students-unclear 1');
    expect((await after([...gone, row('A', 'tina', 'a1', 'kai')])).held).not.toContain(
      'students-unclear 1',
    );
  });

  it('leaves whom a rejected row speaks of as they are', async () => {
    const file = change(email('ann'), () => ({ studentEmail: 'ann.lee@s.example' }));
    const old = FILE.find(email('ann'))!;
    const { plan: made } = await after([...file, rejected(old, 'studentGradeLevel')]);
    expect(made.changes.students).toEqual({ ...NOTHING, added: 1 });
  });
});
