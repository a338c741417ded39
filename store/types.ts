/** What the store takes and gives. Times are ISO 8601 strings in UTC, durations milliseconds. */
import type {
  FileProblem,
  FindingTotals,
  Outcome,
  PlanScope,
  Policy,
  RunKind,
  RunRef,
  RunSummary,
} from '../workflows/contract.js';
import type { Cause } from '../roster/causes.js';
import type { Gone } from '../roster/says-delta.js';
import type { FileSays } from '../roster/file-says.js';
import type { RosterFilter } from '../roster/filter.js';
import type { Filtered } from '../roster/filter/inside.js';
import type { AcceptableCode } from '../roster/accepted.js';
import type { ReadableCells as RosterCells } from '../roster/columns.js';
import type { ColumnMapping, Repair } from '../roster/read-roster.js';
import type { OwnLimits } from '../roster/limits.js';
import type { ChangeTotals, HeldLimit, Kind, Totals } from '../roster/plan-types.js';

export type { FindingTotals, Outcome, PlanScope, RunKind, RunRef, RunSummary };
export type { ChangeTotals, HeldLimit, Kind, Totals };

// ---------------------------------------------------------------- districts

/** What the process goes by, as a district has it. All in milliseconds. */
export type Timings = Policy;

const DAY = 86_400_000;
export const PURGE_AFTER_DAYS = 365;
export const DEFAULT_TIMINGS: Timings = Object.freeze({
  remindAfter: Object.freeze([2 * DAY, 5 * DAY, 10 * DAY]),
  remindEvery: 7 * DAY,
  escalateAfter: 14 * DAY,
  quietFor: 60_000,
  lookEvery: 60_000,
  holdFor: 14 * DAY,
});

/** Days for which fetched files are kept, unless a district has it otherwise. */
export const KEEP_FILES = 60;

/** A district's own SFTP server. The secret itself is never stored, only where it is. */
export interface OwnServer {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** The folder; the file's name is the district's `fileName`. */
  readonly path: string;
  /** `env:NAME` or `file:/path`. */
  readonly secretRef: string;
  /** `SHA256:…` */
  readonly hostKey: string;
}

/** What a district's file needs so that it is read rightly; a run keeps what it has read with. */
export interface Reading {
  /** Its own names of columns: header text → our column. They go before all that we know. */
  readonly columns: ColumnMapping;
  /** Codes of findings that are accepted: notes that reject and hold nothing. In order. */
  readonly accepts: readonly AcceptableCode[];
  /** Which of its classes are wanted; empty: all. */
  readonly filter: RosterFilter;
}

/** When a sync of the district needs a person, in the words in which it is set. */
export interface DistrictLimits {
  /** Of the active students, as it was set before there were other limits; null if no percentage. */
  readonly removalPercent: number | null;
  /** What the district has set itself; roster/limits/settings.ts has the names. */
  readonly own: OwnLimits;
  /** What counts, for every name. */
  readonly effective: Readonly<Record<string, string>>;
}
export interface LimitsPatch {
  /** The same as `own: { 'students-removed': '10%' }`. */
  readonly removalPercent?: number;
  /** By name; null goes back to the default. */
  readonly own?: Readonly<Record<string, string | null>>;
}

export interface District extends Reading {
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly seats: number;
  /** IANA name. */
  readonly timeZone: string;
  /** HH:MM in that zone. */
  readonly nightlyAt: string;
  readonly products: readonly string[];
  readonly fileName: string;
  /** Null: the district uploads to the vendor's server. */
  readonly ownServer: OwnServer | null;
  readonly limits: DistrictLimits;
  /** Schools under their limits go on while others are held. */
  readonly isolateSchools: boolean;
  /** Who is away for longer is purged; 30 to 3650. */
  readonly purgeAfterDays: number;
  /** Days for which its fetched files are kept. */
  readonly keepFiles: number;
  readonly timings: Timings;
  readonly liveAt: string | null;
  readonly createdAt: string;
}

export interface DistrictInput extends Partial<Reading> {
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly seats: number;
  readonly timeZone: string;
  readonly nightlyAt: string;
  readonly products?: readonly string[];
  readonly fileName?: string;
  readonly ownServer?: OwnServer | null;
  readonly limits?: LimitsPatch;
  /** Without it: yes. */
  readonly isolateSchools?: boolean;
  /** Without it: 365. */
  readonly purgeAfterDays?: number;
  readonly keepFiles?: number;
  readonly timings?: Partial<Timings>;
}
/** What is not named stays; limits and timings are merged key by key, the rest is replaced. */
export type DistrictPatch = Partial<Omit<DistrictInput, 'id'>>;

/** What a portal link leads to. `expired` stands for revoked ones, too: once it was good. */
export type OpenedLink =
  | { readonly state: 'open'; readonly district: string; readonly expiresAt: string }
  | { readonly state: 'expired' }
  | { readonly state: 'unknown' };

