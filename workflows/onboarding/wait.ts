import { condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Policy } from '../contract.js';
import type { districtOnboarding } from '../district-onboarding.js';
import { act } from '../shared/act.js';
import { duration } from '../shared/words.js';
import { watchFolder } from './folder.js';
import { remindAndEscalate } from './reminders.js';
import type { Onboarding } from './state.js';
import { surely } from './surely.js';

export type News = 'answer' | 'upload';

/**
 * Waits in a stage, for weeks if need be, until there is an answer or a new file; reminds the
 * district and tells support on the way. An answer goes first: a file that came with it is still
 * there when the answer has been acted upon.
 */
export async function waitForNews(onboarding: Onboarding, hasAnswer: () => boolean): Promise<News> {
  const policy = await readPolicy(onboarding);
  const folder = watchFolder(onboarding, policy);
  try {
    for (;;) {
      if (hasAnswer()) return 'answer';
      if (folder.hasNews()) return 'upload';
      if (isTimeToRenew(onboarding)) await renew(onboarding);
      const wait = remindAndEscalate(onboarding, policy);
      await until(
        () => hasAnswer() || folder.hasNews() || isTimeToRenew(onboarding),
        wait,
        onboarding.state.stay.stage,
      );
    }
  } finally {
    folder.stop();
  }
}

function readPolicy(onboarding: Onboarding): Promise<Policy> {
  const { district } = onboarding.state;
  return surely(onboarding, 'readPolicy', () =>
    act('readPolicy', { district }, 'read the settings'),
  );
}

async function until(fn: () => boolean, wait: number | null, stage: string): Promise<void> {
  if (wait === null) return condition(fn);
  await condition(fn, wait, { summary: `${stage}: next reminder in ${duration(wait)}` });
}

/** A long history, and no mail on its way that would be lost. */
const isTimeToRenew = ({ post }: Onboarding): boolean =>
  workflowInfo().continueAsNewSuggested && post.idle();

/** Signals are facts in the state by now, as handlers only write them down. */
function renew({ state, post }: Onboarding): Promise<never> {
  const { district } = state;
  return continueAsNew<typeof districtOnboarding>(
    { district },
    { ...state, unsentMails: post.unsent() },
  );
}
