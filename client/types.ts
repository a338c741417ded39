/** What the verbs take and answer. Times are ISO 8601 in UTC. */
import type { Client } from '@temporalio/client';
import type { Settings } from '../config/settings.js';
import type { Vendor } from '../config/vendor.js';
import type { Db } from '../store/db.js';
import type {
  ArchivedRecord,
  CauseRecord,
  FindingRecord,
  PlanRecord,
  RepairRecord,
  RunRecord,
  SampleLogins,
} from './records.js';
import type { UndoPreview } from '../store/read/undo.js';
import type { DueCounts } from '../store/read/purge.js';
import type { AnswerKept, LinkAnswer } from '../store/config/answers.js';
import type { LineGroups } from '../store/read/plan-lines.js';
import type { Questions } from '../store/read/plan-questions.js';
import type { Why } from '../store/read/why.js';
import type {
  District,
  DistrictInput,
  DistrictPatch,
  KeptLine,
  LeftValue,
  PlanLine,
} from '../store/types.js';
import type { FilterPreview } from '../store/read/filter.js';
import type { RosterFilter } from '../roster/filter.js';
import type { HousekeepingResult, PlanScope, SIGNALS, SyncResult } from '../workflows/contract.js';
import type { Stage, WaitingOn } from '../workflows/stages.js';

export interface RollcallDeps {
  /** A client, or how to get one; it is asked for only by verbs that need Temporal. */
  readonly temporal: Client | (() => Promise<Client>);
  readonly db: Db;
  readonly vendor: Vendor;
  /** The vendor's SFTP server; null if none is set up. */
  readonly sftp: Settings['sftp'];
  /** Where districts see the portal, without a slash at its end; null if nobody has said so. */
  readonly portalUrl: string | null;
}

/** Who does it: the door (`cli`, `portal`) or an id, never a person's name. */
export interface By {
  readonly by?: string;
}

/** A new district; what is left out gets its default. A filter is looked at first: `previewFilter`. */
export type NewDistrict = Omit<DistrictInput, 'filter'>;
export type DistrictChange = Omit<DistrictPatch, 'filter'>;

export interface DistrictKept {
  readonly district: District;
  /** Things that are allowed but worth knowing, one line each. */
  readonly warnings: readonly string[];
}

export interface Access {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Where the roster file belongs on that server. */
  readonly path: string;
  /** OpenSSH form, `SHA256:…`. */
  readonly hostKey: string;
}
export interface Credentials extends Access {
  /** Shown once; only its hash is kept. */
  readonly password: string;
}
export interface AcceptedKey extends Access {
  readonly password: null;
  /** Of the public key that was accepted, `SHA256:…`. */
  readonly fingerprint: string;
}

export interface NewLink {
  readonly district: string;
  /** Shown once; only the hash of its token is kept. */
  readonly url: string;
  /** Null if it has been revoked already. */
  readonly expiresAt: string | null;
}
export interface RevokedLinks {
  readonly district: string;
  /** How many could still be opened. */
  readonly revoked: number;
}

export interface Onboarded {
  readonly district: string;
  readonly workflowId: string;
  /** True if this call started it. */
  readonly started: boolean;
  readonly state: 'started' | 'running' | 'live';
}

export interface Status {
  readonly district: string;
  readonly name: string;
  /** `not-started` until `onboard`. */
  readonly stage: Stage | 'not-started';
  readonly waitingOn: WaitingOn;
  /** When this stage began; null before the onboarding started. */
  readonly since: string | null;
  readonly workflowId: string;
  /** Of the onboarding workflow; `none` before it started or after Temporal forgot it. */
  readonly workflow:
    'none' | 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';
  /** The plan that waits for support, of the onboarding or of a held sync. */
  readonly waitingPlan: {
    readonly run: number;
    readonly planHash: string;
    readonly workflowId: string;
  } | null;
  /** What the district wrote about its logins, while they fail; personal data may be in it. */
  readonly loginReason: string | null;
  readonly lastRun: RunRecord | null;
  /** Null while there is no schedule, or it is paused. */
  readonly nextSync: string | null;
  readonly paused: boolean;
  readonly worker: WorkerSeen;
}
/** Whether a worker has asked for work in the last minute or so. */
export interface WorkerSeen {
  readonly running: boolean;
  /** ISO 8601; null if none is known. */
  readonly lastSeen: string | null;
}

export interface Signalled {
  readonly district: string;
  readonly signal: keyof typeof SIGNALS;
  readonly workflowId: string;
}
export interface Decided extends Signalled {
  readonly run: number;
  readonly planHash: string;
  /** Only this part was approved; null: all of it, or nothing. */
  readonly scope: PlanScope | null;
}
export interface WantedPart extends PlanScope {
  /** All that are over a limit. */
  readonly withoutHeldSchools?: boolean;
}

export interface SyncOptions {
  /** Follow the run until it ends or is held. */
  readonly wait?: boolean;
  /** What it is doing, one short line per change. */
  readonly onProgress?: (line: string) => void;
  /** Stops the following, never the run. */
  readonly signal?: AbortSignal;
}
export interface Synced {
  readonly district: string;
  readonly workflowId: string;
  /** Null unless waited for. */
  readonly result: SyncResult | null;
  readonly record: RunRecord | null;
}

export interface UndoOptions extends By, Omit<SyncOptions, 'wait'> {
  /** The plan that was looked at; another one is held for a decision. */
  readonly planHash: string;
}
export interface Undoing {
  readonly district: string;
  /** The run that is undone. */
  readonly undoes: number;
  readonly workflowId: string;
  /** Null if the following was stopped. */
  readonly result: SyncResult | null;
  readonly record: RunRecord | null;
}

