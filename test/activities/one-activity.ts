/** A workflow for tests: runs one activity and answers with its value. */
import { proxyActivities } from '@temporalio/workflow';

export interface OneActivity {
  readonly name: string;
  readonly input: unknown;
  /** How often it may be tried. */
  readonly attempts: number;
}

export async function oneActivity({ name, input, attempts }: OneActivity): Promise<unknown> {
  const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '10 seconds',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: 100, backoffCoefficient: 1, maximumAttempts: attempts },
  });
  return activities[name]?.(input);
}
