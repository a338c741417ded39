import { getDistrict } from '../store/config/districts.js';
import { openRun as openRunIn } from '../store/runs.js';
import type { District } from '../store/types.js';
import type { Activities, RunKind } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** Opens the run of an occasion; asked twice for the same one, answers with the same run. */
export const openRun =
  ({ db }: Deps): Activities['openRun'] =>
  async ({ district: id, workflowId, occasion, kind, undoes, scheduledFor, rest }) => {
    const district = await getDistrict(db, id);
    return openRunIn(db, {
      district: id,
      workflowId,
      occasion,
      kind: kind ?? kindOf(district, scheduledFor),
      undoes,
      rest,
    });
  };

/**
 * "Sync now" triggers the same schedule as the night does, and Temporal does not tell the two
 * apart but by the time that the start was meant for: the night's is the minute itself, to the
 * second and before any jitter; a trigger's is the second in which it came.
 */
export function kindOf(
  { timeZone, nightlyAt }: Pick<District, 'timeZone' | 'nightlyAt'>,
  scheduledFor: string | undefined,
): RunKind {
  if (scheduledFor === undefined) return 'manual';
  return clockIn(timeZone, new Date(scheduledFor)) === `${nightlyAt}:00` ? 'nightly' : 'manual';
}

/** `HH:MM:SS` by the clocks of that zone. */
const clockIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' }).format(at);
