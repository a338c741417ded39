import { getDistrict, markLive } from '../store/config/districts.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** Makes or mends the nightly schedule, and then notes that the district is live. */
export const makeSchedule =
  ({ db, schedules }: Deps): Activities['makeSchedule'] =>
  async ({ district: id }) => {
    const { timeZone, nightlyAt } = await getDistrict(db, id);
    const [hour = 0, minute = 0] = nightlyAt.split(':').map(Number);
    const made = await schedules.ensureNightly({ district: id, timeZone, hour, minute });
    await markLive(db, id);
    return made;
  };
