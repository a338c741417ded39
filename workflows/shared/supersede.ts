import { getExternalWorkflowHandle, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { Planned } from '../contract.js';
import { planSuperseded } from '../messages.js';

/** Tells the workflows that still hold older plans of the district. One that has gone is fine. */
export async function tellSuperseded({ supersedes }: Planned): Promise<void> {
  const { workflowId: self } = workflowInfo();
  for (const { workflowId, run } of supersedes) {
    if (workflowId === self) continue;
    try {
      await getExternalWorkflowHandle(workflowId).signal(planSuperseded, { by: self });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.info('the workflow of a superseded plan has gone', { workflowId, run });
    }
  }
}
