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

export interface HeldLimit {
  readonly limit: string;
  /** The district's own school_id, or null for the whole district. */
  readonly school: string | null;
  readonly value: number;
  readonly allowed: number;
  /** Without it: percent. */
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

/** The kinds that limits look at; the pairs follow them. */
export const COUNTED = ['students', 'classes', 'teachers'] as const;
export type Counted = (typeof COUNTED)[number];

/** What happens to one kind in one place, the district or a school. */
export interface KindFacts {
  /** Active before the plan. For a school it may be less, if no limit could tell the difference. */
  readonly before: number;
  readonly removed: number;
  /** New ones, and those who come back. */
  readonly added: number;
  /** What runs in the window did, without a person's yes. */
  readonly removedEarlier: number;
  readonly addedEarlier: number;
  /** Gone under one id and there under another, with the same name. */
  readonly newIds: number;
  /** There under another name than before. */
  readonly newNames: number;
}
export interface PlaceFacts {
  /** The district's own school_id, or null for the whole district. */
  readonly school: string | null;
  readonly kinds: Readonly<Record<Counted, KindFacts>>;
}

/** Everything that a limit may look at. All counts. */
export interface PlanFacts {
  /** Nothing was loaded so far: all is new, and that is no news. */
  readonly first: boolean;
  readonly district: PlaceFacts;
  /** Those that a limit may hold; the others may be left out. */
  readonly schools: readonly PlaceFacts[];
  readonly rows: {
    readonly now: number;
    /** Those that are not about classes outside the filter, and how many of these were rejected. */
    readonly inside: number;
    readonly rejected: number;
    /** Of the file that the roster was last made from; null if there was none. */
    readonly last: number | null;
  };
  readonly seats: { readonly licensed: number; readonly before: number; readonly after: number };
}
