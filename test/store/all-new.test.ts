/**
 * A first plan is made from what is staged alone (plan/all-new.ts). It is the plan that a roster
 * would get which has something, and nothing to do with the file.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { makePlan } from '../../store/plan.js';
import { getPlan } from '../../store/read/plan.js';
import { districtKey } from '../../store/sql.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { nights, toFile } from './nights.js';
import { newDistrict, plan, planChanges, row, views, type FileRow } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 5 });
});
afterAll(() => test.drop());

/** A school that left long ago. */
async function districtWithPast(): Promise<string> {
  const { id } = await newDistrict(test.db);
  await test.db.raw(
    `insert into rollcall.schools (district_key, school_id, name, active, inactive_since)
     values (?, 'long gone', 'Long gone', false, now())`,
    [await districtKey(test.db, id)],
  );
  return id;
}

const told = async (district: string, file: readonly FileRow[]) => {
  const planned = await plan(test.db, district, file);
  const { changes, bySchool, seats, held, kept } = await getPlan(test.db, district, planned.run);
  const lines = (await planChanges(test.db, planned)).map((one) => JSON.stringify(one)).sort();
  return { planned, says: { changes, bySchool, seats, held, kept, lines } };
};

const plain = (seen: Awaited<ReturnType<typeof views>>): unknown =>
  JSON.parse(
    JSON.stringify(seen, (key, value: unknown) =>
      key === 'id' || key === 'district_id' ? undefined : value,
    ),
  );

describe('a plan in which all is new', () => {
  it('says what any other way to it says, and leaves the same roster', async () => {
    await fc.assert(
      fc.asyncProperty(nights, async ([first]) => {
        const file = toFile(first!);
        const [fresh, past] = [(await newDistrict(test.db)).id, await districtWithPast()];
        const [a, b] = [await told(fresh, file), await told(past, file)];
        expect(a.says).toEqual(b.says);
        for (const { planned } of [a, b]) {
          await applyPlan(test.db, planned, { planHash: planned.plan.planHash, by: 'test' });
        }
        const [seen, expected] = [await views(test.db, fresh), await views(test.db, past)];
        const schools = expected.schools.filter((one) => one['school_id'] !== 'long gone');
        expect(plain(seen)).toEqual(plain({ ...expected, schools }));
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('has another hash if two people change places in their classes', async () => {
    const { id } = await newDistrict(test.db);
    const [ann, bob] = [row('A', 'tina', 'a1', 'ann'), row('A', 'tina', 'a2', 'bob')];
    const one = await plan(test.db, id, [ann, bob]);
    const key = await districtKey(test.db, id);
    const staged = `rollcall.staged_${key}_${one.run}`;
    await test.db.raw(`update rollcall.plans set roster_version = -1 where district_key = ${key}`);
    const people = `(select array_agg(n order by id) from ${staged} where kind = 'p')`;
    await test.db.raw(
      `update ${staged} set students = array[case id when 'a1' then (${people})[2] else (${people})[1] end]
       where kind = 'c'`,
    );
    const other = await makePlan(test.db, one);
    expect(other.changes).toEqual(one.plan.changes);
    expect(other.planHash).not.toBe(one.plan.planHash);
    // Whoever is called otherwise by the same numbers is another change, too.
    await test.db.raw(`update rollcall.plans set roster_version = -1 where district_key = ${key}`);
    await test.db.raw(
      `update ${staged} set n = case n when (${people})[1] then (${people})[2] else (${people})[1] end
       where kind = 'p'`,
    );
    const third = await makePlan(test.db, one);
    expect(third.planHash).not.toBe(other.planHash);
  });

  it('leaves nothing behind in the session', async () => {
    const { id } = await newDistrict(test.db);
    await plan(test.db, id, [row('A', 'tina', 'a1', 'ann')]);
    const left = await test.db.raw(
      `select relname from pg_class where relnamespace = pg_my_temp_schema()`,
    );
    expect(left.rows).toEqual([]);
  });
});
