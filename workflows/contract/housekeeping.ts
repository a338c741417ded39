/** Ending what is too old to be kept, district by district. Ids and counts only. */

/**
 * What is done for each district, in this order; each is an activity of that name. The workflow is
 * told them by `nextDistricts`, so that one may be added without a patch: histories hold their own.
 */
export const DUTIES = ['purgeInactive', 'forgetOldFiles', 'dropOldFiles'] as const;
export type Duty = (typeof DUTIES)[number];

/** How many of each went, by name; none of a name is as good as no such name. */
export type Counts = Readonly<Record<string, number>>;

export interface DutyDone {
  readonly counts: Counts;
  /** There is more to do than one activity should. */
  readonly more: boolean;
}

export interface HousekeepingActivities {
  /**
   * The districts behind that one, by id, or that `only`; `next` is where the page after begins,
   * null: nowhere.
   */
  nextDistricts(input: { after: string | null; most: number; only?: string }): Promise<{
    districts: readonly string[];
    next: string | null;
    duties: readonly Duty[];
  }>;
  /** Purges who has been away for longer than the district keeps them, in batches. */
  purgeInactive(input: { district: string }): Promise<DutyDone>;
  /** Forgets, line by line, what was found in files that are as old as that. */
  forgetOldFiles(input: { district: string }): Promise<DutyDone>;
  /** Deletes fetched files that are older than the district keeps them, but for what is needed. */
  dropOldFiles(input: { district: string }): Promise<DutyDone>;
}

/** A duty that could not be done in all its tries: it is tried again the next day. */
export interface DutyFailure {
  readonly district: string;
  readonly duty: Duty;
  readonly code: string;
}

export interface HousekeepingResult {
  /** Districts that were looked after. */
  readonly districts: number;
  readonly counts: Counts;
  readonly failed: number;
  /** The first of those. */
  readonly failures: readonly DutyFailure[];
}

export interface HousekeepingInput {
  /** Only this one. */
  readonly district?: string;
  /** Set by the workflow itself when it continues as new. */
  readonly after?: string;
  readonly sofar?: HousekeepingResult;
}
