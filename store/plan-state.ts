/** Ends a plan that will not be applied. */
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { lockPlan, lockRun } from './plan/state.js';
import { districtKey, run as execute } from './sql.js';
import { dropStaging } from './staging-table.js';
import type { RunRef } from './types.js';

export interface PlanEnd {
  readonly state: 'rejected' | 'superseded' | 'expired';
  readonly by: string;
  /** Text, or `note/<id>`. */
  readonly reason?: string | undefined;
}

export function unknownPlan(ref: RunRef): StoreError {
  return new StoreError('PLAN_UNKNOWN', `run ${ref.run} has no plan`);
}

/**
 * Closes a waiting plan; what ended it first stands, and asking again changes nothing.
 * @throws StoreError PLAN_UNKNOWN, PLAN_CLOSED (it was applied), RUN_UNKNOWN
 */
export async function closePlan(db: Db, ref: RunRef, end: PlanEnd): Promise<void> {
  const key = await districtKey(db, ref.district);
  await db.transaction(async (trx) => {
    await lockRun(trx, key, ref.run);
    const plan = await lockPlan(trx, key, ref.run);
    if (!plan) throw unknownPlan(ref);
    if (plan.state === 'applied') {
      throw new StoreError('PLAN_CLOSED', `the plan of run ${ref.run} was applied already`);
    }
    if (plan.state !== 'waiting') return;
    await execute(
      trx,
      `update rollcall.plans set state = ?, closed_by = ?, reason = ?, closed_at = now()
       where district_key = ? and run = ?`,
      [end.state, end.by, end.reason ?? null, key, ref.run],
    );
    await dropStaging(trx, key, ref.run);
  });
}
