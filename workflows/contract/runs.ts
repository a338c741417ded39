/** One run of a district: how it came about, how it ended, what it counted. */
export const RUN_KINDS = ['first', 'nightly', 'manual', 'undo'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const OUTCOMES = ['applied', 'unchanged', 'held', 'rejected', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a file could not be fetched or read at all; nothing was changed. */
export const FILE_PROBLEMS = [
  'NO_FILE',
  'NOT_A_FILE',
  'EMPTY_FILE',
  'HEADER_ONLY',
  'COLUMN_MISSING',
  'COLUMN_DUPLICATE',
  'NOT_TEXT',
  'NOT_CSV',
  'FILTER_EMPTY',
  'FILE_CHANGED',
  'SFTP_AUTH',
  'SFTP_HOST_KEY',
  'SFTP_PATH',
  'SFTP_SECRET',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

export interface Totals {
  readonly added: number;
  readonly changed: number;
  readonly reactivated: number;
  readonly deactivated: number;
}
export const KINDS = [
  'schools',
  'teachers',
  'classes',
  'classTeachers',
  'students',
  'enrollments',
] as const;
export type Kind = (typeof KINDS)[number];
export type ChangeTotals = Readonly<Record<Kind, Totals>>;

export interface FindingTotals {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}
/** One limit that a plan is over. Percent limits give `value` and `allowed` in percent. */
export interface HeldLimit {
  readonly limit: string;
  /** The district's own school_id, or null for the whole district. */
  readonly school: string | null;
  readonly value: number;
  readonly allowed: number;
  readonly unit?: 'percent' | 'count';
  /** Of what, where one limit watches several kinds. */
  readonly kind?: Kind;
  /** How many; with those of earlier runs in the window. */
  readonly count?: number;
  /** Of how many. */
  readonly before?: number;
  /** How many of `count` earlier runs did, and in how many days. */
  readonly earlier?: number;
  readonly windowDays?: number;
  /** Of seats: what the licence gives, and what is allowed beyond it. */
  readonly licensed?: number;
  readonly buffer?: number;
}

/**
 * What of a plan is applied; what it leaves out waits for a decision of its own. Without
 * `withoutSchools`: all schools; without `additionsOnly`: changes and removals, too.
 */
export interface PlanScope {
  /** The district's own school_ids. */
  readonly withoutSchools?: readonly string[];
  /** Only what is new or comes back: nobody is removed, and nobody's values change. */
  readonly additionsOnly?: boolean;
}

/** Names one run of one district: `run` counts 1, 2, 3 … within the district. */
export interface RunRef {
  readonly district: string;
  readonly run: number;
}

export interface RunSummary {
  readonly run: number;
  readonly kind: RunKind;
  readonly outcome?: Outcome;
  readonly problem?: FileProblem;
  readonly rows?: number;
  readonly rejected?: number;
  readonly findings?: FindingTotals;
  readonly changes?: ChangeTotals;
  readonly planHash?: string;
  /** It holds what that run left out of the same file. */
  readonly restOf?: number;
}
