/** Starts the schedule's action now and finds out which workflow that was. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ScheduleDescription, ScheduleExecutionResult } from '@temporalio/client';
import type { Context } from './context.js';
import { down, type RollcallError } from './errors.js';

const LOOK_EVERY_MS = 100;
const GIVE_UP_MS = 20_000;
const TWIN_AFTER_MS = 5_000;

/**
 * The schedule answers a trigger before it acts on it, so its list of recent actions is looked at
 * until a new one stands there. @returns the id of the workflow that it started
 */
export async function triggerNightly(
  context: Context,
  before: ScheduleDescription,
): Promise<string> {
  const known = new Set(before.info.recentActions.map(keyOf));
  const triggered = Date.now();
  const { scheduleId } = before;
  await context.temporal((client) =>
    // Runs of one district keep out of each other's way by the store's lock.
    client.schedule.getHandle(scheduleId).trigger('ALLOW_ALL'),
  );
  do {
    const now = await context.temporal((client) =>
      client.schedule.getHandle(scheduleId).describe(),
    );
    const fresh = now.info.recentActions.filter((one) => !known.has(keyOf(one)));
    // A trigger is taken at once, a night's own start up to some minutes after its time.
    const ours = fresh.toSorted((a, b) => +a.takenAt - +b.takenAt).at(-1);
    if (ours) return ours.action.workflow.workflowId;
    const twin = Date.now() - triggered > TWIN_AFTER_MS && sameSecond(now, triggered);
    if (twin) return twin.action.workflow.workflowId;
    await pause(LOOK_EVERY_MS);
  } while (Date.now() - triggered < GIVE_UP_MS);
  throw notStartedYet(scheduleId);
}

/**
 * The server names a run by the second: of two triggers in one second only one starts a run, and
 * that run is what both asked for.
 */
const sameSecond = (
  { info }: ScheduleDescription,
  triggered: number,
): ScheduleExecutionResult | undefined =>
  info.recentActions.findLast(({ takenAt }) => Math.abs(+takenAt - triggered) < 2_000);

const keyOf = ({ action }: ScheduleExecutionResult): string =>
  `${action.workflow.workflowId} ${action.workflow.firstExecutionRunId}`;

const notStartedYet = (scheduleId: string): RollcallError =>
  down(
    'SYNC_NOT_SEEN',
    `The schedule ${scheduleId} was told to start a sync, yet none is to be seen; look at it in the Temporal UI (its schedules may be held up).`,
  );
