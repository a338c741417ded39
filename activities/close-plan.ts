import { closePlan as closePlanIn } from '../store/plan-state.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** Ends a plan that will not be applied, with who ended it and why. */
export const closePlan =
  ({ db }: Deps): Activities['closePlan'] =>
  async ({ district, run, state, by, reason }) => {
    await closePlanIn(
      db,
      { district, run },
      { state, by, ...(reason === undefined ? {} : { reason }) },
    );
  };
