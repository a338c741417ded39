/** The end of being away: who goes for good, and who returns whole. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { setDistrict } from '../../store/config/districts.js';
import { closePlan } from '../../store/plan-state.js';
import { makePlan } from '../../store/plan.js';
import { purgeBatch } from '../../store/purge.js';
import { countDue } from '../../store/read/purge.js';
import { getWhy } from '../../store/read/why.js';
import { planUndo } from '../../store/undo.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { daysPass, purge } from './away.js';
import { newDistrict, night, plan, planChanges, row, stage, stageUndo, views } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a1', 'bob');
const CID = row('B', 'theo', 'b1', 'cid');
const NOBODY = { schools: 0, teachers: 0, classes: 0, students: 0 };

let district: string;
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const emails = async () => (await views(test.db, district)).students.map(({ email }) => email);
const idOf = async (student: string) =>
  (await views(test.db, district)).students.find(
    (one) => one['email'] === `${student}@s.example`,
  )?.['id'];

describe('who comes back', () => {
  it('within the time is whole again, with the same id and history', async () => {
    await night(test.db, district, [ANN, BOB]);
    const before = await views(test.db, district);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 364);
    expect(await purge(test.db, district)).toEqual(NOBODY);
    await night(test.db, district, [ANN, BOB]);
    expect(await views(test.db, district)).toEqual(before);
    const [bob] = await getWhy(test.db, district, 'bob@s.example');
    expect(bob?.story.map(({ action }) => action)).toEqual(['added', 'deactivated', 'reactivated']);
  });

  it('after the purge is somebody new, with another id and no history', async () => {
    await night(test.db, district, [ANN, BOB]);
    const before = await idOf('bob');
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    expect(await purge(test.db, district)).toEqual({ ...NOBODY, students: 1 });
    expect(await emails()).toEqual(['ann@s.example']);
    expect(await getWhy(test.db, district, 'bob@s.example')).toEqual([]);
    const { plan: back } = await night(test.db, district, [ANN, BOB]);
    expect(back.changes.students).toMatchObject({ added: 1, reactivated: 0 });
    expect(back.changes.enrollments).toMatchObject({ added: 1, reactivated: 0 });
    expect(await idOf('bob')).not.toBe(before);
    const [bob] = await getWhy(test.db, district, 'bob@s.example');
    expect(bob?.story.map(({ action }) => action)).toEqual(['added']);
  });

  it('goes by the district’s own time', async () => {
    await setDistrict(test.db, district, { purgeAfterDays: 400 });
    await night(test.db, district, [ANN, BOB]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    expect(await purge(test.db, district)).toEqual(NOBODY);
    await setDistrict(test.db, district, { purgeAfterDays: 30 });
    expect(await countDue(test.db, district)).toMatchObject({ students: 1, reports: 0 });
    expect(await purge(test.db, district)).toEqual({ ...NOBODY, students: 1 });
  });
});

describe('a purge', () => {
  it('takes a class and a school with their pairs, and leaves whoever is here', async () => {
    await night(test.db, district, [ANN, CID, row('B', 'theo', 'b1', 'ann')]);
    await night(test.db, district, [ANN]);
    const here = await views(test.db, district);
    await daysPass(test.db, district, 366);
    expect(await countDue(test.db, district)).toEqual({
      ...{ district, schools: 1, teachers: 1, classes: 1, students: 1, reports: 0 },
    });
    expect(await purge(test.db, district)).toEqual({
      ...{ schools: 1, teachers: 1, classes: 1, students: 1 },
    });
    const left = await views(test.db, district);
    for (const kind of Object.keys(left) as (keyof typeof left)[]) {
      expect(left[kind]).toEqual(here[kind].filter(({ active }) => active));
    }
    const { rows } = await test.db.raw<{ rows: object[] }>(
      `select from rollcall.enrollments e
       where not exists (select from rollcall.students s where s.key = e.student_key)
          or not exists (select from rollcall.classes c where c.key = e.class_key)`,
    );
    expect(rows).toEqual([]);
  });

  it('comes in batches, a school with the last of its classes, and then has nothing to do', async () => {
    await night(test.db, district, [ANN, CID, row('B', 'theo', 'b2', 'dan')]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const sizes: number[] = [];
    for (let size = 1; size > 0; sizes.push(size)) {
      const one = await purgeBatch(test.db, district, 2);
      size = Object.values(one).reduce((sum, count) => sum + count, 0);
    }
    // Two students; the teacher and a class; the other class and its school.
    expect(sizes).toEqual([2, 2, 2, 0]);
    const counted = await test
      .db('rollcall.purges')
      .sum({
        ...{ schools: 'schools', teachers: 'teachers', classes: 'classes', students: 'students' },
      })
      .whereRaw('district_key = (select key from rollcall.districts where id = ?)', [district]);
    expect(counted).toEqual([{ schools: '1', teachers: '1', classes: '2', students: '2' }]);
  });

  it('is all or nothing', async () => {
    await night(test.db, district, [ANN, CID]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const before = await planChanges(test.db, { district, run: 1 });
    await test.db.raw(`
      create function rollcall.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'no'; end $$`);
    await test.db.raw(`create trigger refuse before delete on rollcall.schools
                       for each row execute function rollcall.refuse()`);
    await expect(purgeBatch(test.db, district)).rejects.toMatchObject({ code: 'DB_ERROR' });
    await test.db.raw('drop function rollcall.refuse() cascade');
    expect(await planChanges(test.db, { district, run: 1 })).toEqual(before);
    expect(await emails()).toEqual(['ann@s.example', 'cid@s.example']);
  });

  it('leaves other districts alone', async () => {
    const other = (await newDistrict(test.db)).id;
    for (const one of [district, other]) {
      await night(test.db, one, [ANN, BOB]);
      await night(test.db, one, [ANN]);
      await daysPass(test.db, one, 366);
    }
    await purge(test.db, district);
    expect((await views(test.db, other)).students).toHaveLength(2);
    expect(await getWhy(test.db, other, 'bob@s.example')).toHaveLength(1);
    expect(await countDue(test.db, other)).toMatchObject({ students: 1 });
  });

  it('spares whom a waiting plan brings back, until it is decided', async () => {
    await night(test.db, district, [ANN, CID]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const waiting = await plan(test.db, district, [ANN, CID]);
    expect(await purge(test.db, district)).toEqual(NOBODY);
    const { planHash } = waiting.plan;
    expect(await applyPlan(test.db, waiting, { planHash, by: 'test' })).toMatchObject({
      changes: { students: { reactivated: 1 }, schools: { reactivated: 1 } },
    });
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const rejected = await plan(test.db, district, [ANN, CID]);
    await closePlan(test.db, rejected, { state: 'rejected', by: 'test' });
    expect(await purge(test.db, district)).toMatchObject({ students: 1, schools: 1 });
  });

  it('spares who is in a file that was read and is not planned yet', async () => {
    await night(test.db, district, [ANN, CID]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const before = await idOf('cid');
    const read = await stage(test.db, district, [ANN, CID]);
    expect(await purge(test.db, district)).toEqual(NOBODY);
    const { planHash } = await makePlan(test.db, read);
    await applyPlan(test.db, read, { planHash, by: 'test' });
    expect(await idOf('cid')).toBe(before);
  });

  it('spares whom an undo that waits would bring back or change', async () => {
    await night(test.db, district, [ANN, CID]);
    const { run: renaming } = await night(test.db, district, [
      ANN,
      { ...CID, studentFirstName: 'Cyd' },
    ]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    const ref = await stageUndo(test.db, district, renaming);
    const { planHash } = await planUndo(test.db, ref);
    // Cid is in the plan, though only with a name; the others are not.
    expect(await purge(test.db, district)).toEqual({
      ...{ schools: 1, teachers: 1, classes: 1, students: 0 },
    });
    expect(await applyPlan(test.db, ref, { planHash, by: 'test' })).toMatchObject({
      changes: { students: { changed: 1 } },
    });
  });
});
