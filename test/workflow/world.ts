/**
 * The outside as the workflows see it, in memory: a folder, a store, a mail server. It answers as
 * the real activities promise to in workflows/contract.ts, keeps what it was asked, and can be
 * told to misbehave. Real activities are tested in test/activities; here only the process is.
 */
import { ApplicationFailure } from '@temporalio/common';
import type {
  Activities,
  ChangeTotals,
  DutyDone,
  FileProblem,
  HeldLimit,
  MailRequest,
  MailTemplate,
  Outcome,
  Planned,
  PlanScope,
  Policy,
  RunKind,
  RunSummary,
} from '../../workflows/contract.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const POLICY: Policy = {
  remindAfter: [2 * DAY, 5 * DAY, 10 * DAY],
  remindEvery: 7 * DAY,
  escalateAfter: 14 * DAY,
  quietFor: MINUTE,
  // Seldom, as each look is a real call; one test watches by the minute.
  lookEvery: 12 * HOUR,
  holdFor: 14 * DAY,
};

/** A file as the process can tell it from others. */
export interface TestFile {
  readonly sha256: string;
  readonly errors?: number;
  readonly unreadable?: FileProblem;
  readonly held?: readonly HeldLimit[];
  /** Only these schools are over limits: the store leaves them out by itself. */
  readonly isolates?: readonly string[];
}
/** A school that no plan has. */
export const UNKNOWN_SCHOOL = '999';

interface Run {
  readonly run: number;
  readonly kind: RunKind;
  readonly workflowId: string;
  readonly occasion: string;
  readonly undoes?: number;
  file?: TestFile;
  /** Counts the fetches of all runs. */
  fetched?: number;
  read?: boolean;
  unreadable?: FileProblem;
  restOf?: number;
  plan?: {
    scope?: PlanScope;
    hash: string;
    state: 'waiting' | 'applied' | 'rejected' | 'superseded' | 'expired';
  };
  outcome?: Outcome;
  problem?: FileProblem;
  errorCode?: string;
}

type Misbehaviour = (call: number) => Promise<void> | void;

export class World {
  readonly district: string;
  policy: Policy = POLICY;
  /** What lies in the folder. */
  file: TestFile | null = null;
  /** How many more looks find it still being written. */
  settling = 0;
  /** What keeps the folder from being looked at. */
  problem: FileProblem | null = null;
  /** The mail server refuses every mail for good. */
  refusesMail = false;
  lastFetched: TestFile | null = null;
  accepted: TestFile | null = null;
  /** What holds the plan of an undo. */
  undoHeld: readonly HeldLimit[] = [];
  /** What each next purge of the district answers; after the last of them nobody is due. */
  readonly due: DutyDone[] = [];
  /** Part of every plan's hash: changes when the roster moves. */
  rosterVersion = 1;
  readonly runs: Run[] = [];
  readonly mails: (MailRequest & { readonly at: number })[] = [];
  readonly applied: { run: number; planHash: string; by: string }[] = [];
  readonly closed: { run: number; state: string; by: string; reason?: string }[] = [];
  readonly calls: (keyof Activities)[] = [];
  /** Activities that are being answered at this moment. */
  busy = 0;
  #now = 0;
  readonly #lost = new Map<keyof Activities, string>();
  readonly #misbehaviours = new Map<keyof Activities, Misbehaviour>();

  constructor(district: string) {
    this.district = district;
  }

  /** Runs before the activity each time, with the number of the call (1, 2, 3 …). */
  before(name: keyof Activities, misbehave: Misbehaviour): void {
    this.#misbehaviours.set(name, misbehave);
  }
  /** The activity fails for good, or until `heal`. */
  break(name: keyof Activities, code: string, nonRetryable = true): void {
    this.before(name, () => {
      throw ApplicationFailure.create({ message: 'broken', type: code, nonRetryable });
    });
  }
  heal(name: keyof Activities): void {
    this.#misbehaviours.delete(name);
  }
  /** The activity does its work, and its answer never arrives. */
  loseAnswer(name: keyof Activities, code: string): void {
    this.#lost.set(name, code);
  }

