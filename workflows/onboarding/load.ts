import type { Applied } from '../contract.js';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import { enter } from './enter.js';
import { offerAgain, planRun, startOver } from './offer.js';
import type { Onboarding, OnboardingState } from './state.js';
import { surely } from './surely.js';

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
  if (applied === 'superseded') return startOver(onboarding);

  state.lastRun = await surely(onboarding, `writeReport/${run}`, () =>
    act('writeReport', { district, run, outcome: 'applied' }, `run ${run}: applied`),
  );
  state.openRun = null;
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
): Promise<'applied' | 'superseded' | 'offered anew'> {
  const { run, planHash } = approved;
  for (;;) {
    const applied = await applyOnce(onboarding, approved);
    if (applied.outcome !== 'stale') return applied.outcome;
    const planned = await planRun(onboarding, run);
    if (planned.superseded) return 'superseded';
    if (planned.planHash !== planHash) {
      onboarding.state.approved = null;
      await offerAgain(onboarding, run, planned.planHash);
      return 'offered anew';
    }
  }
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
