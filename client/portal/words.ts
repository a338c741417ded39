/**
 * The process in the words of a school secretary. Everything that the page says about a
 * stage stands here, so that it can be read, checked and translated in one place.
 */
import type { Stage, WaitingOn } from '../../workflows/stages.js';

export interface Step {
  readonly title: string;
  readonly stages: readonly Stage[];
}

/** The nine stages as the six steps that a district thinks in. */
export const STEPS: readonly Step[] = [
  { title: 'You upload your file', stages: ['inviting', 'awaiting-upload'] },
  { title: 'We check every line', stages: ['validating', 'awaiting-correction'] },
  { title: 'Support looks it over', stages: ['awaiting-approval'] },
  { title: 'We load your roster', stages: ['loading'] },
  { title: 'You try the logins', stages: ['awaiting-login-test', 'login-problem'] },
  { title: 'Synced every night', stages: ['live'] },
];

export interface StageWords {
  readonly headline: string;
  readonly explain: string;
}

export const STAGE_WORDS: Readonly<Record<Stage, StageWords>> = {
  inviting: {
    headline: 'We are preparing your upload access',
    explain: 'This takes a moment. There is nothing for you to do; reload this page in a minute.',
  },
  'awaiting-upload': {
    headline: 'Please upload your roster file',
    explain:
      'Upload one CSV file to the place described under “How to upload”. We notice it by ourselves; the button only makes it quicker.',
  },
  validating: {
    headline: 'We are checking your file',
    explain:
      'There is nothing for you to do. A large file takes a few minutes; reload this page to see the result.',
  },
  'awaiting-correction': {
    headline: 'Your file needs a correction',
    explain:
      'Please mend what is listed below and upload the file again, with the same name. Nothing has been loaded yet, so nothing is broken.',
  },
  'awaiting-approval': {
    headline: 'Support is looking over your file',
    explain:
      'Your file could be read. A person checks what it would load, then it goes on by itself. There is nothing for you to do.',
  },
  loading: {
    headline: 'We are loading your roster',
    explain: 'There is nothing for you to do. Reload this page in a few minutes.',
  },
  'awaiting-login-test': {
    headline: 'Please try a few logins',
    explain:
      'Your roster is loaded. Ask the people listed under “Logins to try” to sign in, or help them do it, and tell us whether it works.',
  },
  'login-problem': {
    headline: 'Support is mending the logins',
    explain:
      'Thank you for telling us. We get in touch when there is something to try again. If the logins work by now, say so below.',
  },
  live: {
    headline: 'You are live',
    explain:
      'Every night we pick up the file of the same name and bring the roster in step. Just keep the file up to date.',
  },
};

/** At `awaiting-correction`, when it was a person at support who sent the file back. */
export const SENT_BACK =
  'Support looked over your file and asks you to change something. Please upload it again, with the same name. Nothing has been loaded yet, so nothing is broken.';

/** When the onboarding was never started, or is not known. */
export const NOT_STARTED: StageWords = {
  headline: 'Your onboarding has not begun yet',
  explain: 'There is nothing for you to do. You get a mail when it is your turn.',
};

/** Whose turn it is, as a short label. */
export function turnOf(waitingOn: WaitingOn, vendor: string): string {
  return TURNS[waitingOn].replace('VENDOR', () => vendor);
}
const TURNS: Readonly<Record<WaitingOn, string>> = {
  district: 'It is your turn',
  support: 'With VENDOR support',
  system: 'Our system is at work',
  nobody: 'All done',
};

/** What the district may tell us at a stage, besides the action that the stage waits for. */
export const MAY_TELL_UPLOAD: readonly Stage[] = [
  'awaiting-upload',
  'awaiting-correction',
  'awaiting-approval',
  'awaiting-login-test',
  'login-problem',
];
export const SHOWS_LOGINS: readonly Stage[] = ['awaiting-login-test', 'login-problem'];
