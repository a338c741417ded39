import { getDistrict } from '../store/config/districts.js';
import { openRun as openRunIn } from '../store/runs.js';
import type { District } from '../store/types.js';
import type { Activities, RunKind } from '../workflows/contract.js';
import { NIGHTLY_JITTER } from '../workflows/schedule.js';
import type { Deps } from './deps.js';

/** Opens the run of an occasion; asked twice for the same one, answers with the same run. */
export const openRun =
  ({ db }: Deps): Activities['openRun'] =>
  async ({ district: id, workflowId, occasion, kind, scheduledFor }) => {
    const district = await getDistrict(db, id);
    return openRunIn(db, {
      district: id,
      workflowId,
      occasion,
      kind: kind ?? kindOf(district, scheduledFor),
    });
  };

/**
 * "Sync now" triggers the same schedule as the night does, and Temporal does not tell the two
 * apart: what was meant for the nightly minutes, by the district's own clock, is nightly.
 */
export function kindOf(
  { timeZone, nightlyAt }: Pick<District, 'timeZone' | 'nightlyAt'>,
  scheduledFor: string | undefined,
): RunKind {
  if (scheduledFor === undefined) return 'manual';
  const after = (minuteOfDay(new Date(scheduledFor), timeZone) - minutes(nightlyAt) + 1440) % 1440;
  return after <= Number.parseInt(NIGHTLY_JITTER, 10) ? 'nightly' : 'manual';
}

function minuteOfDay(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return minutes(format.format(at));
}

/** `HH:MM` to minutes since midnight. */
function minutes(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}
