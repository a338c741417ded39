/** What main thread and reading thread say to each other: plain data only. */
import type { MessagePort } from 'node:worker_threads';
import { ApplicationFailure } from '@temporalio/common';
import { toFailure } from '../../activities/errors.js';
import type { ReadJob } from '../../activities/ports.js';
import type { ReadOutcome } from '../../workflows/contract.js';

/** What a thread needs to make its own connections. */
export interface ThreadSettings {
  readonly databaseUrl: string;
  readonly archiveDir: string;
}
export interface Task {
  readonly settings: ThreadSettings;
  readonly job: ReadJob;
  /** Carries what is `Said`; anything that comes the other way means: break off. */
  readonly port: MessagePort;
}
export type Said =
  | { readonly is: 'begun' }
  | { readonly is: 'progress'; readonly counts: Readonly<Record<string, number>> }
  | {
      readonly is: 'log';
      readonly level: 'info' | 'warn';
      readonly fields: object;
      readonly message: string;
    };

export type Answer = { readonly outcome: ReadOutcome } | { readonly failure: Failed };
interface Failed {
  readonly message: string;
  readonly type: string;
  readonly nonRetryable: boolean;
  readonly stack: string | undefined;
}

/** Classified on its own side, where the original error is. */
export function failedOf(thrown: unknown): Failed {
  const failure = toFailure(thrown);
  const { type, nonRetryable } = failure as Partial<ApplicationFailure>;
  return {
    message: failure.message,
    type: type ?? 'ABORTED',
    nonRetryable: nonRetryable ?? false,
    stack: failure.stack,
  };
}

export function failureOf({ stack, ...failed }: Failed): ApplicationFailure {
  const failure = ApplicationFailure.create(failed);
  if (stack !== undefined) failure.stack = stack;
  return failure;
}
