/** The plan that a person has to decide about. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Context } from './context.js';
import { describeWorkflow } from './onboarding.js';
import { waitingPlan } from '../store/read/runs.js';

export interface Waiting {
  readonly run: number;
  readonly planHash: string;
  /** Whose signal decides. */
  readonly workflowId: string;
}

const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 100;

/**
 * The store knows the newest plan, its workflow whether that is on offer. Between the two lie
 * some milliseconds in which an approval would not count yet, so a fresh plan is waited for a
 * little; one that needs nobody is applied meanwhile and is gone.
 */
export async function waitingNow(context: Context, district: string): Promise<Waiting | null> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const plan = await context.store((db) => waitingPlan(db, district));
    if (!plan) return null;
    const { workflowId } = plan;
    const holder = await describeWorkflow(context, workflowId);
    if (holder?.status.name !== 'RUNNING') return null;
    const offer = offerOf(holder);
    if (offer) return { ...offer, workflowId };
    if (Date.now() > until) return null;
    await pause(LOOK_EVERY_MS);
  }
}

/** What the workflow's memo says is on offer, for any reader of it. */
export function offerOf(
  found: WorkflowExecutionDescription | null,
): { readonly run: number; readonly planHash: string } | null {
  const offer = found?.memo?.['offer'];
  if (typeof offer !== 'object' || offer === null) return null;
  const { run, planHash } = offer as { run?: unknown; planHash?: unknown };
  return typeof run === 'number' && typeof planHash === 'string' ? { run, planHash } : null;
}
