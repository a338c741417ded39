import { log } from '@temporalio/workflow';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import type { Onboarding } from './state.js';

/**
 * Leaves no run open behind, and no plan that nobody could approve any more: while a newer upload
 * is fetched, there are both.
 */
export async function closeAsCancelled({ state }: Onboarding): Promise<void> {
  const { district, openRun, offer } = state;
  const runs = new Set([offer?.run ?? null, openRun]);
  for (const run of runs) if (run !== null) await closeRun(district, run);
}

async function closeRun(district: string, run: number): Promise<void> {
  try {
    const end = { district, run, outcome: 'failed', errorCode: 'CANCELLED' } as const;
    await act('writeReport', end, `run ${run}: cancelled`);
  } catch (error) {
    const code = failureCode(error);
    if (code === null) throw error;
    log.warn('the cancelled run could not be closed', { district, run, code });
  }
}
