/** Starts the schedule's action now and finds out which workflow that was. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ScheduleDescription, ScheduleExecutionResult } from '@temporalio/client';
import type { Context } from './context.js';
import { down, type RollcallError } from './errors.js';

const LOOK_EVERY_MS = 100;
const GIVE_UP_MS = 20_000;
const AGAIN_AFTER_MS = 1_500;

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
  const trigger = () =>
    context.temporal((client) =>
      // Runs of one district keep out of each other's way by the store's lock.
      client.schedule.getHandle(scheduleId).trigger('ALLOW_ALL'),
    );
  let again = false;
  await trigger();
  do {
    const now = await context.temporal((client) =>
      client.schedule.getHandle(scheduleId).describe(),
    );
    const fresh = now.info.recentActions.filter((one) => !known.has(keyOf(one)));
    // A trigger is taken at once, a night's own start up to some minutes after its time.
    const ours = fresh.toSorted((a, b) => +a.takenAt - +b.takenAt).at(-1);
    if (ours) return ours.action.workflow.workflowId;
    if (!again && Date.now() - triggered > AGAIN_AFTER_MS && hasTwin(now, triggered)) {
      again = true;
      await trigger();
    }
    await pause(LOOK_EVERY_MS);
  } while (Date.now() - triggered < GIVE_UP_MS);
  throw notStartedYet(scheduleId);
}

/**
 * The server names a run by the second, and lets a trigger go without a word if a run of that
 * second was started before. That run may have looked at the folder too early: ask once more.
 */
const hasTwin = ({ info }: ScheduleDescription, triggered: number): boolean =>
  info.recentActions.some(({ takenAt }) => Math.abs(+takenAt - triggered) < 2_000);

const keyOf = ({ action }: ScheduleExecutionResult): string =>
  `${action.workflow.workflowId} ${action.workflow.firstExecutionRunId}`;

const notStartedYet = (scheduleId: string): RollcallError =>
  down(
    'SYNC_NOT_SEEN',
    `The schedule ${scheduleId} was told to start a sync, yet none is to be seen; look at it in the Temporal UI (its schedules may be held up).`,
  );
