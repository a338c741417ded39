import { ApplicationFailure } from '@temporalio/common';
import type { RunRef } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { toFailure } from './errors.js';

/**
 * Work that no run fails for: what goes wrong is logged by its code, after `complaint`.
 * @returns whether it was done
 */
export async function bestEffort(
  { log }: Pick<Deps, 'log'>,
  ref: RunRef,
  complaint: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const failure = toFailure(error);
    const code = failure instanceof ApplicationFailure ? failure.type : 'CANCELLED';
    log.info({ ...ref, code }, complaint);
    return false;
  }
}
