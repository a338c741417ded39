import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { OnboardingInput, OnboardingResult } from './contract.js';
import { awaitDecision, awaitUpload } from './onboarding/await-file.js';
import { closeAsCancelled } from './onboarding/cancelled.js';
import { show } from './onboarding/enter.js';
import { invite } from './onboarding/invite.js';
import { listen } from './onboarding/listen.js';
import { load } from './onboarding/load.js';
import { awaitLoginAnswer, finish } from './onboarding/logins.js';
import { begin, type Onboarding, type OnboardingState } from './onboarding/state.js';
import { validate } from './onboarding/validate.js';
import { districtOf } from './shared/input.js';
import type { Stage } from './stages.js';

/** What happens in each stage. Each step ends by entering the next stage. */
const STEPS: Readonly<Record<Exclude<Stage, 'live'>, (it: Onboarding) => Promise<void>>> = {
  inviting: invite,
  'awaiting-upload': awaitUpload,
  validating: validate,
  'awaiting-correction': awaitDecision,
  'awaiting-approval': awaitDecision,
  loading: load,
  'awaiting-login-test': awaitLoginAnswer,
  'login-problem': awaitLoginAnswer,
};

/**
 * Carries one district from its invitation until it is live. It waits for people for weeks, and
 * never fails because something outside is broken: it tells support and keeps trying.
 *
 * `carried` is what this workflow hands to itself when its history has grown long.
 */
export async function districtOnboarding(
  input: OnboardingInput,
  carried?: OnboardingState,
): Promise<OnboardingResult> {
  const onboarding = begin(districtOf(input), carried);
  listen(onboarding);
  show(onboarding);
  try {
    for (;;) {
      const { stage } = onboarding.state.stay;
      if (stage === 'live') return await finish(onboarding);
      await STEPS[stage](onboarding);
    }
  } catch (error) {
    if (isCancellation(error)) {
      await CancellationScope.nonCancellable(() => closeAsCancelled(onboarding));
    }
    throw error;
  }
}
