import { getDistrict } from '../store/config/districts.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { notYet } from './errors.js';
import { look } from './look-for-upload.js';

/**
 * Looks once and, if there is nothing new at rest, fails with NOT_YET: Temporal's retries are the
 * watch. So weeks of waiting leave one line in the history and hold no worker. The time to the
 * next look is read with the district, so a changed setting counts from the next look on.
 */
export const watchForUpload =
  (deps: Deps): Activities['watchForUpload'] =>
  async ({ district: id, anyFile }) => {
    const district = await getDistrict(deps.db, id);
    const seen = await look(deps, district, anyFile);
    if (seen.state === 'ready' || seen.state === 'problem') return seen;
    const { lookEvery, quietFor } = district.timings;
    // What is settling is at rest after the quiet time at the soonest; no need to look later.
    throw notYet(
      seen.state === 'settling' ? Math.min(lookEvery, Math.max(quietFor, 1_000)) : lookEvery,
    );
  };
