import type { Progress } from '../contract.js';
import { meansAnotherPlan } from '../messages.js';

export interface Offer {
  readonly run: number;
  readonly planHash: string;
}

/** What a person said to the plan on offer. */
export type Decision =
  | { readonly kind: 'approved'; readonly by: string }
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

export type Ignored = Progress['ignored'];
const MOST_IGNORED = 20;

/** Adds a signal that did not count, for the query `progress`. */
export const withIgnored = (all: Ignored, signal: string, by: string, why: string): Ignored =>
  [...all, { signal, by, why }].slice(-MOST_IGNORED);
