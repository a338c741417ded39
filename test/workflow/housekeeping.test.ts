import { describe, expect, it } from 'vitest';
import { ScheduleClient, type WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { scheduleHousekeeping } from '../../worker/housekeeping.js';
import type { HousekeepingResult } from '../../workflows/contract.js';
import { decoded } from '../e2e/histories.js';
import { timeTravel } from './time.js';
import { World } from './world.js';

const time = timeTravel();

const houses = (count: number): World[] =>
  Array.from({ length: count }, (_, n) => new World(`house-${String(n).padStart(3, '0')}`));
const resultOf = (handle: WorkflowHandle): Promise<HousekeepingResult> =>
  handle.result() as Promise<HousekeepingResult>;

describe('housekeeping', () => {
  it('ends what is due in every district, and says how much of it', async () => {
    const [one, two] = houses(2) as [World, World];
    one.due.push(
      { counts: { students: 2000, schools: 0 }, more: true },
      { counts: { students: 7, classes: 1 }, more: false },
    );
    two.due.push({ counts: { students: 1 }, more: false });
    const handle = await time.keepHouse([one, two]);
    expect(handle.workflowId).toBe('housekeeping');
    expect(await resultOf(handle)).toEqual({
      districts: 2,
      counts: { students: 2008, classes: 1 },
      failed: 0,
      failures: [],
    });
    expect(one.calls).toEqual(['purgeInactive', 'purgeInactive', 'forgetOldFiles', 'dropOldFiles']);
    expect(two.calls).toEqual(['purgeInactive', 'forgetOldFiles', 'dropOldFiles']);
    expect(decoded(await handle.fetchHistory())).toContain('house-001: purge who was away');
  });

  it('in which one keeps failing goes on with the others, and names it', async () => {
    const [one, two, three] = houses(3) as [World, World, World];
    two.break('purgeInactive', 'DISTRICT_BUSY', false);
    three.due.push({ counts: { students: 3 }, more: false });
    const handle = await time.keepHouse([one, two, three]);
    await time.pass(30 * 60_000);
    expect(await resultOf(handle)).toEqual({
      districts: 3,
      counts: { students: 3 },
      failed: 1,
      failures: [{ district: 'house-001', duty: 'purgeInactive', code: 'DISTRICT_BUSY' }],
    });
    expect(two.countOf('purgeInactive')).toBe(6);
    expect(two.countOf('forgetOldFiles')).toBe(1);
  });

  it('that has many pages continues as new, and adds them up', async () => {
    const all = houses(203);
    for (const world of all) world.due.push({ counts: { students: 1 }, more: false });
    const handle = await time.keepHouse(all);
    expect(await resultOf(handle)).toMatchObject({ districts: 203, counts: { students: 203 } });
    expect(all.every((world) => world.countOf('forgetOldFiles') === 1)).toBe(true);
    const first = time.client.workflow.getHandle('housekeeping', handle.firstExecutionRunId);
    expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW');
    // The last of three pages.
    const { events } = await handle.fetchHistory();
    const asked = events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
    expect(asked).toHaveLength(1 + 3 * 3);
  });

  it('whose districts cannot be told fails with the code', async () => {
    const [one] = houses(1) as [World];
    const handle = await time.keepHouse([one], { district: 'nobody' });
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'DISTRICT_UNKNOWN' });
  });

  it('of one district asks for no other', async () => {
    const [one, two] = houses(2) as [World, World];
    const handle = await time.keepHouse([one, two], { district: two.district });
    expect(handle.workflowId).toBe('housekeeping/house-001');
    expect(await resultOf(handle)).toMatchObject({ districts: 1 });
    expect(one.calls).toEqual([]);
    expect(two.calls).toEqual(['purgeInactive', 'forgetOldFiles', 'dropOldFiles']);
  });
});

describe('a worker on a server that has no schedules', () => {
  it('goes on without, and notes it', async () => {
    const noted: object[] = [];
    const note = (fields: object) => void noted.push(fields);
    const schedules = new ScheduleClient({ connection: time.client.connection });
    await scheduleHousekeeping(schedules, { info: note, warn: note });
    // UNIMPLEMENTED
    expect(noted).toEqual([{ code: 'TEMPORAL_12' }]);
  });
});
