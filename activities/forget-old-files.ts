import { countForgettable, forgetBatch } from '../store/forget.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { inBatches } from './in-batches.js';

/** Forgets what was found, line by line, in files that are too old; the counts of each run stay. */
export const forgetOldFiles =
  (deps: Deps): Activities['forgetOldFiles'] =>
  async ({ district }) => {
    const { db, log } = deps;
    if ((await countForgettable(db, district)) === 0) return { counts: {}, more: false };
    const done = await inBatches(deps, district, async () => ({
      reports: await forgetBatch(db, district),
    }));
    log.info({ district, ...done.counts }, 'what was found in old files was forgotten');
    return done;
  };
