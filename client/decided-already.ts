/** Why a plan that somebody names cannot be decided about any more. */
import { findPlan } from '../store/read/plan.js';
import type { PlanRecord, PlanState } from '../store/types.js';
import type { Context } from './context.js';
import { refused, type RollcallError } from './errors.js';
import type { Waiting } from './waiting.js';

/** Null if no plan of the district has a hash that begins so. */
export async function decidedAlready(
  context: Context,
  id: string,
  hash: string,
  waiting: Waiting | null,
): Promise<RollcallError | null> {
  const plan = await context.store((db) => findPlan(db, id, hash));
  if (!plan) return null;
  const next = waiting
    ? ` Run ${waiting.run} waits now, with plan ${waiting.planHash.slice(0, 12)}: \`npx rollcall plan ${id} ${waiting.run}\`.`
    : ` Nothing waits now: \`npx rollcall runs ${id}\`.`;
  return refused('PLAN_DECIDED', `That plan (run ${plan.run}) ${HOW[plan.state](plan)}.${next}`);
}

const by = ({ closedBy }: PlanRecord): string => (closedBy === null ? '' : ` by ${closedBy}`);

const HOW: Readonly<Record<PlanState, (plan: PlanRecord) => string>> = {
  // Its workflow has a yes, and nothing is on offer any more.
  waiting: () => 'is approved already and is being applied',
  applied: (plan) => `was approved${by(plan)} and applied already`,
  rejected: (plan) => `was rejected${by(plan)} already`,
  superseded: () => 'is out of date, as a newer file or plan took its place',
  expired: () => 'was not decided about in time',
  dropped: () => 'ended with its run, and nothing of it was applied',
};
