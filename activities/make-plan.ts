import { StoreError } from '../store/errors.js';
import { makePlan as makePlanIn } from '../store/plan.js';
import type { Activities } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';
import { readOnce } from './read-roster.js';

/** The store keeps them all; a history needs to know that there are some, and which come first. */
const MOST_HELD = 50;

/**
 * Works out what the run would change; the same inputs give the same plan and hash. Where the run
 * was read as a difference to a file that the roster does not stand as any more, it is read again.
 */
export const makePlan =
  (deps: Deps): Activities['makePlan'] =>
  ({ scope, of, ...ref }) =>
    atWork(deps.db, ref.district, async (tools) => {
      const plan = async () => {
        const made = await makePlanIn(deps.db, ref, scope ? { scope, of } : null);
        return { ...made, held: made.held.slice(0, MOST_HELD) };
      };
      try {
        return await plan();
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'BASE_MOVED') throw error;
      }
      const read = await readOnce(deps, ref, tools, 'whole');
      // It was read before, so it cannot be unreadable now, unless the archive is damaged.
      if (!read.ok) throw failureOf('ARCHIVE_DAMAGED');
      return plan();
    });