export interface WantedLines {
  /** School ids that the plan is about. */
  readonly schools?: readonly string[] | undefined;
  /** `students`, `class-teachers` and so on. */
  readonly kinds?: readonly string[] | undefined;
}

export interface LinkAnswered extends By, Omit<LinkAnswer, 'by' | 'kind'> {
  /** `student`, `teacher`, `class` or `school`, where it cannot be told from the two. */
  readonly kind?: string | undefined;
}

/** What a filter would make of the newest file; `preview` is what sets it. */
export type FilterSeen = FilterPreview & {
  readonly district: string;
  readonly preview: string;
  /** As it would be kept. */
  readonly filter: RosterFilter;
};

export interface Paused {
  readonly district: string;
  readonly paused: boolean;
  /** False if it was so already. */
  readonly changed: boolean;
  readonly nextSync: string | null;
}

export interface Report {
  readonly run: RunRecord;
  /** Who read the file: the run itself or, where it knew the bytes, the last run that read them. */
  readonly read: RunRecord | null;
  /** Whether its file is still kept; null: it has none. Nothing else of a report needs that. */
  readonly archived: ArchivedRecord | null;
  /** Findings put together, the heaviest first. */
  readonly causes: readonly CauseRecord[];
  /** What was put right while reading. */
  readonly repairs: readonly RepairRecord[];
  /** All of them, in the order of the file, as often as they are asked for. */
  findings(): AsyncIterable<FindingRecord>;
}

export interface Rollcall {
  addDistrict(input: NewDistrict): Promise<DistrictKept>;
  /** A new contact ends the links that the old one has. */
  setDistrict(district: string, change: DistrictChange): Promise<DistrictKept>;
  listDistricts(): Promise<District[]>;
  showDistrict(district: string): Promise<District>;
  /** Makes a new SFTP password; the old one ends. */
  newPassword(district: string): Promise<Credentials>;
  /** Accepts a public key in OpenSSH form, beside the password. */
  acceptKey(district: string, publicKey: string): Promise<AcceptedKey>;
  /** Where the district uploads to; no secret in it. Null if Rollcall cannot say. */
  access(district: string): Promise<Access | null>;
  /** A link to the district's page, as the mails have it. */
  newLink(district: string): Promise<NewLink>;
  /** Ends all links of the district, and what was opened with them. */
  revokeLinks(district: string): Promise<RevokedLinks>;

  onboard(district: string): Promise<Onboarded>;
  status(district: string): Promise<Status>;
  statusAll(): Promise<Status[]>;
  uploaded(district: string, options?: By): Promise<Signalled>;
  /** Without `planHash`, the plan that waits now is approved: all of it, or that part. */
  approve(
    district: string,
    options?: By & WantedPart & { readonly planHash?: string },
  ): Promise<Decided>;
  reject(
    district: string,
    options: By & { readonly reason: string; readonly planHash?: string },
  ): Promise<Decided>;
  loginsOk(district: string, options?: By): Promise<Signalled>;
  loginsFailed(district: string, options: By & { readonly reason: string }): Promise<Signalled>;

  sync(district: string, options?: SyncOptions): Promise<Synced>;
  pause(district: string, options?: By): Promise<Paused>;
  resume(district: string, options?: By): Promise<Paused>;

  /** Looks at what a filter would make of the newest file; sets nothing. Empty: no filter. */
  previewFilter(district: string, filter: RosterFilter): Promise<FilterSeen>;
  /** Sets the filter of that preview, unless another one was made, or a newer file came, since. */
  setFilter(district: string, preview: string): Promise<District>;

  /** What undoing the run would do now; changes nothing. */
  previewUndo(district: string, run: number): Promise<UndoPreview>;
  /** Undoes the run, and follows that until it ends or is held. */
  undo(district: string, run: number, options: UndoOptions): Promise<Undoing>;
  /** What an undo left as it is, and why. */
  leftBy(district: string, run: number): Promise<LeftValue[]>;
  /** The single changes of the run's plan, as often as they are asked for. Names are in it. */
  planLines(district: string, run: number, wanted?: WantedLines): Promise<AsyncIterable<PlanLine>>;
  /** The first of them, by school and kind. */
  planLineGroups(
    district: string,
    run: number,
    wanted: WantedLines,
    limits: { readonly most: number; readonly mostSchools: number },
  ): Promise<LineGroups>;
  /** Who is absent from the plan's file and stays, and because of what; `most` of each kind. */
  keptBy(district: string, run: number, most?: number): Promise<KeptLine[]>;
  /** Whom the run's plan asks about, and what was answered. Names and addresses are in it. */
  questions(district: string, run: number): Promise<Questions>;
  /** Says of two keys whether they are the same; the next plan goes by that. */
  answer(district: string, answer: LinkAnswered): Promise<AnswerKept>;
  /** What a person (by email) or class is, and what made it so; empty if there is none such. */
  why(district: string, what: string): Promise<Why[]>;

  /** What housekeeping would end now: counts, of one district or of each. */
  previewHousekeeping(district?: string): Promise<DueCounts[]>;
  /** Has it done now, and waits for its end. */
  housekeeping(district?: string): Promise<HousekeepingResult & { readonly workflowId: string }>;

  /** Newest first. */
  runs(district: string): Promise<RunRecord[]>;
  /** Without `run`, the newest run that has a plan. */
  plan(district: string, run?: number): Promise<PlanRecord>;
  /** Without `run`, the newest run that read a file, or turned one away that had been read before. */
  report(district: string, run?: number): Promise<Report>;
  /** The logins to try, chosen when the first roster was loaded. */
  samples(district: string): Promise<SampleLogins>;
}
