import { isAnyoneDue, purgeBatch } from '../store/purge.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { inBatches } from './in-batches.js';

/** Purges who has been away for too long; where nobody has, the district's lock is not asked for. */
export const purgeInactive =
  (deps: Deps): Activities['purgeInactive'] =>
  async ({ district }) => {
    const { db, log } = deps;
    if (!(await isAnyoneDue(db, district))) return { counts: {}, more: false };
    const done = await inBatches(deps, district, async () => ({
      ...(await purgeBatch(db, district)),
    }));
    log.info({ district, ...done.counts }, 'who was away for too long was purged');
    return done;
  };
