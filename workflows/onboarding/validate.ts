import { workflowInfo } from '@temporalio/workflow';
import { type Fetched, type FileProblem, SIGNALS } from '../contract.js';
import { act } from '../shared/act.js';
import { fetchQuietFile } from '../shared/get-file.js';
import { enter, resume } from './enter.js';
import { tellProblem } from './folder.js';
import { ignore } from './listen.js';
import { offerPlan, withdrawOffer } from './offer.js';
import type { Onboarding } from './state.js';
import { NewUpload, surely } from './surely.js';

/** Problems of the server or its settings: nothing that the district's file could mend. */
const OF_THE_SERVER: readonly FileProblem[] = [
  'SFTP_AUTH',
  'SFTP_HOST_KEY',
  'SFTP_PATH',
  'SFTP_SECRET',
];
/** The file went, or is still being written: the watch goes on. */
const NOT_THERE_YET: readonly FileProblem[] = ['NO_FILE', 'FILE_CHANGED'];

/**
 * Reads the upload: fetch, read, plan. A new file's plan goes on offer. The bytes that were read
 * before, or no file at all, lead back to the stage that was interrupted, as it stood.
 */
export async function validate(onboarding: Onboarding): Promise<void> {
  const run = await openRun(onboarding);
  try {
    await validateRun(onboarding, run);
  } catch (error) {
    if (!(error instanceof NewUpload)) throw error;
    await closeRun(onboarding, run, { outcome: 'failed', errorCode: error.code });
    enter(onboarding, 'validating');
  }
}

async function validateRun(onboarding: Onboarding, run: number): Promise<void> {
  const { state } = onboarding;
  const { district } = state;
  const fetched = await fetchUpload(onboarding, run);
  if (!fetched.ok) return refuseFetch(onboarding, run, fetched.problem);
  if (state.before !== null && wasJustRead(onboarding, fetched)) {
    const by = { by: state.uploadTeller };
    ignore(state, SIGNALS.fileUploaded, by, `the same bytes as run ${state.judgedRun}`);
    await closeRun(onboarding, run, { outcome: 'unchanged' });
    return resume(onboarding, state.before);
  }

  await withdrawOffer(onboarding);
  const read = await surely(
    onboarding,
    `readRoster/${run}`,
    () => act('readRoster', { district, run }, `run ${run}: read, ${fetched.bytes} bytes`),
    { onUpload: 'yield' },
  );
  if (!read.ok) return refuse(onboarding, run, read.problem);
  await offerPlan(onboarding, run, read.findings.errors);
}

async function openRun(onboarding: Onboarding): Promise<number> {
  const { state, tag } = onboarding;
  const { district } = state;
  const { workflowId } = workflowInfo();
  state.occasions += 1;
  const occasion = `upload/${state.occasions}/${tag}`;
  const { run } = await surely(onboarding, `openRun/${state.occasions}`, () =>
    act('openRun', { district, workflowId, occasion, kind: 'first' }, 'open the run'),
  );
  state.openRun = run;
  return run;
}

/** Every upload that was told until now is the one that is fetched. */
async function fetchUpload(onboarding: Onboarding, run: number): Promise<Fetched> {
  const { state } = onboarding;
  const { district } = state;
  return surely(
    onboarding,
    `fetchRoster/${run}`,
    async () => {
      const policy = await act('readPolicy', { district }, 'read the settings');
      state.uploadsSeen = state.uploadsTold;
      return fetchQuietFile({ district, run }, policy);
    },
    { onUpload: 'hurry' },
  );
}

/** By the last run whose file was judged; an older file that comes back is news. */
const wasJustRead = ({ state }: Onboarding, fetched: Fetched & { ok: true }): boolean =>
  fetched.same !== undefined && fetched.same !== 'accepted' && fetched.sameRun === state.judgedRun;

async function refuseFetch(
  onboarding: Onboarding,
  run: number,
  problem: FileProblem,
): Promise<void> {
  const { before } = onboarding.state;
  if (before === null || ![...OF_THE_SERVER, ...NOT_THERE_YET].includes(problem)) {
    await withdrawOffer(onboarding);
    return refuse(onboarding, run, problem);
  }
  await closeRun(onboarding, run, { outcome: 'refused', problem });
  resume(onboarding, before);
  if (OF_THE_SERVER.includes(problem)) tellProblem(onboarding, problem);
}

/** The file cannot be read: the district is told why, nothing was changed. */
async function refuse(onboarding: Onboarding, run: number, problem: FileProblem): Promise<void> {
  onboarding.state.judgedRun = run;
  onboarding.state.lastRun = await closeRun(onboarding, run, { outcome: 'refused', problem });
  enter(onboarding, 'awaiting-correction');
  onboarding.post.send({ template: 'file-refused', key: `file-refused/${run}`, run, problem });
}

async function closeRun(
  onboarding: Onboarding,
  run: number,
  end: { outcome: 'refused' | 'unchanged' | 'failed'; problem?: FileProblem; errorCode?: string },
) {
  const { state } = onboarding;
  const { district } = state;
  const summary = await surely(onboarding, `writeReport/${run}`, () =>
    act('writeReport', { district, run, ...end }, `run ${run}: ${end.outcome}`),
  );
  state.openRun = state.offer?.run ?? null;
  return summary;
}
