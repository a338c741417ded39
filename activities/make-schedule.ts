import { getDistrict, markLive } from '../store/config/districts.js';
import type { District } from '../store/types.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/**
 * Makes or mends the nightly schedule, and then notes that the district is live. From then on a
 * change of the hour mends the schedule with it; one that came before is seen here.
 */
export const makeSchedule =
  ({ db, schedules }: Deps): Activities['makeSchedule'] =>
  async ({ district: id }) => {
    const wanted = nightOf(await getDistrict(db, id));
    const made = await schedules.ensureNightly(wanted);
    await markLive(db, id);
    const now = nightOf(await getDistrict(db, id));
    return isSame(now, wanted) ? made : schedules.ensureNightly(now);
  };

function nightOf({ id, timeZone, nightlyAt }: District) {
  const [hour = 0, minute = 0] = nightlyAt.split(':').map(Number);
  return { district: id, timeZone, hour, minute };
}

type Night = ReturnType<typeof nightOf>;

const isSame = (one: Night, other: Night): boolean =>
  one.timeZone === other.timeZone && one.hour === other.hour && one.minute === other.minute;
