import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/workflow';
import type { RunSummary, SyncResult } from '../contract.js';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import type { Ending } from './plan-and-apply.js';
import { enterStage, executionTag, type Sync } from './state.js';

/** Ends the run with its report; a refusal is told, once for the same bytes. */
export async function endWell(sync: Sync, run: number, ending: Ending): Promise<SyncResult> {
  const { outcome, problem, sameAs } = ending;
  const summary = await act(
    'writeReport',
    { district: sync.district, run, outcome, ...(problem === undefined ? {} : { problem }) },
    `run ${run}: ${outcome}`,
  );
  if (problem !== undefined && outcome === 'refused' && sameAs === undefined) {
    sync.post.send({ template: 'sync-refused', key: `sync-refused/${run}`, run, problem });
  }
  return finish(sync, summary, ending);
}

/**
 * The one way out for what broke. The run is closed in any case, also when it was cancelled; the
 * store knows best whether the plan was applied before that. Answers only then, else throws.
 */
export async function endBroken(sync: Sync, error: unknown): Promise<SyncResult> {
  if (isCancellation(error)) {
    await CancellationScope.nonCancellable(() => closeAsFailed(sync, 'CANCELLED'));
    enterStage(sync, 'done');
    throw error;
  }
  const code = failureCode(error) ?? ownCode(error);
  if (code === null) throw error;
  const summary = await closeAsFailed(sync, code);
  if (summary?.outcome === 'applied') return finish(sync, summary, { outcome: 'applied' });

  const run = sync.run === null ? {} : { run: sync.run };
  const key = `sync-failed/${sync.run ?? executionTag()}`;
  sync.post.send({ template: 'sync-failed', key, problem: code, ...run });
  enterStage(sync, 'done');
  await condition(() => sync.post.idle());
  throw ApplicationFailure.nonRetryable(`the sync failed: ${code}`, code);
}

async function finish(sync: Sync, summary: RunSummary, ending: Ending): Promise<SyncResult> {
  sync.lastRun = summary;
  enterStage(sync, 'done');
  await condition(() => sync.post.idle());
  return {
    ...summary,
    outcome: summary.outcome ?? ending.outcome,
    ...(ending.heldBy === undefined ? {} : { heldBy: ending.heldBy }),
    ...(ending.sameAs === undefined ? {} : { sameAs: ending.sameAs }),
    ...(ending.endedBy === undefined ? {} : { endedBy: ending.endedBy }),
    ...(sync.applied.length === 0 ? {} : { applied: sync.applied.map(({ run }) => run) }),
  };
}

/** Null if there is no run yet, or its end cannot be kept either. */
async function closeAsFailed(sync: Sync, errorCode: string): Promise<RunSummary | null> {
  sync.offer = null;
  if (sync.run === null) return null;
  const { district, run } = sync;
  try {
    const end = { district, run, outcome: 'failed', errorCode } as const;
    return await act('writeReport', end, `run ${run}: failed (${errorCode})`);
  } catch (error) {
    if (failureCode(error) === null) throw error;
    return null;
  }
}

const ownCode = (error: unknown): string | null =>
  error instanceof ApplicationFailure ? (error.type ?? 'INTERNAL') : null;
