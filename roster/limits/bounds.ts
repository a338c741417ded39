/** How much is too much: a share or a number, and a floor under which nothing is ever held. */

export interface Bound {
  readonly unit: 'percent' | 'count';
  /** More than this is over it. */
  readonly most: number;
}

/** What a limit measures in one place. */
export interface Measure {
  /** What this plan does; nothing is held for what only earlier runs did. */
  readonly now: number;
  /** What runs in the window did. */
  readonly earlier: number;
  /** Of how many the share is taken. */
  readonly of: number;
}

/** A setting has at most three decimals, so that shares are compared as whole numbers. */
const EXACT = 1_000;

/** Two decimals, rounded up, so that a plan just over a limit never reads as being at it. */
export const percent = (part: number, whole: number): number =>
  Math.ceil((part * 10_000) / whole) / 100;

/**
 * True if the measure is over the bound and not below the floor. A share of nobody is no share:
 * where nobody was before, only a number can be exceeded.
 */
export function isOver({ now, earlier, of }: Measure, bound: Bound, floor: number): boolean {
  const count = now + earlier;
  if (now <= 0 || count < floor) return false;
  if (bound.unit === 'count') return count > bound.most;
  return of > 0 && count * 100 * EXACT > Math.round(bound.most * EXACT) * of;
}

/**
 * The smallest `of` with which the measure is within the bound; 0 if it always is, null if no
 * number of them would do. Whoever counts may stop there.
 */
export function enough(measure: Measure, bound: Bound, floor: number): number | null {
  if (!isOver({ ...measure, of: 1 }, bound, floor)) return 0;
  if (bound.unit === 'count' || bound.most === 0) return null;
  const count = measure.now + measure.earlier;
  return Math.ceil((count * 100 * EXACT) / Math.round(bound.most * EXACT));
}
