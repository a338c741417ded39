import type { Client } from '@temporalio/client';
import type { Db } from '../../store/db.js';

/** Whether what the portal needs answers, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: { readonly database: PartState; readonly temporal: PartState };
}
export type PartState = 'ok' | 'down';

/** A part that has not answered by then counts as down. */
const PATIENCE_MS = 3_000;

/** Asks Postgres and Temporal, at once. Never rejects. */
export async function readiness(db: Db, temporal: Client): Promise<Readiness> {
  const { namespace } = temporal.options;
  const [database, temporalState] = await Promise.all([
    answers(db.raw('select 1')),
    answers(
      temporal.connection.withDeadline(Date.now() + PATIENCE_MS, () =>
        temporal.workflowService.describeNamespace({ namespace }),
      ),
    ),
  ]);
  return {
    ready: database === 'ok' && temporalState === 'ok',
    parts: { database, temporal: temporalState },
  };
}

async function answers(question: PromiseLike<unknown>): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<PartState>((resolve) => {
    timer = setTimeout(() => resolve('down'), PATIENCE_MS);
  });
  const answer = Promise.resolve(question).then(
    (): PartState => 'ok',
    (): PartState => 'down',
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
