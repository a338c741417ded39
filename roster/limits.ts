/**
 * When a plan needs a person. Each limit is one pure function in `CHECKS`; the next ones
 * (per school, additions, rows, seats) are added to that list.
 */
import type { HeldLimit, Limits, PlanFacts } from './plan-types.js';

export const DEFAULT_LIMITS: Limits = Object.freeze({ removalPercent: 10 });

type Check = (facts: PlanFacts, limits: Limits) => readonly HeldLimit[];

/** Two decimals, rounded up, so that a plan just over a limit never reads as being at it. */
const percent = (part: number, whole: number): number => Math.ceil((part * 10_000) / whole) / 100;

const studentsRemoved: Check = ({ before, changes }, { removalPercent }) => {
  const removed = changes.students.deactivated;
  if (removed * 100 <= removalPercent * before.students) return [];
  const value = percent(removed, before.students);
  return [{ limit: 'students-removed', school: null, value, allowed: removalPercent }];
};

const CHECKS: readonly Check[] = [studentsRemoved];

/** The limits that a plan is over; empty if it may be applied without a person. */
export function judge(facts: PlanFacts, limits: Limits): readonly HeldLimit[] {
  return CHECKS.flatMap((check) => check(facts, limits));
}
