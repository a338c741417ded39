import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { getDistrict, setDistrict } from '../../store/config/districts.js';
import { getPlan } from '../../store/read/plan.js';
import type { RosterRow } from '../../roster/columns.js';
import type { HeldLimit } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict, night, plan, rejected, row, type FileRow, type Planning } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db, { seats: 10_000 })).id;
});

/** `from` up to and without `to`, in classes of ten at `school`. */
const pupils = (school: string, from: number, to: number): RosterRow[] =>
  Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    const klass = Math.floor(n / 10);
    return row(school, `t${school}${klass}`, `${school}-${klass}`, `${school}${1000 + n}`);
  });
const names = (held: readonly HeldLimit[]): string[] =>
  held.map(({ limit, school, kind }) => [limit, kind, school].filter(Boolean).join(' '));
const limit = (own: Record<string, string | null>) =>
  setDistrict(test.db, district, { limits: { own } });

/** A night that goes by itself, as the process has it. */
async function itself(rows: readonly FileRow[]): Promise<Planning> {
  const made = await plan(test.db, district, rows);
  expect(made.plan.held).toEqual([]);
  await applyPlan(test.db, made, { planHash: made.plan.planHash, by: 'system' });
  return made;
}
const held = async (rows: readonly FileRow[]) => (await plan(test.db, district, rows)).plan.held;

describe('a school', () => {
  it('that loses many is held by its name, though the district is within its limits', async () => {
    await night(test.db, district, [...pupils('A', 0, 200), ...pupils('B', 0, 50)]);
    const fewer = [...pupils('A', 0, 200), ...pupils('B', 0, 44)];
    expect(await held(fewer)).toEqual([
      {
        limit: 'students-removed',
        school: 'B',
        value: 12,
        allowed: 10,
        unit: 'percent',
        kind: 'students',
        count: 6,
        before: 50,
      },
    ]);
    await limit({ 'school:students-removed': '6' });
    expect(await held(fewer)).toEqual([]);
  });

  it('counts its students once, however many classes they have', async () => {
    // A hundred at A in two classes each: were rows counted, 11 of 200 would be too few.
    const twice = (rows: RosterRow[]) =>
      rows.flatMap((one) => [one, { ...one, classId: `${one.classId}-2` }]);
    const rest = pupils('B', 0, 300);
    await night(test.db, district, [...twice(pupils('A', 0, 100)), ...rest]);
    await limit({ 'rows-down': 'off', 'classes-removed': 'off' });
    const fewer = await held([...twice(pupils('A', 0, 89)), ...rest]);
    expect(fewer).toMatchObject([{ school: 'A', value: 11, count: 11, before: 100 }]);
    expect(await held([...twice(pupils('A', 0, 90)), ...rest])).toEqual([]);
  });

  it('that is small is not held for a family, and one that is new for its beginning', async () => {
    await night(test.db, district, [...pupils('A', 0, 100), ...pupils('B', 0, 10)]);
    const family = [...pupils('A', 0, 100), ...pupils('B', 0, 6)];
    expect(await held(family)).toEqual([]);
    expect(await held([...family, ...pupils('C', 0, 20)])).toEqual([]);
  });
});

describe('additions', () => {
  it('of more than a quarter are held, but not in the first load', async () => {
    expect(await held(pupils('A', 0, 100))).toEqual([]);
    await night(test.db, district, pupils('A', 0, 100));
    expect(await held(pupils('A', 0, 125))).toEqual([]);
    const more = await held(pupils('A', 0, 160));
    expect(names(more)).toEqual(['students-added students']);
    expect(more).toMatchObject([{ value: 60, allowed: 25, count: 60, before: 100 }]);
  });

  it('are all those who come back, too, unless nobody was left', async () => {
    await night(test.db, district, [...pupils('A', 0, 100), ...pupils('B', 0, 5)]);
    await night(test.db, district, pupils('B', 0, 5));
    expect(names(await held([...pupils('A', 0, 100), ...pupils('B', 0, 5)]))).toContain(
      'students-added students',
    );
  });
});