  /** Templates of the mails sent, in order. */
  mailed(): MailTemplate[] {
    return this.mails.map((mail) => mail.template);
  }
  /** On which days after `since` these mails were sent; `since` is ISO 8601. */
  daysOf(template: MailTemplate, since: string): number[] {
    return this.mails
      .filter((mail) => mail.template === template)
      .map((mail) => Math.floor((mail.at - Date.parse(since)) / DAY));
  }
  countOf(name: keyof Activities): number {
    return this.calls.filter((call) => call === name).length;
  }
  outcomes(): (Outcome | undefined)[] {
    return this.runs.map((run) => run.outcome);
  }

  /** @param at the server's time, in milliseconds */
  async call(name: keyof Activities, input: never, at: number): Promise<unknown> {
    this.busy += 1;
    try {
      return await this.#answer(name, input, at);
    } finally {
      this.busy -= 1;
    }
  }

  async #answer(name: keyof Activities, input: never, at: number): Promise<unknown> {
    this.calls.push(name);
    this.#now = at;
    await this.#misbehaviours.get(name)?.(this.countOf(name));
    const answer = await (this.#activities[name] as (input: never) => Promise<unknown>)(input);
    const lost = this.#lost.get(name);
    if (lost !== undefined) throw ApplicationFailure.nonRetryable('the answer is lost', lost);
    return answer;
  }

