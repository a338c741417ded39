import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunSummary } from '../contract.js';
import { SEARCH_ATTRIBUTES } from '../search-attributes.js';
import type { WaitingOn } from '../stages.js';

export { SEARCH_ATTRIBUTES };

export interface Standing {
  readonly district: string;
  readonly stage: string;
  readonly waitingOn: WaitingOn;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The plan on offer, if there is one. */
  readonly offer: { readonly run: number; readonly planHash: string } | null;
  readonly lastRun: RunSummary | null;
  /** `note/<id>`: what the district wrote about its logins. A free text stays in its signal. */
  readonly note?: string | null;
  /** Markdown for the Temporal UI: ids and counts only. */
  readonly details: string;
}

/**
 * Shows where a workflow stands, for whoever lists workflows or describes one. The memo is there
 * so that `status` needs neither a worker nor a query.
 */
export function publish(standing: Standing): void {
  const { district, stage, waitingOn, since, offer, lastRun, note = null } = standing;
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.district, value: district },
    { key: SEARCH_ATTRIBUTES.stage, value: stage },
    { key: SEARCH_ATTRIBUTES.waitingOn, value: waitingOn },
  ]);
  upsertMemo({ stage, waitingOn, since, offer, lastRun, note });
  setCurrentDetails(standing.details);
}