describe('churn', () => {
  it('of ids is told from people who go and come: the names are the same', async () => {
    await night(test.db, district, pupils('A', 0, 100));
    const renamed = pupils('A', 0, 100).map((one, n) =>
      n < 10 ? { ...one, studentEmail: `new${n}@s.example` } : one,
    );
    expect(await held(renamed)).toMatchObject([
      { limit: 'id-churn', kind: 'students', school: null, value: 10, allowed: 5, count: 10 },
    ]);
    const others = renamed.map((one, n) => (n < 10 ? { ...one, studentFirstName: `O${n}` } : one));
    expect(await held(others)).toEqual([]);
  });

  it('of ids counts no name twice, and knows classes within their school only', async () => {
    await limit({
      'classes-removed': 'off',
      'classes-added': 'off',
      'rows-down': 'off',
      'teachers-removed': 'off',
      'teachers-added': 'off',
    });
    await night(test.db, district, [...pupils('A', 0, 200), ...pupils('B', 0, 200)]);
    const other = (one: RosterRow) => ({ ...one, classId: `new-${one.classId}` });
    // Five classes of A with new ids and their old names; five of B gone, and their names at A.
    const changed = [
      ...pupils('A', 0, 50).map(other),
      ...pupils('A', 50, 200),
      ...pupils('B', 0, 150),
      ...pupils('B', 150, 200).map((one) => ({
        ...other(one),
        className: 'Something else',
        teacherEmail: 'sub@t.example',
        teacherFirstName: 'Sub',
      })),
    ];
    const found = await held(changed);
    expect(names(found)).toEqual(['id-churn classes', 'id-churn classes A']);
    expect(found).toMatchObject([
      { count: 5, before: 40, value: 12.5 },
      { count: 5, before: 20, value: 25 },
    ]);
  });

  it('of teachers is told by their names', async () => {
    await limit({ 'teachers-removed': 'off', 'teachers-added': 'off' });
    await night(test.db, district, pupils('A', 0, 100));
    const mails = pupils('A', 0, 100).map((one) => ({
      ...one,
      teacherEmail: one.teacherEmail.replace('@t', '@new.t'),
    }));
    expect(names(await held(mails))).toEqual(['id-churn teachers']);
  });

  it('of names is told of the same ids; grades, letters’ case and moves are no names', async () => {
    await night(test.db, district, pupils('A', 0, 100));
    const all = (change: (one: RosterRow) => Partial<RosterRow>) =>
      held(pupils('A', 0, 100).map((one) => ({ ...one, ...change(one) })));
    expect(await all(() => ({ studentGradeLevel: '6' }))).toEqual([]);
    expect(
      await all((one) => ({ studentLastName: (one.studentLastName ?? '').toUpperCase() })),
    ).toEqual([]);
    expect(names(await all((one) => ({ studentLastName: one.studentEmail })))).toEqual([
      'name-churn students',
    ]);
    expect(names(await all((one) => ({ className: `New ${one.classId}` })))).toEqual([
      'name-churn classes',
    ]);
  });
});

describe('the file as a whole', () => {
  it('is held when it shrinks, though nobody leaves', async () => {
    const twice = pupils('A', 0, 100).flatMap((one) => [
      one,
      { ...one, classId: 'second', className: 'Second' },
    ]);
    await night(test.db, district, twice);
    expect(await held(pupils('A', 0, 100))).toMatchObject([
      { limit: 'rows-down', school: null, value: 50, allowed: 20, count: 100, before: 200 },
    ]);
  });

  it('is held when many of its rows are left out', async () => {
    await night(test.db, district, pupils('A', 0, 100));
    const bad = (many: number) =>
      pupils('A', 0, 100).map((one, n) => (n < many ? rejected(one, 'studentFirstName') : one));
    expect(await held(bad(2))).toEqual([]);
    expect(await held(bad(3))).toMatchObject([{ limit: 'error-rate', value: 3, allowed: 2 }]);
  });
});

describe('the window', () => {
  const sizes = (size: number) => pupils('A', 0, size);

  it('adds up what went by itself, so that a slow leak is held', async () => {
    await night(test.db, district, sizes(100));
    await itself(sizes(96));
    await itself(sizes(92));
    expect(await held(sizes(88))).toMatchObject([
      { limit: 'students-removed', value: 12, count: 12, before: 100, earlier: 8, windowDays: 7 },
    ]);
    await limit({ window: 'off' });
    expect(await held(sizes(88))).toEqual([]);
  });

  it('adds up each school of its own', async () => {
    const file = (size: number) => [...pupils('A', 0, size), ...pupils('B', 0, 300)];
    await night(test.db, district, file(100));
    await itself(file(94));
    expect(await held(file(88))).toMatchObject([
      { limit: 'students-removed', school: 'A', count: 12, before: 100, earlier: 6 },
    ]);
    // What B does is judged without what A did.
    expect(await held([...pupils('A', 0, 94), ...pupils('B', 0, 280)])).toEqual([]);
  });

  it('forgets what is older', async () => {
    await night(test.db, district, sizes(100));
    const old = await itself(sizes(92));
    await age(old, 6);
    expect(await held(sizes(88))).toHaveLength(1);
    await age(old, 2);
    expect(await held(sizes(88))).toEqual([]);
  });

  it('leaves out what a person approved: it is not held again the next night', async () => {
    await night(test.db, district, sizes(200));
    const large = await plan(test.db, district, sizes(120));
    expect(names(large.plan.held)).toContain('students-removed students');
    await applyPlan(test.db, large, { planHash: large.plan.planHash, by: 'cli' });
    await itself(sizes(118));
    await itself(sizes(112));
    // Nor does the approval wipe out what leaks beside it.
    expect(await held(sizes(106))).toMatchObject([{ count: 14, earlier: 8, before: 120 }]);
  });

  it('takes off what an undo puts back, but gives no credit for what comes after', async () => {
    await night(test.db, district, sizes(100));
    await itself(sizes(92));
    await undone(await night(test.db, district, sizes(100)));
    await itself(sizes(92));
    const again = await plan(test.db, district, sizes(100));
    await applyPlan(test.db, again, { planHash: again.plan.planHash, by: 'cli' });
    await undone(again);
    await undone(await night(test.db, district, sizes(120)));
    expect(await held(sizes(107))).toMatchObject([{ limit: 'students-removed', count: 13 }]);
  });

  /** Makes a run one that was applied `days` earlier. */
  const age = (of: Planning, days: number) =>
    test.db.raw(
      `update rollcall.plans set closed_at = closed_at - make_interval(days => ?)
       where run = ? and district_key = (select key from rollcall.districts where id = ?)`,
      [days, of.run, district],
    );
  const undone = (of: Planning) =>
    test.db.raw(
      `update rollcall.runs set kind = 'undo'
       where run = ? and district_key = (select key from rollcall.districts where id = ?)`,
      [of.run, district],
    );
});

