/** What the process asks of the world. */
import type { Stage } from '../stages.js';
import type { HousekeepingActivities } from './housekeeping.js';
import type {
  ChangeTotals,
  FileProblem,
  FindingTotals,
  HeldLimit,
  Outcome,
  PlanScope,
  RunKind,
  RunRef,
  RunSummary,
} from './runs.js';

/** All durations in milliseconds; read afresh at each stage, so a change of settings counts. */
export interface Policy {
  /** Since the stage began, for example days 2, 5 and 10. */
  readonly remindAfter: readonly number[];
  /** After the last of those, this often. */
  readonly remindEvery: number;
  readonly escalateAfter: number;
  /** How long size and time of an upload must stand still. */
  readonly quietFor: number;
  /** How often the folder is looked at. */
  readonly lookEvery: number;
  /** How long a held plan waits for a decision. */
  readonly holdFor: number;
}

export const MAIL_TEMPLATES = [
  'invitation',
  'upload-reminder',
  'correction-needed',
  'correction-reminder',
  'file-refused',
  'plan-ready',
  'plan-rejected',
  'login-test',
  'login-test-reminder',
  'login-problem',
  'live',
  'escalation',
  'sync-held',
  'sync-refused',
  'sync-failed',
  'source-problem',
] as const;
export type MailTemplate = (typeof MAIL_TEMPLATES)[number];

export interface MailRequest {
  readonly district: string;
  readonly template: MailTemplate;
  /** Business key within the district: one mail a key, however often it is asked for. */
  readonly key: string;
  readonly stage?: Stage;
  readonly run?: number;
  readonly problem?: string;
  readonly reason?: string;
}

/**
 * What stands in the district's folder.
 * `none`: no file. `same`: the file that was fetched last, unless `anyFile` is asked for. `settling`: still being written,
 * as far as one can see. `ready`: a new file at rest. `problem`: it cannot be looked at.
 */
export interface Look {
  readonly district: string;
  /** The file counts whoever fetched it before: nobody has read it for this onboarding. */
  readonly anyFile?: boolean;
}
export type UploadSeen =
  | { readonly state: 'none' | 'same' | 'settling' }
  | { readonly state: 'ready'; readonly bytes: number; readonly modifiedAt: string }
  | { readonly state: 'problem'; readonly problem: FileProblem };

/**
 * What run `sameRun` found out about the very same bytes. `accepted`: the roster stands as they
 * say. `held`: its plan waits with the workflow `holder`. `rejected`: support said no to its plan.
 * `refused`: they cannot be read. `read`: it has read them, and nothing came of it that still holds.
 */
export type SameBytes =
  | { readonly same: 'accepted' | 'rejected' | 'read'; readonly sameRun: number }
  | { readonly same: 'held'; readonly sameRun: number; readonly holder: string }
  | { readonly same: 'refused'; readonly sameRun: number; readonly problem: FileProblem };

export type Fetched =
  | ({ readonly ok: true; readonly sha256: string; readonly bytes: number } & (
      SameBytes | { readonly same?: undefined }
    ))
  | { readonly ok: false; readonly problem: FileProblem };

export type ReadOutcome =
  | {
      readonly ok: true;
      readonly rows: number;
      readonly accepted: number;
      readonly rejected: number;
      /** Of the whole file; without errors if all rejected rows are outside the filter. */
      readonly findings: FindingTotals;
      /** What the district's filter left out of these; not there if it has none. */
      readonly outside?: { readonly rows: number; readonly rejected: number };
      /** The most frequent codes, at most ten. */
      readonly top: readonly { readonly code: string; readonly rows: number }[];
    }
  | { readonly ok: false; readonly problem: FileProblem };

