/** Where a district's onboarding stands, read without a worker. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Context } from './context.js';
import { refused, type RollcallError } from './errors.js';
import type { Status } from './types.js';
import type { District } from '../store/types.js';
import { onboardingId } from '../workflows/ids.js';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';
import {
  STAGE_WAITS_ON,
  STAGES,
  WAITING_ON,
  type Stage,
  type WaitingOn,
} from '../workflows/stages.js';

export interface Onboarding {
  readonly stage: Stage | 'not-started';
  readonly waitingOn: WaitingOn;
  readonly since: string | null;
  readonly workflowId: string;
  readonly workflow: Status['workflow'];
}

const WORKFLOW_STATES: Readonly<Record<string, Status['workflow']>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** From the workflow's search attributes; from the store once Temporal has forgotten the workflow. */
export async function readOnboarding(context: Context, district: District): Promise<Onboarding> {
  const workflowId = onboardingId(district.id);
  const found = await describeWorkflow(context, workflowId);
  if (!found || (district.liveAt && found.status.name !== 'RUNNING')) {
    const stage = district.liveAt ? 'live' : 'not-started';
    return {
      stage,
      waitingOn: stage === 'live' ? 'nobody' : 'support',
      since: sinceOf(found) ?? district.liveAt,
      workflowId,
      workflow: found ? stateOf(found) : 'none',
    };
  }
  const stage = STAGES.find((one) => one === attribute(found, 'stage')) ?? 'inviting';
  const waitingOn = WAITING_ON.find((one) => one === attribute(found, 'waitingOn'));
  return {
    stage,
    waitingOn: waitingOn ?? STAGE_WAITS_ON[stage],
    since: sinceOf(found) ?? found.startTime.toISOString(),
    workflowId,
    workflow: stateOf(found),
  };
}

/** Null if there is no such workflow. */
export async function describeWorkflow(
  context: Context,
  workflowId: string,
): Promise<WorkflowExecutionDescription | null> {
  return context.temporal(async (client) => {
    try {
      return await client.workflow.getHandle(workflowId).describe();
    } catch (error) {
      if (isWorkflowMissing(error)) return null;
      throw error;
    }
  });
}

export const isWorkflowMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'WorkflowNotFoundError';

const stateOf = (found: WorkflowExecutionDescription): Status['workflow'] =>
  WORKFLOW_STATES[found.status.name] ?? 'running';

export function attribute(
  found: WorkflowExecutionDescription,
  which: keyof typeof SEARCH_ATTRIBUTES,
): string | null {
  const { name } = SEARCH_ATTRIBUTES[which];
  const pair = found.typedSearchAttributes.getAll().find(({ key }) => key.name === name);
  return typeof pair?.value === 'string' ? pair.value : null;
}

function sinceOf(found: WorkflowExecutionDescription | null): string | null {
  const since = found?.memo?.['since'];
  return typeof since === 'string' && !Number.isNaN(Date.parse(since)) ? since : null;
}

export const notStarted = (district: string): RollcallError =>
  refused(
    'NOT_STARTED',
    `The onboarding of ${district} has not started: run \`npx rollcall onboard ${district}\` first.`,
  );

/** The workflow ended without the district going live; nothing reads a signal any more. */
export function endedEarly(
  district: string,
  { workflow }: Pick<Onboarding, 'workflow'>,
): RollcallError {
  return refused(
    'ONBOARDING_ENDED',
    `The onboarding of ${district} ended early (${workflow}): look at it in the Temporal UI, then run \`npx rollcall onboard ${district}\` to begin again.`,
  );
}
