import { getDistrict } from '../store/config/districts.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** The district's own timings, read afresh at each stage. All in milliseconds. */
export const readPolicy =
  ({ db }: Deps): Activities['readPolicy'] =>
  async ({ district }) => {
    const { timings } = await getDistrict(db, district);
    const { remindAfter, remindEvery, escalateAfter, quietFor, lookEvery, holdFor } = timings;
    return { remindAfter, remindEvery, escalateAfter, quietFor, lookEvery, holdFor };
  };
