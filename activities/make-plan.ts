import { makePlan as makePlanIn } from '../store/plan.js';
import type { Activities } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';

/** The store keeps them all; a history needs to know that there are some, and which come first. */
const MOST_HELD = 50;

/** Works out what the run would change; the same inputs give the same plan and hash. */
export const makePlan =
  ({ db }: Deps): Activities['makePlan'] =>
  ({ district, run }) =>
    atWork(db, district, async () => {
      const planned = await makePlanIn(db, { district, run });
      return { ...planned, held: planned.held.slice(0, MOST_HELD) };
    });
