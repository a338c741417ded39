/**
 * When nothing of a workflow is under way. The test server never forgets what was cancelled or
 * terminated in the wrong moment: it then waits for it in real time instead of skipping time.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { msToNumber, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { Activities } from '../../workflows/contract.js';
import { PROFILES } from '../../workflows/profiles.js';
import type { World } from './world.js';

export interface Pending {
  readonly name: keyof Activities;
  readonly attempt: number;
  /** Of the last try, in milliseconds of the server's clock. */
  readonly begun: number;
  readonly ended: number;
}

export async function pendingActivities(handle: WorkflowHandle): Promise<Pending[]> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).map((one) => ({
    name: one.activityType?.name as keyof Activities,
    attempt: one.attempt ?? 1,
    begun: optionalTsToMs(one.lastStartedTime) ?? 0,
    ended: optionalTsToMs(one.lastAttemptCompleteTime) ?? 0,
  }));
}

/**
 * Neither an activity nor the workflow's own code is under way: every activity is between two
 * tries. `now` is the server's clock.
 */
export async function isQuiet(
  handle: WorkflowHandle,
  world: World,
  now: () => Promise<number>,
): Promise<boolean> {
  const pending = await pendingActivities(handle);
  const at = await now();
  return pending.every((one) => isBetweenTries(one, world, at)) && !(await hasTask(handle));
}

/** The server's own state says STARTED for too long, so the times have to tell. */
function isBetweenTries({ name, attempt, begun, ended }: Pending, world: World, now: number) {
  return attempt > 1 && ended >= begun && now < ended + pauseAfter(name, attempt - 1, world);
}

/** How long after its n-th try an activity is tried again, in milliseconds. */
function pauseAfter(name: keyof Activities, tries: number, { policy }: World): number {
  if (name === 'watchForUpload') return policy.lookEvery;
  const { initialInterval = 1000, maximumInterval = 60_000 } = PROFILES[name].retry ?? {};
  return Math.min(msToNumber(initialInterval) * 2 ** (tries - 1), msToNumber(maximumInterval));
}

/** A workflow task is scheduled or being worked on. */
async function hasTask(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  const last = events?.findLast(
    (event) =>
      event.workflowTaskScheduledEventAttributes ??
      event.workflowTaskStartedEventAttributes ??
      event.workflowTaskCompletedEventAttributes ??
      event.workflowTaskFailedEventAttributes ??
      event.workflowTaskTimedOutEventAttributes ??
      event.workflowExecutionTerminatedEventAttributes,
  );
  return Boolean(
    last?.workflowTaskScheduledEventAttributes ?? last?.workflowTaskStartedEventAttributes,
  );
}