  #run(number: number): Run {
    const run = this.runs[number - 1];
    if (!run) throw ApplicationFailure.nonRetryable('no such run', 'RUN_UNKNOWN');
    return run;
  }

  /** As the store makes it: of the file, the roster and the scope. */
  #hashOf({ file, undoes, restOf }: Run, scope?: PlanScope): string {
    const of = undoes === undefined ? `plan-${file?.sha256}` : `undo-${undoes}`;
    const whole = `${of}-${this.rosterVersion}`;
    return `${restOf === undefined ? '' : 'rest-'}${whole}${scope ? JSON.stringify(scope) : ''}`;
  }

  /** What a part left out, with a run of its own. */
  #rest({ kind, workflowId, run: restOf, file, fetched }: Run): Run {
    const known = this.runs.find((one) => one.restOf === restOf);
    if (known) return known;
    const run = this.runs.length + 1;
    const rest: Run = {
      ...{ run, kind, workflowId, restOf, occasion: `rest of run ${restOf}`, read: true },
      ...(file && { file }),
      ...(fetched !== undefined && { fetched }),
    };
    rest.plan = { hash: this.#hashOf(rest), state: 'waiting' };
    this.runs.push(rest);
    return rest;
  }

  #summary(run: Run): RunSummary {
    const file = run.read ? run.file : undefined;
    return {
      run: run.run,
      kind: run.kind,
      ...(run.outcome === undefined ? {} : { outcome: run.outcome }),
      ...(run.problem === undefined ? {} : { problem: run.problem }),
      ...(file === undefined
        ? {}
        : { rows: 1200, findings: { errors: file.errors ?? 0, warnings: 0, notes: 0 } }),
      ...(run.restOf === undefined ? {} : { restOf: run.restOf }),
      ...(run.plan === undefined ? {} : { planHash: run.plan.hash, changes: CHANGES }),
    };
  }

  readonly #activities: Activities = {
    readPolicy: async () => this.policy,
    makeSftpAccess: async () => ({ server: 'vendor', path: '/roster.csv' }),
    sendMail: async (mail) => {
      if (this.mails.some((sent) => sent.key === mail.key)) return { sent: true };
      if (this.refusesMail) return { sent: false };
      this.mails.push({ ...mail, at: this.#now });
      return { sent: true };
    },
    lookForUpload: async ({ anyFile }) => {
      if (this.problem) return { state: 'problem', problem: this.problem };
      if (!this.file) return { state: 'none' };
      if (!anyFile && this.file.sha256 === this.lastFetched?.sha256) return { state: 'same' };
      if (this.settling > 0) {
        this.settling -= 1;
        return { state: 'settling' };
      }
      return { state: 'ready', bytes: 4096, modifiedAt: '2026-09-01T00:00:00.000Z' };
    },
    watchForUpload: async (input) => {
      const seen = await this.#activities.lookForUpload(input);
      if (seen.state === 'ready' || seen.state === 'problem') return seen;
      throw ApplicationFailure.create({ message: 'no new file yet', type: 'NOT_YET' });
    },
    openRun: async ({ workflowId, occasion, kind, undoes, rest }) => {
      if (rest !== undefined) {
        const taken = Object.assign(this.#run(rest), { workflowId, occasion });
        return { run: rest, kind: taken.kind };
      }
      const known = this.runs.find(
        (run) => run.workflowId === workflowId && run.occasion === occasion,
      );
      if (known) return { run: known.run, kind: known.kind };
      const run: Run = {
        run: this.runs.length + 1,
        kind: kind ?? 'nightly',
        workflowId,
        occasion,
        ...(undoes === undefined ? {} : { undoes }),
      };
      this.runs.push(run);
      return { run: run.run, kind: run.kind };
    },
    fetchRoster: async ({ run: number }) => {
      const run = this.#run(number);
      if (this.problem) return { ok: false, problem: this.problem };
      if (!this.file) return { ok: false, problem: 'NO_FILE' };
      run.file = this.lastFetched = this.file;
      run.fetched = this.countOf('fetchRoster');
      const { sha256 } = this.file;
      const fetched = { ok: true, sha256, bytes: 4096 } as const;
      if (this.accepted?.sha256 === sha256)
        return { ...fetched, same: 'accepted', sameRun: this.applied.at(-1)?.run ?? 0 };
      const before = this.runs
        .filter((one) => one.run < number && (one.read || one.unreadable))
        .filter((one) => one.file?.sha256 === sha256)
        .at(-1);
      if (!before) return fetched;
      const { run: sameRun, workflowId: holder, plan, unreadable, outcome } = before;
      if (plan?.state === 'waiting') return { ...fetched, same: 'held', sameRun, holder };
      if (plan?.state === 'rejected') return { ...fetched, same: 'rejected', sameRun };
      if (unreadable && outcome === 'refused')
        return { ...fetched, same: 'refused', sameRun, problem: unreadable };
      return { ...fetched, same: 'read', sameRun };
    },
    readRoster: async ({ run: number }) => {
      const run = this.#run(number);
      if (run.file?.unreadable) {
        run.unreadable = run.file.unreadable;
        return { ok: false, problem: run.unreadable };
      }
      run.read = true;
      const errors = run.file?.errors ?? 0;
      return {
        ok: true,
        rows: 1200,
        accepted: 1200 - errors,
        rejected: errors,
        findings: { errors, warnings: 0, notes: 0 },
        top: [],
      };
    },
    makePlan: async ({ run: number, scope: asked, of }): Promise<Planned> => {
      const run = this.#run(number);
      const noPart =
        asked && of !== this.#hashOf(run)
          ? ('OTHER_PLAN' as const)
          : asked?.withoutSchools?.includes(UNKNOWN_SCHOOL)
            ? ('SCHOOL_UNKNOWN' as const)
            : undefined;
      const isolated = run.restOf === undefined && !asked ? run.file?.isolates : undefined;
      const scope = isolated ? { withoutSchools: isolated } : noPart ? undefined : asked;
      const others = this.runs.filter(
        (one) => one.plan && one.file && one.file.sha256 !== run.file?.sha256 && one.run !== number,
      );
      const isNewer = (one: Run) => (one.fetched ?? 0) > (run.fetched ?? 0);
      const older = others.filter((one) => one.plan?.state === 'waiting' && !isNewer(one));
      for (const one of older) if (one.plan) one.plan.state = 'superseded';
      const superseded = others.some(
        (one) => isNewer(one) && ['waiting', 'applied'].includes(one.plan?.state ?? ''),
      );
      run.plan = {
        ...(scope && { scope }),
        hash: this.#hashOf(run, scope),
        state: superseded ? 'superseded' : 'waiting',
      };
      return {
        planHash: run.plan.hash,
        changes: CHANGES,
        seats: { licensed: 2000, before: 0, after: 1100 },
        held: isolated ? [] : (run.file?.held ?? []),
        ...(scope && { scope }),
        ...(noPart && { noPart }),
        superseded,
        supersedes: older.map((one) => ({ run: one.run, workflowId: one.workflowId })),
      };
    },
    planUndo: async ({ run: number }): Promise<Planned> => {
      const run = this.#run(number);
      run.plan = { hash: this.#hashOf(run), state: 'waiting' };
      return {
        planHash: run.plan.hash,
        changes: CHANGES,
        seats: { licensed: 2000, before: 1100, after: 1000 },
        held: this.undoHeld,
        superseded: false,
        supersedes: [],
      };
    },
    previewFilter: async () => ({
      state: 'ready' as const,
      classes: { all: 40, inside: 12 },
      students: { all: 1100, inside: 300 },
    }),
    applyPlan: async ({ run: number, planHash, by }) => {
      const run = this.#run(number);
      const rest = () => (run.plan?.scope ? { rest: this.#rest(run).run } : {});
      if (run.plan?.state === 'applied') return { outcome: 'applied', changes: CHANGES, ...rest() };
      if (run.plan?.state === 'superseded') return { outcome: 'superseded' };
      if (run.plan?.hash !== planHash) throw ApplicationFailure.nonRetryable('other', 'PLAN_OTHER');
      if (planHash !== this.#hashOf(run, run.plan.scope)) return { outcome: 'stale' };
      run.plan.state = 'applied';
      this.accepted = run.plan.scope ? null : (run.file ?? null);
      this.applied.push({ run: number, planHash, by });
      return { outcome: 'applied', changes: CHANGES, ...rest() };
    },
    closePlan: async ({ run, state, by, reason }) => {
      this.closed.push({ run, state, by, ...(reason === undefined ? {} : { reason }) });
      const { plan } = this.#run(run);
      if (plan) plan.state = state;
    },
    writeReport: async ({ run: number, outcome, problem, errorCode }) => {
      const run = this.#run(number);
      if (run.outcome === undefined || run.outcome === 'held') {
        run.outcome = run.plan?.state === 'applied' ? 'applied' : outcome;
        if (problem) run.problem = problem;
        if (errorCode) run.errorCode = errorCode;
      }
      return this.#summary(run);
    },
    chooseSampleLogins: async () => ({ students: 3, teachers: 2 }),
    dropOldFiles: async () => ({ counts: { files: 0, snapshots: 0 }, more: false }),
    makeSchedule: async ({ district }) => ({
      scheduleId: `nightly/${district}`,
      nextSync: '2026-09-02T03:00:00.000Z',
    }),
    // What districts there are is not for one of them to say: time.ts does.
    nextDistricts: async () => ({ districts: [this.district], next: null, duties: [] }),
    purgeInactive: async () => this.due.shift() ?? { counts: {}, more: false },
    forgetOldFiles: async () => ({ counts: {}, more: false }),
  };
}

const ADDED = { added: 10, changed: 0, reactivated: 0, deactivated: 0 };
const CHANGES: ChangeTotals = {
  schools: ADDED,
  teachers: ADDED,
  classes: ADDED,
  classTeachers: ADDED,
  students: ADDED,
  enrollments: ADDED,
};
