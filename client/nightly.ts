/** The nightly schedule of a district, as Temporal has it. */
import type { ScheduleDescription } from '@temporalio/client';
import type { Context } from './context.js';
import { RollcallError, refused } from './errors.js';
import type { District } from '../store/types.js';
import { nightlyScheduleId } from '../workflows/ids.js';
import { nightlySchedule } from '../workflows/schedule.js';

/** Null if there is none. */
export async function describeNightly(
  context: Context,
  district: string,
): Promise<ScheduleDescription | null> {
  return context.temporal(async (client) => {
    try {
      return await client.schedule.getHandle(nightlyScheduleId(district)).describe();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

/** By name, so that this file costs nothing to load where Temporal is not asked. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ScheduleNotFoundError';

export function nextSyncOf(schedule: ScheduleDescription | null): string | null {
  if (!schedule || schedule.state.paused) return null;
  return schedule.info.nextActionTimes[0]?.toISOString() ?? null;
}

/** Brings hour and zone of an existing schedule up to date; whether it is paused stays as it is. */
export async function mendSchedule(context: Context, district: District): Promise<void> {
  const [hour = 0, minute = 0] = district.nightlyAt.split(':').map(Number);
  const wanted = nightlySchedule({
    district: district.id,
    timeZone: district.timeZone,
    hour,
    minute,
  });
  try {
    await context.temporal((client) =>
      client.schedule.getHandle(wanted.scheduleId).update((now) => ({
        spec: wanted.spec,
        action: wanted.action,
        policies: wanted.policies,
        state: { paused: now.state.paused, ...(now.state.note ? { note: now.state.note } : {}) },
      })),
    );
  } catch (error) {
    if (isMissing(error)) throw noSchedule(district.id);
    if (!(error instanceof RollcallError)) throw error;
    const again =
      'The settings are kept, the schedule still has the old time: run the same command again later.';
    throw new RollcallError(error.code, `${error.message} ${again}`, error.exit);
  }
}

export const noSchedule = (district: string): RollcallError =>
  refused(
    'NO_SCHEDULE',
    `${district} has no nightly schedule: it gets one when its onboarding ends (see \`npx rollcall status ${district}\`).`,
  );