export interface Planned {
  readonly planHash: string;
  readonly changes: ChangeTotals;
  readonly seats: { readonly licensed: number; readonly before: number; readonly after: number };
  /** Empty: the plan may be applied without a person. */
  readonly held: readonly HeldLimit[];
  /** A newer file's plan came first: this one is not to be applied, nor shown to anybody. */
  readonly superseded: boolean;
  /** Workflows whose held plans this newer file put out of date. */
  readonly supersedes: readonly { readonly run: number; readonly workflowId: string }[];
  /**
   * The plan is only this part of what the file says: as it was asked for, or because the other
   * schools are over their limits.
   */
  readonly scope?: PlanScope;
  /** Why the part that was asked for was not made; this is the whole plan. */
  readonly noPart?: 'SCHOOL_UNKNOWN' | 'NOTHING_LEFT' | 'OTHER_PLAN';
}

export type Applied =
  | {
      readonly outcome: 'applied';
      readonly changes: ChangeTotals;
      /** The run that holds what the plan left out; none if that came to nothing. */
      readonly rest?: number;
    }
  /** The roster moved since the plan was made: make it again. */
  | { readonly outcome: 'stale' }
  /** A newer file's plan took its place. */
  | { readonly outcome: 'superseded' };

/** What was looked at, in counts; the store has the rest. `replaced`: nobody asks for it any more. */
export interface FilterLooked {
  readonly state: 'ready' | 'nothing' | 'no-file' | 'unreadable' | 'gone' | 'replaced';
  readonly classes?: { readonly all: number; readonly inside: number };
  readonly students?: { readonly all: number; readonly inside: number };
}

/** What the process asks of the world. Every one is safe to run twice at any point. */
export interface Activities extends HousekeepingActivities {
  readPolicy(input: { district: string }): Promise<Policy>;
  /** Makes the district's folder and account on the vendor's server; no secret is made here. */
  makeSftpAccess(input: {
    district: string;
  }): Promise<{ server: 'vendor' | 'district'; path: string }>;
  /** Not sent: the mail server refused it for good. A key that was sent before is sent. */
  sendMail(input: MailRequest): Promise<{ sent: boolean }>;
  /** One look, a value back. */
  lookForUpload(input: Look): Promise<UploadSeen>;
  /** Comes back when a new file is at rest; until then it fails and is retried every `lookEvery`. */
  watchForUpload(input: Look): Promise<UploadSeen>;
  /** Opens the run that belongs to `occasion` (one business key, one run). */
  openRun(input: {
    district: string;
    workflowId: string;
    occasion: string;
    kind?: RunKind;
    /** Of an undo: the run that it undoes. */
    undoes?: number;
    /** When the schedule meant it to start, ISO 8601. */
    scheduledFor?: string;
    /** Takes over this run, which holds what another one left out, instead of opening one. */
    rest?: number;
  }): Promise<{ run: number; kind: RunKind }>;
  fetchRoster(input: RunRef): Promise<Fetched>;
  readRoster(input: RunRef): Promise<ReadOutcome>;
  /** With a scope, that part of the plan `of`, in its place. */
  makePlan(input: RunRef & { scope?: PlanScope; of?: string }): Promise<Planned>;
  /** The plan of an undo: what puts back what the run that it undoes changed. */
  planUndo(input: RunRef): Promise<Planned>;
  /** Tries the filter of that preview on the newest file; changes nothing. */
  previewFilter(input: { district: string; preview: string }): Promise<FilterLooked>;
  applyPlan(input: RunRef & { planHash: string; by: string }): Promise<Applied>;
  /** Ends a plan that will not be applied. */
  closePlan(
    input: RunRef & { state: 'rejected' | 'superseded' | 'expired'; by: string; reason?: string },
  ): Promise<void>;
  /** Ends the run with its outcome and keeps its report. */
  writeReport(
    input: RunRef & { outcome: Outcome; problem?: FileProblem; errorCode?: string },
  ): Promise<RunSummary>;
  chooseSampleLogins(input: RunRef): Promise<{ students: number; teachers: number }>;
  /** Makes or mends the nightly schedule; the district is live from here on. */
  makeSchedule(input: {
    district: string;
  }): Promise<{ scheduleId: string; nextSync: string | null }>;
}
