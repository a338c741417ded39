/** Follows one sync until it ends or waits for a person. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Context } from './context.js';
import { down, refused, type RollcallError } from './errors.js';
import { attribute, describeWorkflow } from './onboarding.js';
import type { SyncOptions } from './types.js';
import { workerSeen } from './worker-seen.js';
import { listRuns } from '../store/read/runs.js';
import type { RunRecord } from '../store/types.js';
import type { Outcome, SyncResult } from '../workflows/contract.js';

const LOOK_EVERY_MS = 300;
/** Before that a worker may just be slow to take the first task. */
const PATIENCE_MS = 4_000;
/** Started, and its first task scheduled: nobody has taken it yet. */
const UNTOUCHED_EVENTS = 2;

const DOING: Readonly<Record<string, string>> = {
  openRun: 'opening the run',
  lookForUpload: 'looking for the file',
  readPolicy: 'reading the settings',
  fetchRoster: 'fetching the file',
  readRoster: 'reading and checking the file',
  makePlan: 'comparing it with the roster',
  planUndo: 'working out what to put back',
  applyPlan: 'applying the plan',
  closePlan: 'closing an older plan',
  sendMail: 'sending a mail',
  writeReport: 'writing the report',
};

export interface Followed {
  /** Null if `signal` stopped the following. */
  readonly result: SyncResult | null;
  readonly record: RunRecord | null;
}

/**
 * A run that failed is an outcome like any other. Throws NO_WORKER if nobody takes it up,
 * SYNC_FAILED if its workflow broke before there was an outcome to read.
 */
export async function followSync(
  context: Context,
  district: string,
  workflowId: string,
  options: SyncOptions,
): Promise<Followed> {
  const began = Date.now();
  let told = '';
  for (;;) {
    const now = await describeWorkflow(context, workflowId);
    if (!now) throw gone(district);
    if (now.status.name !== 'RUNNING') return ended(context, district, workflowId, now);

    const doing = doingNow(now);
    if (doing !== null && doing !== told) options.onProgress?.((told = doing));
    if (attribute(now, 'stage') === 'held') {
      const record = await recordOf(context, district, workflowId);
      if (record) return { result: resultOf(record, 'held'), record };
    }
    if (now.historyLength <= UNTOUCHED_EVENTS && Date.now() - began > PATIENCE_MS) {
      if (!(await workerSeen(context)).running) throw noWorker(district);
    }
    if (options.signal?.aborted) return { result: null, record: null };
    await pause(LOOK_EVERY_MS);
  }
}

/** Null while no activity is under way: it is between two, or it waits. */
function doingNow(now: WorkflowExecutionDescription): string | null {
  const pending = now.raw.pendingActivities?.[0];
  if (!pending) return null;
  const doing = DOING[pending.activityType?.name ?? ''] ?? 'working';
  const attempt = pending.attempt ?? 1;
  return attempt > 1 ? `${doing} (attempt ${attempt})` : doing;
}

async function ended(
  context: Context,
  district: string,
  workflowId: string,
  now: WorkflowExecutionDescription,
): Promise<Followed> {
  const all = await context.store((db) => listRuns(db, district));
  if (now.status.name !== 'COMPLETED') {
    // Its workflow closed the run before it failed, so the store tells how it ended.
    const record = all.find((one) => one.workflowId === workflowId);
    if (!record?.outcome || record.endedAt === null)
      throw broken(district, now.status.name, record);
    return { result: resultOf(record, record.outcome), record };
  }
  const result = await context.temporal(
    (client: Client) => client.workflow.getHandle(workflowId).result() as Promise<SyncResult>,
  );
  return { result, record: all.find((one) => one.run === result.run) ?? null };
}

async function recordOf(
  context: Context,
  district: string,
  workflowId: string,
): Promise<RunRecord | undefined> {
  const all = await context.store((db) => listRuns(db, district));
  return all.find((one) => one.workflowId === workflowId);
}

/** What the workflow would answer, if it could: it waits, or has failed. */
const resultOf = (record: RunRecord, outcome: Outcome): SyncResult => ({
  run: record.run,
  kind: record.kind,
  outcome,
  ...(record.findings && { findings: record.findings }),
  ...(record.changes && { changes: record.changes }),
  ...(record.planHash !== null && { planHash: record.planHash }),
  ...(record.restOf !== null && { restOf: record.restOf }),
});

const noWorker = (district: string): RollcallError =>
  down(
    'NO_WORKER',
    `The sync of ${district} is in line, yet no worker is running: start one with \`npx rollcall worker\` (or \`up\`) and it goes on by itself.`,
  );

const gone = (district: string): RollcallError =>
  refused(
    'SYNC_GONE',
    `The sync of ${district} is no longer known to Temporal; see \`npx rollcall runs ${district}\`.`,
  );

const broken = (district: string, state: string, record: RunRecord | undefined): RollcallError =>
  refused(
    'SYNC_FAILED',
    `The sync of ${district} ended as ${state.toLowerCase()}${record?.errorCode ? ` (${record.errorCode})` : ''}; nothing of it counts that \`npx rollcall runs ${district}\` does not show.`,
  );
