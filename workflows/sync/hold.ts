import { condition } from '@temporalio/workflow';
import type { Planned, RunRef } from '../contract.js';
import { act } from '../shared/act.js';
import type { Decision } from '../shared/decision.js';
import { counted } from '../shared/words.js';
import { enterStage, type Sync } from './state.js';

export type HoldEnd = Decision | { readonly kind: 'superseded' | 'expired'; readonly by: string };

/**
 * Holds the plan until support decides, a newer file takes its place or its time is up. A plan
 * that is not approved is closed here.
 * @param otherwise why, if it is over no limit
 */
export async function hold(
  sync: Sync,
  ref: RunRef,
  planned: Planned,
  otherwise: string,
): Promise<HoldEnd> {
  const policy = await act('readPolicy', { district: ref.district }, 'how long a hold waits');
  sync.decision = null;
  sync.offer = { run: ref.run, planHash: planned.planHash };
  sync.lastRun = await act(
    'writeReport',
    { ...ref, outcome: 'held' },
    `run ${ref.run}: held, ${planned.held.length > 0 ? `${counted(planned.held.length, 'limit')} exceeded` : otherwise}`,
  );
  enterStage(sync, 'held');
  const key = `sync-held/${ref.run}/${planned.planHash.slice(0, 8)}`;
  sync.post.send({ template: 'sync-held', key, run: ref.run });

  await condition(() => ended(sync) !== null, Math.max(policy.holdFor, 1000), {
    summary: `run ${ref.run}: time for a decision about the plan`,
  });
  const end = ended(sync) ?? { kind: 'expired', by: 'system' };
  sync.offer = null;
  sync.decision = null;
  if (end.kind !== 'approved') await closeHeldPlan(ref, end);
  return end;
}

function ended(sync: Sync): HoldEnd | null {
  return sync.decision ?? (sync.superseded ? { kind: 'superseded', by: 'system' } : null);
}

async function closeHeldPlan(
  ref: RunRef,
  end: Exclude<HoldEnd, { kind: 'approved' }>,
): Promise<void> {
  const reason = 'reason' in end ? { reason: end.reason } : {};
  await act(
    'closePlan',
    { ...ref, state: end.kind, by: end.by, ...reason },
    `run ${ref.run}: the plan is ${end.kind}`,
  );
}
