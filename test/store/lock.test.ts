import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDistrictLock, withMailLock } from '../../store/lock.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { until } from '../support/wait.js';
import { newDistrict } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

describe('withDistrictLock', () => {
  it('has one holder a district, refuses the second at once, and is free afterwards', async () => {
    const { id } = await newDistrict(test.db);
    const other = await newDistrict(test.db);
    const answer = await withDistrictLock(test.db, id, async () => {
      const second = withDistrictLock(test.db, id, async () => 'never');
      await expect(second).rejects.toMatchObject({ code: 'DISTRICT_BUSY', retryable: true });
      return withDistrictLock(test.db, other.id, async () => 'another district');
    });
    expect(answer).toBe('another district');
    expect(await withDistrictLock(test.db, id, async () => 'free')).toBe('free');
  });

  it('is given back when the work fails, and lets its error through', async () => {
    const { id } = await newDistrict(test.db);
    const own = new Error('the work failed');
    await expect(withDistrictLock(test.db, id, () => Promise.reject(own))).rejects.toBe(own);
    expect(await withDistrictLock(test.db, id, async () => 'free')).toBe('free');
  });

  it('aborts the work when its connection is lost', async () => {
    const { id } = await newDistrict(test.db);
    const work = withDistrictLock(test.db, id, async (signal) => {
      await test.db.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'rollcall lock' and datname = current_database()`,
      );
      await until('the work is told', () => signal.aborted);
      return 'done all the same';
    });
    await expect(work).rejects.toMatchObject({ code: 'LOCK_LOST', retryable: true });
    expect(await withDistrictLock(test.db, id, async () => 'free')).toBe('free');
  });

  it('uses a session again that has given its lock back, and never one that has not', async () => {
    const { id } = await newDistrict(test.db);
    const other = await newDistrict(test.db);
    const session = (district: string) =>
      withDistrictLock(test.db, district, async () => {
        const answer: { rows: { pid: number }[] } = await test.db.raw(
          `select pid from pg_locks where locktype = 'advisory' and objsubid = 2
             and objid = (select key from rollcall.districts where id = ?)
             and database = (select oid from pg_database where datname = current_database())`,
          [district],
        );
        return answer.rows.map(({ pid }) => pid);
      });
    const [first] = await session(id);
    expect(first).toBeGreaterThan(0);
    expect(await session(other.id)).toEqual([first]);
    await withDistrictLock(test.db, id, async () => {
      expect(await session(other.id)).not.toEqual([first]);
    });
    const held: { rows: unknown[] } = await test.db.raw(
      `select 1 from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(held.rows).toEqual([]);
  });

  it('takes another session where the one that waited was lost', async () => {
    const { id } = await newDistrict(test.db);
    await withDistrictLock(test.db, id, async () => 'a session waits from here on');
    await test.db.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'rollcall lock' and datname = current_database()`,
    );
    expect(await withDistrictLock(test.db, id, async () => 'held')).toBe('held');
  });

  it('needs a district', async () => {
    await expect(withDistrictLock(test.db, 'nowhere', async () => 1)).rejects.toMatchObject({
      code: 'DISTRICT_UNKNOWN',
    });
  });
});

describe('withMailLock', () => {
  it('has one sender a mail, and leaves other mails and the district alone', async () => {
    const { id } = await newDistrict(test.db);
    const mail = { district: id, key: 'live/1' };
    const answer = await withMailLock(test.db, mail, async () => {
      const second = withMailLock(test.db, mail, async () => 'never');
      await expect(second).rejects.toMatchObject({ code: 'MAIL_BUSY', retryable: true });
      await withDistrictLock(test.db, id, async () => 'at work');
      return withMailLock(test.db, { ...mail, key: 'live/2' }, async () => 'another mail');
    });
    expect(answer).toBe('another mail');
    expect(await withMailLock(test.db, mail, async () => 'free')).toBe('free');
  });
});