// ---------------------------------------------------------------- staging

/** What could be read of a rejected row: undefined or null where a cell was unreadable. */
export type ReadableCells = Partial<RosterCells>;

export interface FindingInput {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  /** The school, class, person or value that it is about; out of the file, as `value` is. */
  readonly subject?: string | undefined;
  /** How many rows it is about. */
  readonly rows: number;
  /** How many students, if that is known. */
  readonly people?: number | undefined;
  /** Lines of a cross-row finding. */
  readonly lines?: readonly number[] | undefined;
  /** How many columns, fields or lines it is about, if its sentence says so. */
  readonly count?: number | undefined;
}
export interface StagedOutcome {
  readonly rows: number;
  readonly accepted: number;
  /** All that the file says or, where `base` is given, what it says otherwise than that. */
  readonly says: FileSays;
  readonly base?: { readonly run: number; readonly gone: Gone } | null;
  /** The SHA-256 of what the archive keeps of it; null or missing: nothing. It is waited for last. */
  readonly snapshotSha256?: string | null | Promise<string | null>;
  /** Ids that name nothing: on rejected rows they are kept as unreadable. */
  readonly lostIds?: readonly {
    readonly column: 'school_id' | 'class_id';
    readonly value: string;
  }[];
  /** Walked through more than once. */
  readonly findings: Iterable<FindingInput>;
  readonly repairs?: readonly Repair[];
  /** Without it: nothing of a district's own. */
  readonly reading?: Partial<Reading>;
  /** What the filter of `reading` did; `says` has only what is inside. */
  readonly filtered?: Filtered | null;
  readonly totals: FindingTotals;
}
/** What the filter left out of a run. */
export interface LeftOut {
  /** Accepted rows. */
  readonly rows: number;
  /** Rejected rows that are surely about classes outside; they protect nobody. */
  readonly rejected: number;
  readonly schools: number;
  readonly classes: number;
  readonly teachers: number;
  /** In no class inside. */
  readonly students: number;
}
/** What was staged; the same numbers stand in the run's record. */
export interface StagedCounts {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Not there if the district has no filter. */
  readonly outside?: LeftOut;
}

// ---------------------------------------------------------------- read side

