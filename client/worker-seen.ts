/** Whether anybody works on the task queue; Temporal knows who asked for work lately. */
import type { Context } from './context.js';
import type { WorkerSeen } from './types.js';
import { TASK_QUEUE } from '../workflows/ids.js';

/** A worker asks at least once a minute; a little more for a slow network. */
const FRESH_MS = 75_000;

export async function workerSeen(context: Context): Promise<WorkerSeen> {
  const { pollers } = await context.temporal((client) =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: TASK_QUEUE },
    }),
  );
  const times = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0));
  const last = Math.max(0, ...times) * 1_000;
  return {
    running: last > 0 && Date.now() - last < FRESH_MS,
    lastSeen: last > 0 ? new Date(last).toISOString() : null,
  };
}
