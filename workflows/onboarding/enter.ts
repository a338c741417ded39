import { publish } from '../shared/publish.js';
import { clock, counted, runInWords } from '../shared/words.js';
import { STAGE_WAITS_ON, type Stage, type WaitingOn } from '../stages.js';
import { loginReason, newStay, type Onboarding, type Stay } from './state.js';

/** Moves on to a stage and shows it. */
export function enter(onboarding: Onboarding, stage: Stage): void {
  const { state } = onboarding;
  const time = (state.times[stage] ?? 0) + 1;
  state.times = { ...state.times, [stage]: time };
  state.stay = newStay(stage, time);
  state.decision = null;
  state.superseded = false;
  show(onboarding);
}

/** Leaves a waiting stage to read an upload; the stay is kept, as the upload may be no news. */
export function interrupt(onboarding: Onboarding): void {
  onboarding.state.before = onboarding.state.stay;
  enter(onboarding, 'validating');
}

/** Takes up the interrupted stay as it stood: its `since`, reminders and offer go on. */
export function resume(onboarding: Onboarding, stay: Stay): void {
  onboarding.state.stay = stay;
  onboarding.state.before = null;
  show(onboarding);
}

const DOING: Readonly<Record<Stage, string>> = {
  inviting: 'preparing the invitation',
  'awaiting-upload': 'waiting for the **district** to upload its file',
  validating: 'reading the uploaded file',
  'awaiting-correction': 'waiting for the **district** to upload a corrected file',
  'awaiting-approval': 'waiting for **support** to approve the plan',
  loading: 'loading the approved plan',
  'awaiting-login-test': 'waiting for the **district** to test the sample logins',
  'login-problem': 'waiting for **support** to mend the logins',
  live: 'live, the nightly schedule is on',
};

/** Shows where the onboarding stands. `doing` and `waitingOn` tell of an exception. */
export function show(onboarding: Onboarding, doing?: string, waitingOn?: WaitingOn): void {
  const { district, stay, offer, lastRun } = onboarding.state;
  const { stage, since } = stay;
  const reason = loginReason(onboarding);
  const lines = [
    `\`${district}\`: ${doing ?? DOING[stage]}, since ${clock(since)}.`,
    lastRun === null ? '' : `${runInWords(lastRun)}.`,
    stay.reminded > 0 ? `${counted(stay.reminded, 'reminder')} sent.` : '',
  ];
  publish({
    district,
    stage,
    since,
    offer,
    lastRun,
    note: reason?.startsWith('note/') ? reason : null,
    waitingOn: waitingOn ?? STAGE_WAITS_ON[stage],
    details: lines.filter((line) => line !== '').join('\n\n'),
  });
}
