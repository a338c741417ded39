import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/postgres.js';
import { testTemporal } from '../support/temporal.js';
import { until } from '../support/wait.js';

describe('a test database', () => {
  let one: TestDatabase;
  let two: TestDatabase;
  beforeAll(async () => {
    [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  });
  afterAll(() => Promise.all([one.drop(), two.drop()]));

  it('is migrated, and nobody else sees what is written to it', async () => {
    await one.db.raw('create table mine (n int)');
    const seen = await two.db.raw(`select to_regclass('mine') as mine`);
    expect(seen.rows[0].mine).toBeNull();
    const views = await two.db.raw(
      `select table_name from information_schema.views where table_schema = 'roster' order by 1`,
    );
    expect(views.rows.map((row: { table_name: string }) => row.table_name)).toContain('students');
  });

  it('is gone once dropped, even with somebody connected to it', async () => {
    const gone = await emptyDatabase();
    const name = new URL(gone.url).pathname.slice(1);
    await gone.db.raw('select 1');
    await gone.drop();
    const left = await one.db.raw('select 1 from pg_database where datname = ?', [name]);
    expect(left.rows).toEqual([]);
  });
});

describe('the run’s Temporal', () => {
  it('knows the search attributes and answers for its namespace', async () => {
    const temporal = await testTemporal();
    try {
      const { customAttributes } = await temporal.connection.operatorService.listSearchAttributes({
        namespace: temporal.namespace,
      });
      expect(Object.keys(customAttributes)).toEqual(
        expect.arrayContaining(['RollcallDistrict', 'RollcallStage', 'RollcallWaitingOn']),
      );
    } finally {
      await temporal.close();
    }
  });
});

describe('until', () => {
  it('gives the first real answer', async () => {
    let asked = 0;
    await expect(until('the third answer', () => ++asked >= 3 && asked)).resolves.toBe(3);
  });

  it('names what it waited for and the last answer', async () => {
    await expect(until('the district to go live', () => null, 120)).rejects.toThrow(
      /in vain: the district to go live \(last: null\)/,
    );
    const failing = () => Promise.reject(new Error('no such door'));
    await expect(until('a door', failing, 120)).rejects.toThrow(/a door \(last: no such door\)/);
  });

  it('ends on time when the probe itself hangs', async () => {
    const hanging = () => new Promise<never>(() => {});
    await expect(until('a deaf server', hanging, 150)).rejects.toThrow(/a deaf server/);
  });
});
