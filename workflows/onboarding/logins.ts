import { condition } from '@temporalio/workflow';
import { type OnboardingResult, SIGNALS } from '../contract.js';
import { act } from '../shared/act.js';
import { enter, show } from './enter.js';
import { ignore } from './listen.js';
import {
  hasUploadToSee,
  type LoginAnswer,
  mailKey,
  type Onboarding,
  type OnboardingState,
} from './state.js';
import { surely } from './surely.js';
import { syncUpload } from './sync-upload.js';
import { waitForNews } from './wait.js';

/**
 * The district tries the sample logins, or support mends them: serves `awaiting-login-test` and
 * `login-problem`. Uploads are synced meanwhile.
 */
export async function awaitLoginAnswer(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  const news = await waitForNews(onboarding, () => state.loginAnswers.length > 0);
  if (news === 'upload') return syncUpload(onboarding);
  const [answer, ...later] = state.loginAnswers;
  state.loginAnswers = later;
  if (answer?.kind === 'failed') return reportProblem(onboarding, answer);
  if (answer === undefined) return;
  if (!later.some(({ kind }) => kind === 'failed')) return goLive(onboarding);
  ignore(state, SIGNALS.loginTestCompleted, answer, 'it was taken back before it was acted upon');
}

/** Support is told; told again of the same problem, it stays one problem. */
function reportProblem(
  onboarding: Onboarding,
  { by, reason }: Extract<LoginAnswer, { kind: 'failed' }>,
): void {
  const { state } = onboarding;
  const known = state.stay.stage === 'login-problem';
  if (known && (reason === undefined || reason === state.lastLoginReason))
    return ignore(state, SIGNALS.loginTestFailed, { by }, 'this was told already');
  state.lastLoginReason = reason ?? null;
  if (known) show(onboarding);
  else enter(onboarding, 'login-problem');
  state.loginReports += 1;
  onboarding.post.send({
    template: 'login-problem',
    key: mailKey(onboarding, 'login-problem', state.loginReports),
    ...(reason === undefined ? {} : { reason }),
  });
}

async function goLive(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  const { district } = state;
  show(onboarding, 'the logins work; the nightly schedule is being made', 'system');
  const { scheduleId, nextSync } = await surely(onboarding, 'makeSchedule', () =>
    act('makeSchedule', { district }, 'make the nightly schedule'),
  );
  state.schedule = { scheduleId, nextSync };
  dropAnswers(state);
  enter(onboarding, 'live');
  onboarding.post.send({ template: 'live', key: mailKey(onboarding, 'live') });
}

/** The schedule runs: what was said of the logins while it was made comes too late. */
function dropAnswers(state: OnboardingState): void {
  for (const answer of state.loginAnswers) {
    const signal = answer.kind === 'failed' ? SIGNALS.loginTestFailed : SIGNALS.loginTestCompleted;
    ignore(state, signal, answer, 'the district was going live already');
  }
  state.loginAnswers = [];
}

/** Nothing that was told in time is lost: the last uploads are synced, the last mails sent. */
export async function finish(onboarding: Onboarding): Promise<OnboardingResult> {
  const { state, post } = onboarding;
  for (;;) {
    if (hasUploadToSee(onboarding)) await syncUpload(onboarding);
    else if (post.idle()) break;
    else await condition(() => post.idle() || hasUploadToSee(onboarding));
  }
  return {
    district: state.district,
    run: state.lastRun?.run ?? null,
    scheduleId: state.schedule?.scheduleId ?? '',
    nextSync: state.schedule?.nextSync ?? null,
  };
}
