import { makePlan as makePlanIn } from '../store/plan.js';
import type { Activities } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';

/** Works out what the run would change; the same inputs give the same plan and hash. */
export const makePlan =
  ({ db }: Deps): Activities['makePlan'] =>
  ({ district, run }) =>
    atWork(db, district, () => makePlanIn(db, { district, run }));
