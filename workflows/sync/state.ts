import { setHandler, workflowInfo } from '@temporalio/workflow';
import { type RunSummary, SIGNALS, type SyncInput } from '../contract.js';
import * as messages from '../messages.js';
import { lenient } from '../payload-converter.js';
import {
  type Decision,
  type Ignored,
  approvalIn,
  type Offer,
  whyNoDecision,
  withIgnored,
} from '../shared/decision.js';
import { districtOf } from '../shared/input.js';
import { openPost, type Post } from '../shared/post.js';
import { publish } from '../shared/publish.js';
import { clock, runInWords } from '../shared/words.js';
import { SYNC_STAGE_WAITS_ON, type SyncStage } from '../stages.js';

/** One sync run, as far as it has come. */
export interface Sync {
  readonly district: string;
  readonly input: SyncInput;
  readonly post: Post;
  stage: SyncStage;
  since: string;
  /** Null until the store gave it a number. */
  run: number | null;
  lastRun: RunSummary | null;
  /** What was applied of the file, while the rest is on offer. */
  applied: readonly RunSummary[];
  offer: Offer | null;
  decision: Decision | null;
  /** A newer file's plan took the place of ours. */
  superseded: boolean;
  ignored: Ignored;
}

/** Begins the run and registers every handler, before anything is awaited. */
export function beginSync(input: SyncInput, stage: SyncStage = 'fetching'): Sync {
  const district = districtOf(input);
  const sync: Sync = {
    district,
    input,
    post: openPost(district),
    stage,
    since: now(),
    run: null,
    lastRun: null,
    applied: [],
    offer: null,
    decision: null,
    superseded: false,
    ignored: [],
  };
  listen(sync);
  show(sync);
  return sync;
}

function listen(sync: Sync): void {
  const ignore = (signal: string, payload: unknown, why: string): void =>
    ignoreFrom(sync, signal, messages.tellerOf(payload), why);
  setHandler(lenient(messages.planApproved), (told) => {
    const approval = approvalIn(told, sync.offer, sync.decision);
    if (typeof approval === 'string') return ignore(SIGNALS.planApproved, told, approval);
    sync.decision = approval;
  });
  setHandler(lenient(messages.planRejected), (told) => {
    const why = whyNoDecision(told, sync.offer, sync.decision);
    if (why !== null) return ignore(SIGNALS.planRejected, told, why);
    const reason = messages.reasonOf(told);
    sync.decision = {
      kind: 'rejected',
      by: messages.tellerOf(told),
      ...(reason === undefined ? {} : { reason }),
    };
  });
  setHandler(lenient(messages.planSuperseded), () => {
    sync.superseded = true;
  });
  setHandler(lenient(messages.planAsked), () => undefined);
  setHandler(messages.syncProgress, () => ({
    district: sync.district,
    stage: sync.stage,
    waitingOn: SYNC_STAGE_WAITS_ON[sync.stage],
    since: sync.since,
    run: sync.run,
    lastRun: sync.lastRun,
    applied: sync.applied,
    planHash: sync.offer?.planHash ?? null,
    ignored: sync.ignored,
    unsentMails: sync.post.unsent(),
  }));
}

/** Notes a signal that does not count. */
export function ignoreFrom(sync: Sync, signal: string, by: string, why: string): void {
  sync.ignored = withIgnored(sync.ignored, signal, by, why);
}

/** Moves on to a stage and shows it. */
export function enterStage(sync: Sync, stage: SyncStage): void {
  if (stage === sync.stage) return;
  sync.stage = stage;
  sync.since = now();
  show(sync);
}

const DOING: Readonly<Record<SyncStage, string>> = {
  fetching: 'fetching the file',
  reading: 'reading and checking the file',
  planning: 'working out what would change',
  held: '**support** has to decide about the plan, as it is over a limit',
  applying: 'applying the plan',
  done: 'done',
};

function show(sync: Sync): void {
  const run = sync.lastRun ?? (sync.run === null ? null : { run: sync.run });
  publish({
    district: sync.district,
    stage: sync.stage,
    waitingOn: SYNC_STAGE_WAITS_ON[sync.stage],
    since: sync.since,
    offer: sync.offer,
    lastRun: sync.lastRun,
    details: [
      `\`${sync.district}\`: ${DOING[sync.stage]}, since ${clock(sync.since)}.`,
      ...sync.applied.map(runInWords),
      run === null ? '' : 'outcome' in run ? runInWords(run) : `Run ${run.run}`,
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
  });
}

/** Names this execution in business keys, for as long as a run has no number. */
export const executionTag = (): string => workflowInfo().runId.slice(0, 8);

const now = (): string => new Date().toISOString();
