import { setHandler } from '@temporalio/workflow';
import { type Progress, SIGNALS } from '../contract.js';
import * as messages from '../messages.js';
import { lenient } from '../payload-converter.js';
import { approvalIn, whyNoDecision, withIgnored } from '../shared/decision.js';
import { STAGE_WAITS_ON, type Stage } from '../stages.js';
import { loginReason, type LoginAnswer, type Onboarding, type OnboardingState } from './state.js';

/**
 * Registers every handler, before anything is awaited. A handler only writes a fact down; whether
 * it counts depends on what is on offer at that moment, and what does not count is noted.
 */
export function listen(onboarding: Onboarding): void {
  const { state } = onboarding;
  setHandler(lenient(messages.fileUploaded), (told) => {
    state.uploadsTold += 1;
    state.uploadTeller = messages.tellerOf(told);
  });
  setHandler(lenient(messages.planApproved), (told) => {
    const approval = approvalIn(told, offerNow(state), state.decision);
    if (typeof approval === 'string') return ignore(state, SIGNALS.planApproved, told, approval);
    state.decision = approval;
  });
  setHandler(lenient(messages.planRejected), (told) => {
    const why = whyNoDecision(told, offerNow(state), state.decision);
    if (why !== null) return ignore(state, SIGNALS.planRejected, told, why);
    state.decision = { kind: 'rejected', by: messages.tellerOf(told), ...reasonIn(told) };
  });
  setHandler(lenient(messages.planSuperseded), (told) => {
    if (offerNow(state) === null)
      return ignore(state, SIGNALS.planSuperseded, told, 'no plan is on offer');
    state.superseded = true;
  });
  setHandler(lenient(messages.planAsked), () => undefined);
  setHandler(lenient(messages.loginTestCompleted), (told) =>
    hearLogins(state, SIGNALS.loginTestCompleted, told, {
      kind: 'completed',
      by: messages.tellerOf(told),
    }),
  );
  setHandler(lenient(messages.loginTestFailed), (told) =>
    hearLogins(state, SIGNALS.loginTestFailed, told, {
      kind: 'failed',
      by: messages.tellerOf(told),
      ...reasonIn(told),
    }),
  );
  setHandler(messages.onboardingProgress, () => progressOf(onboarding));
}

export function ignore(state: OnboardingState, signal: string, told: unknown, why: string): void {
  state.ignored = withIgnored(state.ignored, signal, messages.tellerOf(told), why);
}

const OFFERING: readonly Stage[] = ['awaiting-approval', 'awaiting-correction'];
const TESTING: readonly Stage[] = ['awaiting-login-test', 'login-problem'];

/** While a newer file is read, the older plan is not on offer, though it may come back. */
const offerNow = ({ stay, offer }: OnboardingState) =>
  OFFERING.includes(stay.stage) ? offer : null;

function hearLogins(
  state: OnboardingState,
  signal: string,
  told: unknown,
  answer: LoginAnswer,
): void {
  if (state.stay.stage === 'live')
    return ignore(state, signal, told, 'the district is live already');
  if (!TESTING.includes(state.stay.stage))
    return ignore(state, signal, told, 'there are no logins to test yet');
  if (state.loginAnswers.at(-1)?.kind === answer.kind)
    return ignore(state, signal, told, 'this was told already');
  state.loginAnswers = [...state.loginAnswers, answer];
}

function reasonIn(told: unknown): { reason?: string } {
  const reason = messages.reasonOf(told);
  return reason === undefined ? {} : { reason };
}

function progressOf(onboarding: Onboarding): Progress {
  const { state, post } = onboarding;
  return {
    district: state.district,
    stage: state.stay.stage,
    waitingOn: STAGE_WAITS_ON[state.stay.stage],
    since: state.stay.since,
    lastRun: state.lastRun,
    planHash: offerNow(state)?.planHash ?? null,
    loginReason: loginReason(onboarding),
    ignored: state.ignored,
    unsentMails: post.unsent(),
  };
}
