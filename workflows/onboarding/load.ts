import { type Applied, SIGNALS } from '../contract.js';
import { act } from '../shared/act.js';
import { WHY_NO_PART } from '../shared/decision.js';
import { failureCode } from '../shared/failure-code.js';
import { makePart } from '../shared/part.js';
import { tellSuperseded } from '../shared/supersede.js';
import { enter } from './enter.js';
import { ignore } from './listen.js';
import { offerAgain, planRun, startOver } from './offer.js';
import type { Onboarding, OnboardingState } from './state.js';
import { surely } from './surely.js';
import { holdRest } from './sync-upload.js';

type Approved = NonNullable<OnboardingState['approved']>;
/** The plan that was approved is no more; a new one has to be made and shown. */
const GONE = ['PLAN_CLOSED', 'PLAN_OTHER', 'PLAN_UNKNOWN'];

/** Applies the approved plan, and only it; then the sample logins are chosen. */
export async function load(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  const { approved } = state;
  if (approved === null) return startOver(onboarding);
  const { district } = state;
  const { run } = approved;

  const applied = await applyApproved(onboarding, approved);
  if (applied === 'offered anew') return;
  state.approved = null;
  if (applied.outcome !== 'applied') return startOver(onboarding);

  state.lastRun = await surely(onboarding, `writeReport/${run}`, () =>
    act('writeReport', { district, run, outcome: 'applied' }, `run ${run}: applied`),
  );
  state.openRun = null;
  if (applied.rest !== undefined) await holdRest(onboarding, applied.rest);
  await surely(onboarding, `chooseSampleLogins/${run}`, () =>
    act('chooseSampleLogins', { district, run }, 'choose sample logins'),
  );
  enter(onboarding, 'awaiting-login-test');
  onboarding.post.send({ template: 'login-test', key: `login-test/${run}`, run });
}

/** An approval holds for one plan: the same plan made again is applied, another is offered. */
async function applyApproved(
  onboarding: Onboarding,
  approved: Approved,
): Promise<Exclude<Applied, { outcome: 'stale' }> | 'offered anew'> {
  const { run, planHash } = approved;
  for (;;) {
    const part = await partOf(onboarding, approved);
    if (part === 'offered anew') return part;
    if (part.superseded) return { outcome: 'superseded' };
    const applied = await applyOnce(onboarding, { ...approved, planHash: part.planHash });
    if (applied.outcome !== 'stale') return applied;
    const planned = await planRun(onboarding, run);
    if (planned.superseded) return { outcome: 'superseded' };
    if (planned.planHash !== planHash) {
      onboarding.state.approved = null;
      await offerAgain(onboarding, run, planned.planHash);
      return 'offered anew';
    }
  }
}

/** What is to be applied: the plan, or the approved part of it. */
async function partOf(
  onboarding: Onboarding,
  approved: Approved,
): Promise<{ readonly planHash: string; readonly superseded: boolean } | 'offered anew'> {
  const { district } = onboarding.state;
  const { run, planHash, by } = approved;
  const part = await surely(onboarding, `makePlan/${run}`, () =>
    makePart({ district, run }, approved),
  );
  if (part === null) return { planHash, superseded: false };
  await tellSuperseded(part);
  if (part.superseded || !part.noPart) return part;
  ignore(onboarding.state, SIGNALS.planApproved, { by }, WHY_NO_PART[part.noPart]);
  onboarding.state.approved = null;
  await offerAgain(onboarding, run, part.planHash);
  return 'offered anew';
}

async function applyOnce(onboarding: Onboarding, approved: Approved): Promise<Applied> {
  const { district } = onboarding.state;
  const { run, planHash, by } = approved;
  try {
    return await surely(
      onboarding,
      `applyPlan/${run}`,
      () => act('applyPlan', { district, run, planHash, by }, `run ${run}: apply`),
      { answers: GONE },
    );
  } catch (error) {
    if (GONE.includes(failureCode(error) ?? '')) return { outcome: 'superseded' };
    throw error;
  }
}
