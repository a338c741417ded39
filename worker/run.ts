/** Polls for Rollcall's work until told to stop, then drains. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../workflows/contract.js';
import { packageRoot } from '../config/package-root.js';
import { TASK_QUEUE } from '../workflows/ids.js';
import { workflowBundle } from './workflow-bundle.js';

export interface RunningWorker {
  /** Takes no more work, lets what runs come to an end or be cancelled, then comes back. */
  stop(): Promise<void>;
  /** Settles when polling has ended; rejects if it ended by itself. */
  readonly done: Promise<void>;
}

export interface WorkerRun {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Activities;
  readonly workflowBundle?: WorkerOptions['workflowBundle'] | undefined;
  readonly activitiesAtOnce: number;
  /** Gives back what the activities use; called once, after the last of them. */
  readonly release: () => Promise<void>;
}

export async function runWorker(run: WorkerRun): Promise<RunningWorker> {
  const worker = await createWorker(run).catch(async (error: unknown) => {
    await run.release();
    throw error;
  });
  const done = runAndRelease(worker, run);
  // Whoever awaits `done` hears of a failure; nobody awaiting it must not bring the process down.
  done.catch(() => undefined);
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}

async function runAndRelease(worker: Worker, { release }: WorkerRun): Promise<void> {
  try {
    await worker.run();
  } finally {
    await release();
  }
}

const createWorker = async (run: WorkerRun): Promise<Worker> =>
  Worker.create({
    connection: run.connection,
    namespace: run.namespace,
    taskQueue: TASK_QUEUE,
    activities: run.activities,
    workflowBundle: run.workflowBundle ?? (await ownBundle()),
    maxConcurrentActivityTaskExecutions: run.activitiesAtOnce,
    // A district waits for days between two tasks: few need to stay in memory.
    maxCachedWorkflows: 200,
    // Cancellation comes back with a heartbeat; the default would hold it for most of a minute.
    maxHeartbeatThrottleInterval: '5 seconds',
    shutdownGraceTime: '10 seconds',
    shutdownForceTime: '25 seconds',
  });

/** The bundle that `npm run build` made beside us, else one of the sources, made at need. */
async function ownBundle(): Promise<{ codePath: string }> {
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  return { codePath: existsSync(bundle) ? bundle : await workflowBundle(packageRoot()) };
}
