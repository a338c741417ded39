import { condition } from '@temporalio/workflow';
import { failureCode } from '../shared/failure-code.js';
import { duration } from '../shared/words.js';
import { show } from './enter.js';
import { hasUploadToSee, type Onboarding } from './state.js';

const FIRST_PAUSE = 10 * 60_000;
const LONGEST_PAUSE = 6 * 3600_000;
const TELL_AGAIN_AFTER = 24 * 3600_000;

/** Thrown by `surely` where a new upload makes the trouble of the old one moot. */
export class NewUpload extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'NewUpload';
    this.code = code;
  }
}

export interface Care {
  /** When the district uploads anew meanwhile: give up with NewUpload, or try again at once. */
  readonly onUpload?: 'yield' | 'hurry';
  /** Codes that are an answer and no trouble: the failure is passed on. */
  readonly answers?: readonly string[];
}

/**
 * Does something however long the outside is broken: an onboarding never fails for that. When the
 * tries of the activity's profile are used up, support is told, once a day, and it is tried again.
 *
 * `what` names it in mail keys, for example `fetchRoster/3`.
 */
export async function surely<T>(
  onboarding: Onboarding,
  what: string,
  doIt: () => Promise<T>,
  { onUpload, answers = [] }: Care = {},
): Promise<T> {
  let told = null as { readonly at: number; readonly times: number } | null;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const done = await doIt();
      if (told !== null) show(onboarding);
      return done;
    } catch (error) {
      const code = failureCode(error);
      if (code === null || answers.includes(code)) throw error;
      if (told === null || Date.now() - told.at >= TELL_AGAIN_AFTER) {
        told = { at: Date.now(), times: (told?.times ?? 0) + 1 };
        tellSupport(onboarding, what, code, told.times);
      }
      show(onboarding, `${what} does not work (${code}), it is tried again`);
      const cut = () => onUpload !== undefined && hasUploadToSee(onboarding);
      const summary = `${code}: try again after ${duration(pause)}`;
      const uploaded = await condition(cut, pause, { summary });
      if (uploaded && onUpload === 'yield') throw new NewUpload(code);
    }
  }
}

function tellSupport(onboarding: Onboarding, what: string, code: string, number: number): void {
  const { stay, openRun } = onboarding.state;
  onboarding.post.send({
    template: 'sync-failed',
    key: `sync-failed/${stay.stage}/${stay.time}/${what}/${number}/${onboarding.tag}`,
    stage: stay.stage,
    problem: code,
    ...(openRun === null ? {} : { run: openRun }),
  });
}
