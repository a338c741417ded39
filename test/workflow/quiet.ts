/**
 * When nothing of a workflow is under way. The test server counts what it has to wait for, and
 * never forgets what was cancelled or terminated just when its next try was due (seen in its
 * trace: `activityRetryTimer` takes a lock that nobody gives back). It then waits for it in real
 * time instead of skipping time.
 */
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
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
  return pendingIn((await handle.describe()).raw);
}

const pendingIn = ({ pendingActivities: all }: WorkflowExecutionDescription['raw']): Pending[] =>
  (all ?? []).map((one) => ({
    name: one.activityType?.name as keyof Activities,
    attempt: one.attempt ?? 1,
    begun: optionalTsToMs(one.lastStartedTime) ?? 0,
    ended: optionalTsToMs(one.lastAttemptCompleteTime) ?? 0,
  }));

/** Between this and the next try there is time for a signal and for what it cancels. */
const MARGIN_MS = 3_000;

/**
 * Neither an activity nor the workflow's own code is under way: every activity is between two
 * tries, and the next one is not about to begin. `now` is the server's clock.
 */
export async function isQuiet(
  handle: WorkflowHandle,
  world: World,
  now: () => Promise<number>,
): Promise<boolean> {
  const { raw, status } = await handle.describe();
  if (status.name !== 'RUNNING') return true;
  const pending = pendingIn(raw);
  const at = await now();
  return pending.every((one) => isBetweenTries(one, world, at)) && !(await hasTask(handle));
}

/** The server's own state says STARTED for too long, so the times have to tell. */
function isBetweenTries({ name, attempt, begun, ended }: Pending, world: World, now: number) {
  const next = ended + pauseAfter(name, attempt - 1, world);
  return attempt > 1 && ended >= begun && now < next - MARGIN_MS;
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