export interface RunRecord {
  readonly run: number;
  readonly kind: RunKind;
  /** Null while the run is going on; `held` also while its plan waits for a person. */
  readonly outcome: Outcome | null;
  readonly problem: FileProblem | null;
  readonly errorCode: string | null;
  readonly file: {
    readonly sha256: string;
    readonly bytes: number;
    readonly rows: number | null;
  } | null;
  readonly accepted: number | null;
  readonly rejected: number | null;
  /** Null if the district had no filter. */
  readonly outside: LeftOut | null;
  /** Null if no plan was made. */
  readonly changes: ChangeTotals | null;
  readonly findings: FindingTotals | null;
  readonly planHash: string | null;
  /** The run whose plan left out, of the same file, what this one holds. */
  readonly restOf: number | null;
  readonly workflowId: string;
  readonly occasion: string;
  /** The run that this one undoes; null for every other kind. */
  readonly undoes: number | null;
  /** When what was found in its file, line by line, had become too old to be kept; null: it is. */
  readonly forgottenAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** Whether the file of a run is still kept. */
export interface ArchivedRecord {
  readonly kept: boolean;
  /** Why it is not. `old`: longer ago than the district keeps files. */
  readonly why?: 'old' | 'unknown';
  /** For how many days the district keeps files. */
  readonly keepFiles: number;
}

export const PLAN_STATES = [
  'waiting',
  'applied',
  'rejected',
  'superseded',
  'expired',
  'dropped',
] as const;
/** `dropped`: its run ended for another reason, nothing was changed. */
export type PlanState = (typeof PLAN_STATES)[number];

export interface PlanRecord {
  readonly run: number;
  readonly hash: string;
  readonly state: PlanState;
  readonly held: readonly HeldLimit[];
  readonly seats: {
    readonly licensed: number;
    readonly before: number;
    readonly after: number;
    /** Seats beyond the licence that were allowed. */
    readonly buffer: number;
  };
  /** What would make room; null if the plan is not held for its seats. */
  readonly room: SeatRoom | null;
  /** The plan is only this part of what the file says; null: all of it. */
  readonly scope: PlanScope | null;
  /** The hash of the plan that this one is a part of. */
  readonly wholeHash: string | null;
  /** The plan leaves schools out that were over their limits; nobody had to say so. */
  readonly isolated: boolean;
  /** The run that holds what this plan left out when it was applied. */
  readonly rest: number | null;
  /** The run whose plan left out what this one holds. */
  readonly restOf: number | null;
  /** What could be let through of a plan that is held, worked out when it was made. */
  readonly choices: readonly PlanChoice[];
  readonly changes: ChangeTotals;
  /** Null for any plan but that of an undo. */
  readonly undo: { readonly run: number; readonly left: LeftAlone } | null;
  /** What the district's filter left out of the file; null if it had none. */
  readonly outside: LeftOut | null;
  /** A student of two schools counts in both. */
  readonly bySchool: readonly SchoolChanges[];
  /** Absent from the file, yet kept, because a row that may describe them could not be read. */
  readonly kept: Readonly<Record<Kind, number>>;
  /** Changes of somebody or something that was purged since: they cannot be told any more. */
  readonly purged: number;
  /** Under another address or id than before, and taken for the same; among `changed`. */
  readonly renamed: Readonly<Record<'schools' | 'teachers' | 'classes' | 'students', number>>;
  /** Answers about who is who that were given since, if it waits: it must be made again first. */
  readonly answersSince: number;
  readonly madeAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly reason: string | null;
}
export interface PlanChoice {
  readonly scope: PlanScope;
  readonly changes: ChangeTotals;
  readonly seatsAfter: number;
  /** How many limits that part is over by itself. */
  readonly limitsOver: number;
}
export interface SeatRoom {
  /** Students in no good row, who stay because a bad one is about them or may be: some have left. */
  readonly protected: number;
  /** Seats that one person takes more than once, probably: same name and grade, same school. */
  readonly duplicates: number;
  /** The addresses of those, together who may be one; some if there are many. */
  readonly people: readonly (readonly string[])[];
}
/**
 * Values that an undo leaves as they are, counted. `changed`: a later run changed them again.
 * `needed`: what later runs did needs them as they are. `outside`: no run made them what they are.
 * `purged`: they are gone, or what they belong to is, and whose they were is not known any more.
 */
export const LEFT_BECAUSE = ['changed', 'needed', 'outside', 'purged'] as const;
export type LeftBecause = (typeof LEFT_BECAUSE)[number];
export type LeftAlone = Readonly<Partial<Record<Kind, Readonly<Record<LeftBecause, number>>>>>;
export interface LeftValue {
  readonly kind: Kind;
  /** The school's or class's id, the person's email; of a pair the class's id. Null: purged. */
  readonly key: string | null;
  /** Of a pair: the person's email, null if that was purged. */
  readonly other: string | null;
  /** `active`, or the name of the attribute. */
  readonly value: string;
  readonly why: LeftBecause;
  /** The run that changed it or needs it, if it can be told. */
  readonly byRun: number | null;
}
export interface SchoolChanges {
  readonly school: string;
  readonly name: string;
  readonly changes: ChangeTotals;
}

export interface WaitingPlan {
  readonly run: number;
  readonly planHash: string;
  readonly workflowId: string;
  readonly occasion: string;
}

/** One single change of a plan. */
export interface PlanLine {
  readonly kind: Kind;
  readonly action: Action;
  /** The email or id that it has after the plan; of a pair the class's id. */
  readonly key: string;
  /** Of a pair: the person's email. */
  readonly other: string | null;
  /** Null: the plan knows no school of theirs. A person of several schools stands in one. */
  readonly school: string | null;
  /** Values as they were; null of what is new, and of pairs. */
  readonly old: Readonly<Record<string, string>> | null;
  readonly new: Readonly<Record<string, string>> | null;
  /** The first line of the file that names it; null if it is absent, and of pairs. */
  readonly line: number | null;
}
/** Who or what is absent from the file and stays all the same. */
export interface KeptLine {
  readonly kind: Linked;
  readonly key: string;
  readonly name: string;
  /** The line of the file that could not be used and is or may be about them; null if unknown. */
  readonly line: number | null;
  /** What was found there, and in which column. */
  readonly code: string | null;
  readonly column: string | null;
}

/** What may be the same one under another key. */
export const LINKED = ['students', 'teachers', 'classes', 'schools'] as const;
export type Linked = (typeof LINKED)[number];

export const ACTIONS = ['added', 'changed', 'reactivated', 'deactivated'] as const;
export type Action = (typeof ACTIONS)[number];

export interface FindingRecord {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly subject: string | null;
  readonly rows: number;
  /** Null in what was kept before people were counted. */
  readonly people: number | null;
  readonly lines: readonly number[];
  /** Not there if its sentence has no number, nor in what was kept before they were. */
  readonly count?: number;
}
/** Findings put together, as roster/causes.ts does. */
export type CauseRecord = Cause;
/** What the reader put right by itself. */
export type RepairRecord = Repair;

export interface SampleStudent {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly gradeLevel: string;
  readonly school: string;
}
export interface SampleTeacher {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly school: string;
}
export interface SampleLogins {
  /** Null if none were chosen yet. */
  readonly run: number | null;
  readonly students: readonly SampleStudent[];
  readonly teachers: readonly SampleTeacher[];
}
