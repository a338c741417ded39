import { patched } from '@temporalio/workflow';
import type { Planned, PlanScope, RunRef } from '../contract.js';
import { act } from './act.js';

/** What of which plan was approved. */
export interface ApprovedPlan {
  readonly planHash: string;
  readonly scope?: PlanScope;
}

/**
 * Has the approved part made of its plan. It needs no second yes: part and plan are the ones that
 * were named, or it is not made (`noPart`). Null: the plan was approved as it is.
 */
export async function makePart(
  ref: RunRef,
  { planHash: of, scope }: ApprovedPlan,
): Promise<Planned | null> {
  // Histories of before may hold such words in a signal; they approved the whole plan then.
  if (scope === undefined || !patched('approve-a-part')) return null;
  return act('makePlan', { ...ref, scope, of }, `run ${ref.run}: plan without ${inWords(scope)}`);
}

/** Ids only. */
function inWords({ withoutSchools = [], additionsOnly }: PlanScope): string {
  const [one, ...more] = withoutSchools;
  const schools =
    one === undefined ? [] : [more.length === 0 ? `school ${one}` : `${more.length + 1} schools`];
  return [...schools, ...(additionsOnly ? ['changes and removals'] : [])].join(' and ');
}
