import { ApplicationFailure } from '@temporalio/workflow';
import type { Outcome, Planned, RunRef, SyncResult } from '../contract.js';
import { act } from '../shared/act.js';
import { tellSuperseded } from '../shared/supersede.js';
import { hold } from './hold.js';
import { enterStage, type Sync } from './state.js';

export interface Ending {
  readonly outcome: Outcome;
  readonly problem?: NonNullable<SyncResult['problem']>;
  readonly heldBy?: number;
  /** The run that was ended so for the same bytes: nobody is told again. */
  readonly sameAs?: number;
  readonly endedBy?: NonNullable<SyncResult['endedBy']>;
}

/** A roster that moves this often under one run is broken, not busy. */
const MOST_PLANS = 20;

/** How the plan is made, and which one somebody has looked at and asked for already. */
export interface Planning {
  readonly plan: () => Promise<Planned>;
  /** Not an approval of what holds it; another plan than this one is held, too. */
  readonly asked?: { readonly planHash?: string; readonly by: string };
}

/**
 * Plans, lets support decide where a limit is exceeded, and applies exactly that plan. If the
 * roster moved meanwhile, the new plan is judged anew; an approval counts for the same plan only.
 */
export async function planAndApply(
  sync: Sync,
  ref: RunRef,
  { plan, asked }: Planning = { plan: () => act('makePlan', ref, `run ${ref.run}: plan`) },
): Promise<Ending> {
  let approved = null as { readonly planHash: string; readonly by: string } | null;
  for (let plans = 1; plans <= MOST_PLANS; plans += 1) {
    enterStage(sync, 'planning');
    const planned = await plan();
    await tellSuperseded(planned);
    if (planned.superseded) return { outcome: 'held', endedBy: 'superseded' };
    const { planHash } = planned;

    const isOther = asked?.planHash !== undefined && asked.planHash !== planHash;
    if ((planned.held.length > 0 || isOther) && approved?.planHash !== planHash) {
      const end = await hold(sync, ref, planned);
      if (end.kind === 'rejected') return { outcome: 'rejected' };
      if (end.kind !== 'approved') return { outcome: 'held', endedBy: end.kind };
      approved = { planHash, by: end.by };
    }

    enterStage(sync, 'applying');
    const by = approved?.planHash === planHash ? approved.by : (asked?.by ?? 'system');
    const applied = await act('applyPlan', { ...ref, planHash, by }, `run ${ref.run}: apply`);
    if (applied.outcome === 'applied') return { outcome: 'applied' };
    if (applied.outcome === 'superseded') return { outcome: 'held', endedBy: 'superseded' };
  }
  throw ApplicationFailure.nonRetryable('the roster did not stand still', 'PLAN_STALE');
}
