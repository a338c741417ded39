/** How much one worker takes on at a time. More workers are more throughput; these are for one. */
import { availableParallelism } from 'node:os';
import type { Environment } from './environment.js';

export interface WorkerSettings {
  /** ROLLCALL_ACTIVITIES: work of Temporal's at the same time. */
  readonly activitiesAtOnce: number;
  /** ROLLCALL_DB_POOL: connections to Postgres, beside those of locks and threads. */
  readonly dbPool: number;
  /** ROLLCALL_THREADS: for reading large files, each with up to three connections of its own. */
  readonly threads: number;
  /** ROLLCALL_THREAD_MB: the most that the objects of one of them may take. */
  readonly threadMb: number;
}

const ACTIVITIES = 10;
/** One for the largest file, one for the others; more than these want more memory than most have. */
const THREADS = { least: 2, most: 4 };
/** It shares and tidies by itself. */
const OF_THE_ARCHIVE = 2;
/** A file of 3.4 million rows takes 1 GB. */
const THREAD_MB = 2_048;

export function workerSettingsOf(env: Environment): WorkerSettings {
  const activitiesAtOnce = env.ROLLCALL_ACTIVITIES ?? ACTIVITIES;
  const cores = availableParallelism();
  return {
    activitiesAtOnce,
    // An activity may hold a connection for its transaction and take another for a question.
    dbPool: env.ROLLCALL_DB_POOL ?? 2 * activitiesAtOnce + OF_THE_ARCHIVE,
    threads: env.ROLLCALL_THREADS ?? Math.min(Math.max(cores, THREADS.least), THREADS.most),
    threadMb: env.ROLLCALL_THREAD_MB ?? THREAD_MB,
  };
}

/**
 * Where all activities hold a connection and wait for another, nothing would ever go on: one
 * connection more than activities, beside the archive's two, is what gets them through.
 */
export function poolProblem(env: Environment): string | null {
  const { activitiesAtOnce, dbPool } = workerSettingsOf(env);
  if (dbPool > activitiesAtOnce + OF_THE_ARCHIVE) return null;
  return 'ROLLCALL_DB_POOL must be at least 3 more than ROLLCALL_ACTIVITIES (10 unless it is set).';
}
