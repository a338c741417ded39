import { act } from '../shared/act.js';
import { enter, interrupt } from './enter.js';
import { startOver } from './offer.js';
import type { Onboarding } from './state.js';
import { surely } from './surely.js';
import { waitForNews } from './wait.js';

/** The district's first file, told or seen. */
export async function awaitUpload(onboarding: Onboarding): Promise<void> {
  await waitForNews(onboarding, () => false);
  interrupt(onboarding);
}

/**
 * A plan is on offer, or a file was no good: support decides, or the district uploads anew. Serves
 * `awaiting-approval` and `awaiting-correction`, which differ only in whom they wait for.
 */
export async function awaitDecision(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  const news = await waitForNews(onboarding, () => state.decision !== null || state.superseded);
  const { offer, decision } = state;
  if (news === 'upload') return interrupt(onboarding);
  if (offer === null || decision === null) return startOver(onboarding);
  if (decision.kind === 'rejected') return reject(onboarding, offer.run, decision);
  const { by, scope } = decision;
  state.approved = { ...offer, by, ...(scope && { scope }) };
  state.offer = null;
  enter(onboarding, 'loading');
}

async function reject(
  onboarding: Onboarding,
  run: number,
  { by, reason }: { by: string; reason?: string },
): Promise<void> {
  const { state } = onboarding;
  const { district } = state;
  const why = reason === undefined ? {} : { reason };
  state.offer = null;
  await surely(onboarding, `closePlan/${run}`, () =>
    act('closePlan', { district, run, state: 'rejected', by, ...why }, `run ${run}: plan rejected`),
  );
  state.lastRun = await surely(onboarding, `writeReport/${run}`, () =>
    act('writeReport', { district, run, outcome: 'rejected' }, `run ${run}: rejected`),
  );
  state.openRun = null;
  enter(onboarding, 'awaiting-correction');
  onboarding.post.send({ template: 'plan-rejected', key: `plan-rejected/${run}`, run, ...why });
}
