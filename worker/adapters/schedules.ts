import {
  type ScheduleClient,
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  type ScheduleOptions,
} from '@temporalio/client';
import { failureOf } from '../../activities/errors.js';
import type { Schedules } from '../../activities/ports.js';
import { nightlySchedule } from '../../workflows/schedule.js';

export function temporalSchedules(schedules: ScheduleClient): Schedules {
  return {
    async ensureNightly(at) {
      try {
        return await described(await ensureSchedule(schedules, nightlySchedule(at)));
      } catch (error) {
        // What the SDK makes of "Invalid schedule spec": a zone that the server does not know.
        throw error instanceof TypeError ? failureOf('SCHEDULE_REFUSED') : error;
      }
    },
  };
}

/** Makes it, or brings it up to date. */
export async function ensureSchedule(
  schedules: ScheduleClient,
  wanted: Pick<ScheduleOptions, 'scheduleId' | 'spec' | 'action' | 'policies'>,
): Promise<ScheduleHandle> {
  try {
    return await schedules.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const { scheduleId, spec, action, policies } = wanted;
  const handle = schedules.getHandle(scheduleId);
  // What is running now is left alone; a pause stays a pause, with the note that explains it.
  await handle.update(({ state: { paused, note } }) => ({
    spec,
    action,
    policies,
    state: {
      paused,
      ...(note === undefined ? {} : { note }),
    },
  }));
  return handle;
}

/** The next start as Temporal itself reckons it: daylight saving is its business. */
async function described(
  handle: ScheduleHandle,
): Promise<{ scheduleId: string; nextSync: string | null }> {
  const { info, state } = await handle.describe();
  const next = state.paused ? undefined : info.nextActionTimes[0];
  return { scheduleId: handle.scheduleId, nextSync: next?.toISOString() ?? null };
}
