import type { ScheduleClient } from '@temporalio/client';
import { toFailure } from '../activities/errors.js';
import type { Log } from '../activities/deps.js';
import { housekeepingSchedule } from '../workflows/housekeeping-schedule.js';
import { ensureSchedule } from './adapters/schedules.js';

/**
 * Makes sure that housekeeping is on the schedule, beside the start of a worker and never in its
 * way: a server without schedules, as that of the tests, is only noted.
 */
export async function scheduleHousekeeping(schedules: ScheduleClient, log: Log): Promise<void> {
  try {
    await ensureSchedule(schedules, housekeepingSchedule);
  } catch (error) {
    const { type: code } = toFailure(error) as { type?: string };
    log.info({ code }, 'housekeeping could not be put on the schedule');
  }
}
