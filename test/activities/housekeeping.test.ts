import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withDistrictLock } from '../../store/lock.js';
import { DUTIES } from '../../workflows/contract.js';
import { daysPass } from '../store/away.js';
import { night, row, views } from '../store/support.js';
import { failureOf, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a1', 'bob');

let made = 0;
let district: string;
beforeEach(async () => {
  district = await bench.district(`away-${(made += 1)}`);
  await night(bench.db, district, [ANN, BOB]);
  await night(bench.db, district, [ANN]);
  await daysPass(bench.db, district, 366);
});

describe('the duties of housekeeping', () => {
  it('are told with the districts, a page at a time', async () => {
    const first = await bench.run('nextDistricts', { after: null, most: 1 });
    expect(first).toEqual({ districts: ['away-1'], next: 'away-1', duties: DUTIES });
    const all = await bench.run('nextDistricts', { after: null, most: 100 });
    expect(all).toMatchObject({ next: null });
    const second = await bench.run('nextDistricts', { after: 'away-1', most: 100 });
    expect(second.districts).toEqual(all.districts.slice(1));
    expect(await bench.run('nextDistricts', { after: null, most: 9, only: district })).toEqual({
      ...{ districts: [district], next: null, duties: DUTIES },
    });
    const failure = await failureOf(
      bench.run('nextDistricts', { after: null, most: 9, only: 'nobody' }),
    );
    expect(failure).toMatchObject({ type: 'DISTRICT_UNKNOWN', nonRetryable: true });
  });

  it('purge once, answer with counts, and log no more than those', async () => {
    expect(await bench.run('purgeInactive', { district })).toEqual({
      ...{ counts: { students: 1, teachers: 0, classes: 0, schools: 0 }, more: false },
    });
    expect((await views(bench.db, district)).students).toHaveLength(1);
    expect(await bench.run('purgeInactive', { district })).toEqual({ counts: {}, more: false });
    expect(bench.logged.join('\n')).toContain(`"district":"${district}","students":1`);
    expect(bench.logged.join('\n')).not.toMatch(/bob|@/);
  });

  it('forget the findings of old runs', async () => {
    await bench.db.raw(
      `update rollcall.runs set started_at = now() - interval '366 days'
       where run = 1 and district_key = (select key from rollcall.districts where id = ?)`,
      [district],
    );
    const done = { counts: { reports: 1 }, more: false };
    expect(await bench.run('forgetOldFiles', { district })).toEqual(done);
    expect(await bench.run('forgetOldFiles', { district })).toEqual({ counts: {}, more: false });
  });

  it('wait for a sync that is at work', async () => {
    await withDistrictLock(bench.db, district, async () => {
      const failure = await failureOf(bench.run('purgeInactive', { district }));
      expect(failure).toMatchObject({ type: 'DISTRICT_BUSY', nonRetryable: false });
    });
    expect((await views(bench.db, district)).students).toHaveLength(2);
    expect(await bench.run('purgeInactive', { district })).toMatchObject({
      counts: { students: 1 },
    });
  });
});
