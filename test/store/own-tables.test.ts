/** A big district's own tables: its first load fills them, and to everybody else they are not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { districtKey } from '../../store/sql.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict, night, plan, row, views } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 3 });
});
afterAll(() => test.drop());

const SMALL = [row('A', 'tina', 'a1', 'ann'), row('A', 'tina', 'a1', 'bob')];
const BIG = [...SMALL, row('A', 'tina', 'a2', 'ann'), row('B', 'tom', 'b1', 'cid')];
const KINDS = ['classes', 'students', 'enrollments'] as const;

const tablesOf = async (district: string): Promise<string[]> => {
  const key = await districtKey(test.db, district);
  const found = await test.db.raw<{ rows: { name: string }[] }>(
    KINDS.map(
      (kind) => `select distinct tableoid::regclass::text as name from rollcall.${kind}
                 where district_key = ${key}`,
    ).join(' union '),
  );
  return found.rows.map(({ name }) => name.replace(/^rollcall\./, '')).sort();
};
const own = async (district: string): Promise<string[]> => {
  const key = await districtKey(test.db, district);
  return KINDS.map((kind) => `${kind}_${key}`).sort();
};
const SHARED = KINDS.map((kind) => `${kind}_shared`).sort();

describe('tables of a district’s own', () => {
  it('are made by a first load that is large enough, and by no other', async () => {
    const [big, small] = [await newDistrict(test.db), await newDistrict(test.db)];
    await night(test.db, small.id, SMALL);
    await night(test.db, big.id, BIG);
    expect(await tablesOf(big.id)).toEqual(await own(big.id));
    expect(await tablesOf(small.id)).toEqual(SHARED);
    await night(test.db, small.id, BIG);
    expect(await tablesOf(small.id)).toEqual(SHARED);
  });

  it('say in the views what the shared ones say, and keep what comes later', async () => {
    const [big, small] = [await newDistrict(test.db), await newDistrict(test.db)];
    const nights = [
      BIG,
      [...BIG.slice(1), row('B', 'tom', 'b1', 'dan'), row('B', 'tom', 'b2', 'dan')],
      BIG,
    ];
    await night(test.db, small.id, SMALL.slice(0, 1));
    for (const file of nights) {
      await night(test.db, big.id, file);
      await night(test.db, small.id, file);
      const [seen, expected] = [await views(test.db, big.id), await views(test.db, small.id)];
      expect(plain(seen)).toEqual(plain(expected));
      expect(await tablesOf(big.id)).toEqual(await own(big.id));
    }
  });

  it('are bound by the rules of the shared ones', async () => {
    const { id } = await newDistrict(test.db);
    await night(test.db, id, BIG);
    const key = await districtKey(test.db, id);
    const rules = async (table: string): Promise<unknown> =>
      (
        await test.db.raw(
          `select attname, attnotnull, pg_get_expr(adbin, adrelid) as otherwise
           from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
           where attrelid = '${table}'::regclass and attnum > 0 order by attname`,
        )
      ).rows;
    for (const kind of KINDS) {
      const table = `rollcall.${kind}_${key}`;
      expect(await rules(table)).toEqual(await rules(`rollcall.${kind}_shared`));
      // The same once more, and as another district's.
      for (const say of ['', 'set district_key = 0']) {
        await expect(
          test.db.transaction(async (trx) => {
            await trx.raw(`create temp table copied on commit drop as select * from ${table}`);
            if (say !== '') await trx.raw(`update copied ${say}`);
            await trx.raw(`insert into rollcall.${kind} select * from copied`);
          }),
        ).rejects.toThrow(say === '' ? '23505' : '23514');
      }
    }
  });

  it('have what a later version of the program gives to the shared ones', async () => {
    await test.db.raw(`
      alter table rollcall.students add column since timestamptz, add column seen integer default 3,
        add constraint seen_at_all check (seen > 0)`);
    await test.db.raw('create index on rollcall.students_shared (since) where not active');
    const { id } = await newDistrict(test.db);
    await night(test.db, id, BIG);
    const key = await districtKey(test.db, id);
    const table = `rollcall.students_${key}`;
    const { rows } = await test.db.raw(`select distinct since, seen from ${table}`);
    expect(rows).toEqual([{ since: null, seen: 3 }]);
    await expect(test.db.raw(`update ${table} set seen = 0`)).rejects.toThrow('23514');
    const indexes = await test.db.raw(
      `select indexdef from pg_indexes where tablename = 'students_${key}'`,
    );
    expect(JSON.stringify(indexes.rows)).toContain('(since) WHERE (NOT active)');
  });

  it('are not looked at for another district', async () => {
    const [one, other] = [await newDistrict(test.db), await newDistrict(test.db)];
    await night(test.db, one.id, BIG);
    await night(test.db, other.id, BIG);
    const key = await districtKey(test.db, one.id);
    for (const kind of KINDS) {
      const told = await test.db.raw(
        `explain select * from rollcall.${kind} where district_key = ?`,
        [key],
      );
      const text = JSON.stringify(told.rows);
      expect(text).toContain(`${kind}_${key}`);
      expect(text).not.toContain(`${kind}_${await districtKey(test.db, other.id)}`);
    }
  });

  it('are gone again if the apply fails, and the next one makes them', async () => {
    const { id } = await newDistrict(test.db);
    const planned = await plan(test.db, id, BIG);
    const key = await districtKey(test.db, id);
    await test.db.raw(
      `delete from rollcall.plan_pairs where district_key = ? and kind = 'enrollments'
       and class_id = 'b1'`,
      [key],
    );
    const apply = () =>
      applyPlan(test.db, planned, { planHash: planned.plan.planHash, by: 'test' });
    await expect(apply()).rejects.toMatchObject({ code: 'PLAN_BROKEN' });
    const left = await test.db.raw(`select to_regclass('rollcall.students_${key}') as is`);
    expect(left.rows).toEqual([{ is: null }]);
    await night(test.db, id, [...BIG, row('B', 'tom', 'b1', 'dan')]);
    expect(await tablesOf(id)).toEqual(await own(id));
  });
});

const plain = (seen: Awaited<ReturnType<typeof views>>): unknown =>
  JSON.parse(
    JSON.stringify(seen, (key, value: unknown) =>
      key === 'id' || key === 'district_id' ? undefined : value,
    ),
  );
