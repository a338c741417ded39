/**
 * What a plan says in numbers, as limits judge it and people read it. The shapes are those of
 * workflows/contract.ts, written here again because `roster` imports nothing but itself.
 */

/** In the order in which they are applied: what others point at comes first. */
export const KINDS = [
  'schools',
  'teachers',
  'classes',
  'classTeachers',
  'students',
  'enrollments',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Totals {
  readonly added: number;
  readonly changed: number;
  readonly reactivated: number;
  readonly deactivated: number;
}
export type ChangeTotals = Readonly<Record<Kind, Totals>>;

export const NO_CHANGE: Totals = Object.freeze({
  added: 0,
  changed: 0,
  reactivated: 0,
  deactivated: 0,
});

/** What a district allows before a person has to look. */
export interface Limits {
  /** Of the district's active students; more than this holds the run. */
  readonly removalPercent: number;
}

export interface HeldLimit {
  readonly limit: string;
  /** The district's own school_id, or null for the whole district. */
  readonly school: string | null;
  readonly value: number;
  readonly allowed: number;
}

/** Everything that a limit may look at. All counts. */
export interface PlanFacts {
  /** Active ones in the roster before the plan. */
  readonly before: Readonly<Record<Kind, number>>;
  readonly changes: ChangeTotals;
  readonly seats: { readonly licensed: number; readonly before: number; readonly after: number };
}
