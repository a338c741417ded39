import { ApplicationFailure } from '@temporalio/workflow';
import { type Outcome, type Planned, type RunRef, SIGNALS, type SyncResult } from '../contract.js';
import { act } from '../shared/act.js';
import { WHY_NO_PART } from '../shared/decision.js';
import { type ApprovedPlan, makePart } from '../shared/part.js';
import { tellSuperseded } from '../shared/supersede.js';
import { hold } from './hold.js';
import { enterStage, ignoreFrom, type Sync } from './state.js';

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

type Approved = ApprovedPlan & { readonly by: string };

/** How the plan is made, and which one somebody has looked at and asked for already. */
export interface Planning {
  readonly plan: () => Promise<Planned>;
  /**
   * Of an undo, which is approved whole or not at all. Not an approval of what holds it; another
   * plan than this one is held, too.
   */
  readonly asked?: { readonly planHash?: string; readonly by: string };
  /** What another run left out: never applied without a yes. */
  readonly isRest?: boolean;
}

const fromFile = (ref: RunRef): Planning => ({
  plan: () => act('makePlan', ref, `run ${ref.run}: plan`),
});
/** The plan of what another run left out. */
export const ofRest = (ref: RunRef): Planning => ({ ...fromFile(ref), isRest: true });

/**
 * Plans, lets support decide where a limit is exceeded, and applies exactly that plan. What it
 * leaves out, as it was approved so or as some schools are over their limits, is the plan of a run
 * of its own, and support decides about that in turn.
 */
export async function planAndApply(
  sync: Sync,
  first: RunRef,
  planning: Planning = fromFile(first),
): Promise<Ending> {
  let ending = await decideAndApply(sync, first, planning);
  for (let ref = first; typeof ending === 'number';) {
    ref = await goOnWith(sync, ref, ending);
    ending = await decideAndApply(sync, ref, ofRest(ref));
  }
  return ending;
}

/**
 * If the roster moved meanwhile, the new plan is judged anew; an approval counts for the same plan
 * only. @returns how it ended, or the run that has what the applied plan left out
 */
async function decideAndApply(
  sync: Sync,
  ref: RunRef,
  { plan, asked, isRest = false }: Planning,
): Promise<Ending | number> {
  let approved = null as Approved | null;
  for (let plans = 1; plans <= MOST_PLANS; plans += 1) {
    enterStage(sync, 'planning');
    const planned = await plan();
    await tellSuperseded(planned);
    if (planned.superseded) return { outcome: 'held', endedBy: 'superseded' };
    const { planHash } = planned;

    const isOther = asked?.planHash !== undefined && asked.planHash !== planHash;
    const mustAsk = planned.held.length > 0 || isOther || isRest;
    if (mustAsk && approved?.planHash !== planHash) {
      const otherwise = isRest
        ? 'it was left out of another run'
        : 'the plan is another one than was asked for';
      const end = await hold(sync, ref, planned, otherwise);
      if (end.kind === 'rejected') return { outcome: 'rejected' };
      if (end.kind !== 'approved') return { outcome: 'held', endedBy: end.kind };
      const { by, scope } = end;
      approved = { planHash, by, ...(scope && { scope }) };
    }

    const yes = approved?.planHash === planHash ? approved : null;
    const part = yes && (await partOf(sync, ref, yes, asked !== undefined));
    if (part === 'none') {
      approved = null;
      continue;
    }
    if (part?.superseded) return { outcome: 'held', endedBy: 'superseded' };
    enterStage(sync, 'applying');
    const by = yes?.by ?? asked?.by ?? 'system';
    const what = { ...ref, planHash: part?.planHash ?? planHash, by };
    const applied = await act('applyPlan', what, `run ${ref.run}: apply`);
    if (applied.outcome === 'applied') return applied.rest ?? { outcome: 'applied' };
    if (applied.outcome === 'superseded') return { outcome: 'held', endedBy: 'superseded' };
  }
  throw ApplicationFailure.nonRetryable('the roster did not stand still', 'PLAN_STALE');
}

/** Null: the plan was approved as it is. `none`: that part cannot be, and support is asked again. */
async function partOf(
  sync: Sync,
  ref: RunRef,
  yes: Approved,
  isUndo: boolean,
): Promise<Planned | 'none' | null> {
  const ignore = (why: string): 'none' => {
    ignoreFrom(sync, SIGNALS.planApproved, yes.by, why);
    return 'none';
  };
  if (yes.scope !== undefined && isUndo) return ignore('an undo is approved whole or not at all');
  const part = await makePart(ref, yes);
  return part?.noPart ? ignore(WHY_NO_PART[part.noPart]) : part;
}

/** That run is done; from here on this workflow is about the one that has the rest. */
async function goOnWith(sync: Sync, ref: RunRef, rest: number): Promise<RunRef> {
  const done = { ...ref, outcome: 'applied' } as const;
  const summary = await act('writeReport', done, `run ${ref.run}: applied, but for run ${rest}`);
  sync.applied = [...sync.applied, summary];
  sync.run = rest;
  sync.lastRun = null;
  return { ...ref, run: rest };
}
