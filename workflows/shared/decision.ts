import type { Planned, PlanScope, Progress } from '../contract.js';
import { meansAnotherPlan, scopeIn, tellerOf } from '../messages.js';

export interface Offer {
  readonly run: number;
  readonly planHash: string;
}

/** What a person said to the plan on offer. */
export type Decision =
  | { readonly kind: 'approved'; readonly by: string; readonly scope?: PlanScope }
  | { readonly kind: 'rejected'; readonly by: string; readonly reason?: string };

/** Why a decision does not count, or null if it does. */
export function whyNoDecision(
  payload: unknown,
  offer: Offer | null,
  taken: Decision | null,
): string | null {
  if (offer === null) return 'no plan is on offer';
  if (meansAnotherPlan(payload, offer.planHash))
    return 'it names another plan than the one on offer';
  return taken === null ? null : `this plan is ${taken.kind} already`;
}

/** An approval of the plan, or of a part of it; a text if it does not count. */
export function approvalIn(
  payload: unknown,
  offer: Offer | null,
  taken: Decision | null,
): (Decision & { kind: 'approved' }) | string {
  const why = whyNoDecision(payload, offer, taken);
  if (why !== null) return why;
  const scope = scopeIn(payload);
  if (scope === null) return 'what it approves of the plan cannot be read';
  return { kind: 'approved', by: tellerOf(payload), ...(scope && { scope }) };
}

/** Why a part that was approved cannot be applied; the plan is on offer again. */
export const WHY_NO_PART: Readonly<Record<NonNullable<Planned['noPart']>, string>> = {
  SCHOOL_UNKNOWN: 'it leaves out a school that the plan does not have',
  NOTHING_LEFT: 'it leaves nothing to apply',
  OTHER_PLAN: 'the plan is another one by now',
};

export type Ignored = Progress['ignored'];
const MOST_IGNORED = 20;

/** Adds a signal that did not count, for the query `progress`. */
export const withIgnored = (all: Ignored, signal: string, by: string, why: string): Ignored =>
  [...all, { signal, by, why }].slice(-MOST_IGNORED);
