import { getExternalWorkflowHandle, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { Fetched, Policy, RunRef } from '../contract.js';
import { planAsked } from '../messages.js';
import { act } from '../shared/act.js';
import { fetchQuietFile } from '../shared/get-file.js';
import type { Ending } from './plan-and-apply.js';

/**
 * Fetches the file. A hold of the same bytes whose workflow has gone (terminated, say) is ended:
 * nobody could approve it any more, and it would keep those bytes out for ever.
 */
export async function fetchFile(ref: RunRef, policy: Policy): Promise<Fetched> {
  const fetched = await fetchQuietFile(ref, policy);
  if (!fetched.ok || fetched.same !== 'held' || (await isThere(fetched.holder))) return fetched;
  // It may have come to its end since: what the store says now is final.
  const now = await fetchQuietFile(ref, policy);
  if (!now.ok || now.same !== 'held' || now.sameRun !== fetched.sameRun) return now;
  const { district } = ref;
  const { sameRun: run, sha256, bytes } = now;
  const by = workflowInfo().workflowId;
  const summary = `run ${run}: nobody holds its plan any more`;
  await act('closePlan', { district, run, state: 'superseded', by }, summary);
  return { ok: true, sha256, bytes };
}

/** How the run ends, if its bytes need not be read again; nobody is told twice of the same file. */
export function endOfKnown(fetched: Fetched & { ok: true }): Ending | null {
  switch (fetched.same) {
    case 'accepted':
      return { outcome: 'unchanged' };
    case 'held':
      // That hold stands: support has to decide once about one file.
      return { outcome: 'held', heldBy: fetched.sameRun };
    case 'rejected':
      return { outcome: 'rejected', sameAs: fetched.sameRun };
    case 'refused':
      return { outcome: 'refused', problem: fetched.problem, sameAs: fetched.sameRun };
    default:
      return null;
  }
}

/** Asks by a signal that changes nothing; it fails if there is nobody to take it. */
async function isThere(workflowId: string): Promise<boolean> {
  const { workflowId: self } = workflowInfo();
  try {
    await getExternalWorkflowHandle(workflowId).signal(planAsked, { by: self });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the workflow of a held plan has gone', { workflowId });
    return false;
  }
}
