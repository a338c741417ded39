/**
 * The messages that the workflows take. A payload comes from any door, so it may be missing or
 * anything at all: the readers below never throw.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type {
  Approval,
  PlanScope,
  Progress,
  Rejection,
  SyncProgress,
  Told,
  ToldWithReason,
} from './contract.js';
import { PROGRESS_QUERY, SIGNALS } from './contract.js';

export const fileUploaded = defineSignal<[Told?]>(SIGNALS.fileUploaded);
export const planApproved = defineSignal<[Approval?]>(SIGNALS.planApproved);
export const planRejected = defineSignal<[Rejection?]>(SIGNALS.planRejected);
export const planSuperseded = defineSignal<[Told?]>(SIGNALS.planSuperseded);
export const planAsked = defineSignal<[Told?]>(SIGNALS.planAsked);
export const loginTestCompleted = defineSignal<[Told?]>(SIGNALS.loginTestCompleted);
export const loginTestFailed = defineSignal<[ToldWithReason?]>(SIGNALS.loginTestFailed);

export const onboardingProgress = defineQuery<Progress>(PROGRESS_QUERY);
export const syncProgress = defineQuery<SyncProgress>(PROGRESS_QUERY);

const LONGEST_BY = 100;
const LONGEST_REASON = 500;

/** Who told it; `unknown` if the payload does not say. */
export function tellerOf(payload: unknown): string {
  return textOf(payload, 'by')?.slice(0, LONGEST_BY) ?? 'unknown';
}

/** The reason, cut to 500 characters; undefined if there is none. */
export function reasonOf(payload: unknown): string | undefined {
  return textOf(payload, 'reason')?.slice(0, LONGEST_REASON);
}

/** True if the payload names a plan, and it is not this one. */
export function meansAnotherPlan(payload: unknown, planHash: string): boolean {
  const named = fieldOf(payload, 'planHash');
  return named !== undefined && named !== null && named !== planHash;
}

const MOST_SCHOOLS = 1000;
const LONGEST_SCHOOL = 200;

/**
 * The part of a plan that the payload approves; undefined: all of it; null: it says so in a way
 * that nobody can be sure of.
 */
export function scopeIn(payload: unknown): PlanScope | undefined | null {
  const schools = fieldOf(payload, 'withoutSchools') ?? [];
  const additionsOnly = fieldOf(payload, 'additionsOnly') ?? false;
  if (typeof additionsOnly !== 'boolean' || !isSchools(schools)) return null;
  const withoutSchools = [...new Set(schools.map((school) => school.trim()))].sort();
  if (withoutSchools.length === 0 && !additionsOnly) return undefined;
  return {
    ...(withoutSchools.length > 0 && { withoutSchools }),
    ...(additionsOnly && { additionsOnly }),
  };
}

const isSchools = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= MOST_SCHOOLS &&
  value.every(
    (one) => typeof one === 'string' && one.trim() !== '' && one.length <= LONGEST_SCHOOL,
  );

function textOf(payload: unknown, name: string): string | undefined {
  const value = fieldOf(payload, name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

function fieldOf(payload: unknown, name: string): unknown {
  if (typeof payload !== 'object' || payload === null) return undefined;
  return Object.hasOwn(payload, name) ? (payload as Record<string, unknown>)[name] : undefined;
}
