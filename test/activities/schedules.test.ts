import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schedules } from '../../activities/ports.js';
import { getDistrict, setDistrict } from '../../store/config/districts.js';
import { scheduleHousekeeping } from '../../worker/housekeeping.js';
import { temporalSchedules } from '../../worker/adapters/schedules.js';
import { ensureSearchAttributes } from '../../worker/search-attributes.js';
import { SEARCH_ATTRIBUTE_NAMES, SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { failureOf, startBench, type Bench } from './bench.js';

let bench: Bench;
let temporal: TestTemporal;
const made: string[] = [];
beforeAll(async () => {
  bench = await startBench();
  temporal = await testTemporal();
});
afterAll(async () => {
  for (const id of made) await temporal.client.schedule.getHandle(id).delete();
  await temporal.close();
  await bench.close();
});

const makeSchedule = (district: string) =>
  bench.run(
    'makeSchedule',
    { district },
    { schedules: temporalSchedules(temporal.client.schedule) },
  );

describe('the nightly schedule', () => {
  it('is made in the district’s zone and hour, and the district is live', async () => {
    const district = await bench.district('made-nightly', {
      timeZone: 'America/Denver',
      nightlyAt: '03:30',
    });
    made.push(`nightly/${district}`);

    const { scheduleId, nextSync } = await makeSchedule(district);

    expect(scheduleId).toBe('nightly/made-nightly');
    const description = await temporal.client.schedule.getHandle(scheduleId).describe();
    expect(description.spec.timezone).toBe('America/Denver');
    expect(description.spec.calendars).toMatchObject([
      { hour: [{ start: 3, end: 3 }], minute: [{ start: 30, end: 30 }] },
    ]);
    expect(description.action).toMatchObject({
      workflowType: 'rosterSync',
      workflowId: 'sync/made-nightly/nightly',
      taskQueue: 'rollcall',
      args: [{ district }],
      staticSummary: 'made-nightly: nightly sync',
      priority: { fairnessKey: district },
    });
    expect(description.action.typedSearchAttributes).toEqual(
      new TypedSearchAttributes([{ key: SEARCH_ATTRIBUTES.district, value: district }]),
    );
    expect(description.policies.catchupWindow).toBe(6 * 3_600_000);
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/Denver',
      timeStyle: 'short',
    });
    expect(local.format(new Date(nextSync ?? ''))).toMatch(/^03:3[0-5]$/);
    expect((await getDistrict(bench.db, district)).liveAt).not.toBeNull();
  });

  it('is brought up to date when it is there, with its pause kept', async () => {
    const district = await bench.district('changed-nightly', { nightlyAt: '04:00' });
    made.push(`nightly/${district}`);
    await makeSchedule(district);
    const { liveAt } = await getDistrict(bench.db, district);
    const handle = temporal.client.schedule.getHandle(`nightly/${district}`);
    await handle.pause('summer holidays');
    await setDistrict(bench.db, district, { nightlyAt: '05:15', timeZone: 'Europe/Paris' });

    expect(await makeSchedule(district)).toEqual({
      scheduleId: `nightly/${district}`,
      nextSync: null,
    });
    expect(await makeSchedule(district)).toMatchObject({ nextSync: null });

    const { spec, state } = await handle.describe();
    expect(spec.timezone).toBe('Europe/Paris');
    expect(spec.calendars).toHaveLength(1);
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 5 }], minute: [{ start: 15 }] }]);
    expect(state).toMatchObject({ paused: true, note: 'summer holidays' });
    expect((await getDistrict(bench.db, district)).liveAt).toBe(liveAt);
  });

  it('has the hour of a change that came while it was made', async () => {
    const district = await bench.district('moved-nightly', { nightlyAt: '04:00' });
    made.push(`nightly/${district}`);
    const real = temporalSchedules(temporal.client.schedule);
    let calls = 0;
    const schedules: Schedules = {
      async ensureNightly(at) {
        calls += 1;
        const answer = await real.ensureNightly(at);
        if (calls === 1) await setDistrict(bench.db, district, { nightlyAt: '05:15' });
        return answer;
      },
    };
    await bench.run('makeSchedule', { district }, { schedules });
    const { spec } = await temporal.client.schedule.getHandle(`nightly/${district}`).describe();
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 5 }], minute: [{ start: 15 }] }]);
    expect(calls).toBe(2);
  });

  it('is refused for good in a zone that Temporal does not know, and the district stays as it was', async () => {
    const district = await bench.district('no-zone', { timeZone: 'Mars/Olympus_Mons' });
    const failure = await failureOf(makeSchedule(district));
    expect(failure).toMatchObject({ type: 'SCHEDULE_REFUSED', nonRetryable: true });
    expect((await getDistrict(bench.db, district)).liveAt).toBeNull();
  });
});

describe('the schedule of housekeeping', () => {
  it('is made once, and brought up to date by the next worker, with its pause kept', async () => {
    const noted: object[] = [];
    const note = (fields: object) => void noted.push(fields);
    const log = { info: note, warn: note };
    const { schedule } = temporal.client;
    made.push('housekeeping');
    await scheduleHousekeeping(schedule, log);
    const handle = schedule.getHandle('housekeeping');
    await handle.pause('while we look into it');
    await Promise.all([scheduleHousekeeping(schedule, log), scheduleHousekeeping(schedule, log)]);
    const { action, spec, policies, state } = await handle.describe();
    expect(action).toMatchObject({
      ...{ workflowType: 'housekeeping', workflowId: 'housekeeping', taskQueue: 'rollcall' },
    });
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 21 }], minute: [{ start: 0 }] }]);
    expect(spec.jitter).toBe(30 * 60_000);
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 12 * 3_600_000 });
    expect(state).toMatchObject({ paused: true, note: 'while we look into it' });
    expect(noted).toEqual([]);
  });
});

describe('search attributes of a cluster', () => {
  it('are registered once, and found there the next time', async () => {
    const { connection, namespace } = temporal;
    await ensureSearchAttributes(connection, namespace);
    expect(await ensureSearchAttributes(connection, namespace)).toEqual([]);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    for (const name of SEARCH_ATTRIBUTE_NAMES) expect(customAttributes[name]).toBe(2);
  });
});
