import { log } from '@temporalio/workflow';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import type { Onboarding } from './state.js';

/** Leaves no run open behind, and no plan that nobody could approve any more. */
export async function closeAsCancelled({ state }: Onboarding): Promise<void> {
  const { district, openRun: run } = state;
  if (run === null) return;
  try {
    const end = { district, run, outcome: 'failed', errorCode: 'CANCELLED' } as const;
    await act('writeReport', end, `run ${run}: cancelled`);
  } catch (error) {
    const code = failureCode(error);
    if (code === null) throw error;
    log.warn('the cancelled run could not be closed', { district, run, code });
  }
}
