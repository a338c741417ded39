import type { Planned } from '../contract.js';
import { act } from '../shared/act.js';
import { tellSuperseded } from '../shared/supersede.js';
import { enter } from './enter.js';
import type { Onboarding } from './state.js';
import { type Care, surely } from './surely.js';

/**
 * Plans what the file would change and puts the plan on offer. With errors the district is asked
 * for a better file, and support may still approve what could be read.
 */
export async function offerPlan(
  onboarding: Onboarding,
  run: number,
  errors: number,
): Promise<void> {
  const planned = await planRun(onboarding, run, { onUpload: 'yield' });
  if (planned.superseded) return passOver(onboarding, run);
  await offer(onboarding, run, planned.planHash);
  enter(onboarding, errors > 0 ? 'awaiting-correction' : 'awaiting-approval');
  const template = errors > 0 ? 'correction-needed' : 'plan-ready';
  onboarding.post.send({ template, key: planKey(template, run, planned.planHash), run });
}

/** The roster moved since the approval, and with it the plan: support has to look once more. */
export async function offerAgain(
  onboarding: Onboarding,
  run: number,
  planHash: string,
): Promise<void> {
  await offer(onboarding, run, planHash);
  enter(onboarding, 'awaiting-approval');
  const key = planKey('plan-ready', run, planHash);
  onboarding.post.send({ template: 'plan-ready', key, run });
}

export async function planRun(
  onboarding: Onboarding,
  run: number,
  care: Care = {},
): Promise<Planned> {
  const { district } = onboarding.state;
  const planned = await surely(
    onboarding,
    `makePlan/${run}`,
    () => act('makePlan', { district, run }, `run ${run}: plan`),
    care,
  );
  await tellSuperseded(planned);
  return planned;
}

/** The run's report says `held`: it waits for a person. */
async function offer(onboarding: Onboarding, run: number, planHash: string): Promise<void> {
  const { state } = onboarding;
  state.offer = { run, planHash };
  state.judgedRun = run;
  state.before = null;
  await report(onboarding, run, `run ${run}: a plan is on offer`);
}

async function report(onboarding: Onboarding, run: number, summary: string): Promise<void> {
  const { state } = onboarding;
  const { district } = state;
  state.lastRun = await surely(onboarding, `writeReport/${run}`, () =>
    act('writeReport', { district, run, outcome: 'held' }, summary),
  );
}

/** A newer run's plan came before ours was made: what is in the folder now is read instead. */
async function passOver(onboarding: Onboarding, run: number): Promise<void> {
  await report(onboarding, run, `run ${run}: a newer run's plan came first`);
  startOver(onboarding);
}

/** Another run's plan took the place of ours: read what is in the folder now. */
export function startOver(onboarding: Onboarding): void {
  onboarding.state.offer = null;
  onboarding.state.before = null;
  enter(onboarding, 'validating');
}

/** A newer file takes the place of the plan on offer, if there is one. */
export async function withdrawOffer(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  const { district, offer } = state;
  state.before = null;
  state.judgedRun = null;
  if (offer === null) return;
  state.offer = null;
  await surely(onboarding, `closePlan/${offer.run}`, () =>
    act(
      'closePlan',
      { district, run: offer.run, state: 'superseded', by: 'system' },
      `run ${offer.run}: a newer file takes its place`,
    ),
  );
}

const planKey = (template: string, run: number, planHash: string): string =>
  `${template}/${run}/${planHash.slice(0, 8)}`;