describe('seats', () => {
  it('over the licence are held with what would make room, and no word of it in the plan’s limits', async () => {
    await setDistrict(test.db, district, { seats: 100 });
    await night(test.db, district, pupils('A', 0, 100));
    const twin = row('A', 'tA0', 'A-0', 'ann2', {
      studentFirstName: 'STU A1000',
      studentLastName: 'Dent A1000',
    });
    const elsewhere = row('B', 'tB', 'B-0', 'ann3', {
      studentFirstName: 'Stu A1001',
      studentLastName: 'Dent A1001',
    });
    const grade = row('A', 'tA0', 'A-0', 'ann4', {
      studentFirstName: 'Stu A1002',
      studentLastName: 'Dent A1002',
      studentGradeLevel: '6',
    });
    const bad = rejected(row('A', 'tA9', 'A-9', 'A1099'), 'studentFirstName');
    const made = await plan(test.db, district, [
      ...pupils('A', 0, 99),
      bad,
      twin,
      elsewhere,
      grade,
    ]);
    expect(made.plan.held).toMatchObject([
      { limit: 'seats-exceeded', value: 103, allowed: 100, licensed: 100, buffer: 0, before: 100 },
    ]);
    expect(JSON.stringify(made.plan)).not.toContain('@');
    expect(await getPlan(test.db, district)).toMatchObject({
      seats: { licensed: 100, before: 100, after: 103, buffer: 0 },
      room: {
        protected: 1,
        duplicates: 1,
        people: [['A1000@s.example', 'ann2@s.example']],
      },
    });
  });

  it('counts those who stay because of a bad row', async () => {
    await setDistrict(test.db, district, { seats: 20 });
    await night(test.db, district, pupils('A', 0, 20));
    const lost = rejected(row('A', 'tA1', 'A-1', 'x'), 'studentEmail');
    await plan(test.db, district, [...pupils('A', 0, 18), lost, ...pupils('B', 0, 1)]);
    const { room, seats } = await getPlan(test.db, district);
    expect(seats.after).toBe(21);
    expect(room).toEqual({ protected: 2, duplicates: 0, people: [] });
  });

  it('within the buffer are allowed, and told', async () => {
    await setDistrict(test.db, district, { seats: 100 });
    await limit({ 'seat-buffer': '2,5%' });
    expect(await held(pupils('A', 0, 105))).toEqual([]);
    expect(await getPlan(test.db, district)).toMatchObject({
      seats: { licensed: 100, after: 105, buffer: 5 },
      room: null,
    });
    expect(names(await held(pupils('A', 0, 106)))).toEqual(['seats-exceeded']);
  });
});

describe('a district’s own limits', () => {
  it('are kept name by name, and go back to the default by null', async () => {
    await limit({ 'rows-down': 'off', window: '14d' });
    await limit({ 'school:students-removed': '30' });
    const after = (await limit({ window: null })).limits;
    expect(after.own).toEqual({ 'rows-down': 'off', 'school:students-removed': '30' });
    expect(after.effective).toMatchObject({
      'rows-down': 'off',
      'school:students-removed': '30',
      'students-removed': '10%',
      window: '7d',
    });
  });

  it('know what was set before there were names, until it is set by its name', async () => {
    await test.db.raw(
      `update rollcall.districts set limits = '{"removalPercent": 5}' where id = ?`,
      [district],
    );
    expect((await getDistrict(test.db, district)).limits).toMatchObject({
      removalPercent: 5,
      own: { 'students-removed': '5%' },
    });
    expect((await limit({ window: '3d' })).limits.removalPercent).toBe(5);
    expect((await limit({ 'students-removed': null })).limits).toMatchObject({
      removalPercent: 10,
      own: { window: '3d' },
    });
    expect((await limit({ 'students-removed': '30' })).limits.removalPercent).toBeNull();
  });
});
