import { applyPlan as applyPlanIn } from '../store/apply.js';
import type { Activities } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';

/**
 * Applies that very plan in one transaction. Asked twice it answers the same; that it was applied
 * once is the store's to know, as the first answer may have been lost.
 */
export const applyPlan =
  ({ db }: Deps): Activities['applyPlan'] =>
  ({ district, run, planHash, by }) =>
    atWork(db, district, () => applyPlanIn(db, { district, run }, { planHash, by }));
