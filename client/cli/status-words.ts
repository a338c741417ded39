/** A status for people: where it stands and what to do next. */
import { block } from './block.js';
import type { Io } from './io.js';
import { changesLine, paintOutcome } from './run-words.js';
import { clean, moment, span } from './text.js';
import type { Status } from '../types.js';

const NEXT: Readonly<Record<Status['stage'], (id: string) => string | null>> = {
  'not-started': (id) => `npx rollcall onboard ${id}`,
  inviting: () => null,
  'awaiting-upload': (id) =>
    `the district uploads its file (a password: npx rollcall credentials ${id})`,
  validating: () => null,
  'awaiting-correction': (id) =>
    `the district mends its file and uploads it again; npx rollcall report ${id} shows what is wrong`,
  'awaiting-approval': (id) =>
    `npx rollcall plan ${id}, then approve ${id} or reject ${id} --reason …`,
  loading: () => null,
  'awaiting-login-test': (id) =>
    `the district tries the sample logins, then: npx rollcall logins-ok ${id}`,
  'login-problem': (id) => `support mends the logins, then: npx rollcall logins-ok ${id}`,
  live: () => null,
};

/** Where a plan that waits is that of a sync, and not of the onboarding. */
const HELD_BY_SYNC: readonly Status['stage'][] = ['live', 'awaiting-login-test', 'login-problem'];

export function statusBlock(io: Io, status: Status, now = Date.now()): string {
  const { district, stage, since, waitingOn, lastRun, waitingPlan, worker } = status;
  const ended = !['none', 'running', 'completed'].includes(status.workflow);
  const ago = since === null ? '' : `, since ${moment(since)} (${span(now - Date.parse(since))})`;
  return `${io.paint('bold', clean(status.name))} (${district})\n${block(io, [
    ['stage', `${io.paint('cyan', stage)}${ago}`],
    ['waits on', waitingOn],
    [
      'ended',
      ended
        ? io.paint(
            'red',
            `the workflow ended early (${status.workflow}): npx rollcall onboard ${district} begins again`,
          )
        : null,
    ],
    ['they say', status.loginReason && clean(status.loginReason)],
    [
      'last run',
      lastRun &&
        `run ${lastRun.run}, ${lastRun.kind}, ${paintOutcome(io, lastRun.outcome)}${lastRun.problem ? ` (${lastRun.problem})` : ''}, ${moment(lastRun.startedAt)}; ${changesLine(lastRun.changes)}`,
    ],
    [
      'held plan',
      waitingPlan && HELD_BY_SYNC.includes(stage)
        ? `run ${waitingPlan.run}: npx rollcall plan ${district} ${waitingPlan.run}, then approve or reject`
        : null,
    ],
    [
      'next sync',
      status.paused
        ? `paused: npx rollcall resume ${district}`
        : status.nextSync && moment(status.nextSync),
    ],
    ['worker', workerLine(io, worker)],
    ['next', ended ? null : NEXT[stage](district)],
    [
      'or',
      waitingPlan && stage === 'awaiting-correction'
        ? `support approves what can be read, without the bad rows: npx rollcall plan ${district} ${waitingPlan.run}`
        : null,
    ],
  ])}`;
}

/** Null while one runs: that is how it should be. */
export function workerLine(io: Io, worker: Status['worker']): string | null {
  if (worker.running) return null;
  const seen = worker.lastSeen === null ? 'none' : `none since ${moment(worker.lastSeen)}`;
  return io.paint('yellow', `${seen}; nothing moves until one runs: npx rollcall worker`);
}

export async function statusTable(io: Io, all: readonly Status[]): Promise<string> {
  const { table } = await import('./table.js');
  const lines = table(
    io,
    [
      { title: 'district', of: ({ district }) => district },
      { title: 'stage', of: ({ stage }) => stage },
      { title: 'waits on', of: ({ waitingOn }) => waitingOn },
      { title: 'since', of: ({ since }) => moment(since) },
      {
        title: 'last run',
        of: ({ lastRun }) => lastRun && `${lastRun.run} ${lastRun.outcome ?? 'under way'}`,
      },
      { title: 'next sync', of: ({ nextSync, paused }) => (paused ? 'paused' : moment(nextSync)) },
    ],
    all,
  );
  const worker = all[0] && workerLine(io, all[0].worker);
  return worker ? `${lines}\n\n  worker  ${worker}` : lines;
}
