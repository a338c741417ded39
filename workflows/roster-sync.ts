import { workflowInfo } from '@temporalio/workflow';
import type { RunRef, SyncInput, SyncResult } from './contract.js';
import { act } from './shared/act.js';
import { waitForQuietFile } from './shared/get-file.js';
import { endBroken, endWell } from './sync/end.js';
import { endOfKnown, fetchFile } from './sync/known-file.js';
import { type Ending, ofRest, planAndApply } from './sync/plan-and-apply.js';
import { beginSync, enterStage, type Sync } from './sync/state.js';

/**
 * One sync run: fetch, read, plan, perhaps hold for support, apply, report. What is wrong with a
 * file is an outcome; the workflow fails only when the outside stayed broken through all tries,
 * with an ApplicationFailure whose type is the code.
 */
export async function rosterSync(input: SyncInput): Promise<SyncResult> {
  const sync = beginSync(input);
  try {
    const ref = await openRun(sync);
    const ending = await syncFile(sync, ref);
    return await endWell(sync, sync.run ?? ref.run, ending);
  } catch (error) {
    return await endBroken(sync, error);
  }
}

async function syncFile(sync: Sync, ref: RunRef): Promise<Ending> {
  const { district } = ref;
  if (restIn(sync) !== undefined) return planAndApply(sync, ref, ofRest(ref));
  const policy = await act('readPolicy', { district }, 'read the settings');
  const missing = await waitForQuietFile(district, policy);
  if (missing !== null) return { outcome: 'refused', problem: missing };

  const fetched = await fetchFile(ref, policy);
  if (!fetched.ok) return { outcome: 'refused', problem: fetched.problem };
  const known = endOfKnown(fetched);
  if (known !== null) return known;

  enterStage(sync, 'reading');
  const read = await act('readRoster', ref, `run ${ref.run}: read, ${fetched.bytes} bytes`);
  if (!read.ok) return { outcome: 'refused', problem: read.problem };
  return planAndApply(sync, ref);
}

/** The run id is the occasion: one run per execution, whoever started it. */
async function openRun(sync: Sync): Promise<RunRef> {
  const { workflowId, runId } = workflowInfo();
  const { district, kind } = sync.input;
  const scheduledFor = scheduledStart();
  const rest = restIn(sync);
  const opened = await act(
    'openRun',
    {
      district,
      workflowId,
      occasion: runId,
      ...(kind === undefined ? {} : { kind }),
      ...(scheduledFor === undefined ? {} : { scheduledFor }),
      ...(rest === undefined ? {} : { rest }),
    },
    'open the run',
  );
  sync.run = opened.run;
  return { district, run: opened.run };
}

/** Whoever starts a sync by hand may say anything. */
function restIn({ input: { rest } }: Sync): number | undefined {
  return typeof rest === 'number' ? rest : undefined;
}

/** When the schedule meant this run to start; undefined if it was not the schedule. */
function scheduledStart(): string | undefined {
  return workflowInfo()
    .typedSearchAttributes.get({ name: 'TemporalScheduledStartTime', type: 'DATETIME' })
    ?.toISOString();
}
