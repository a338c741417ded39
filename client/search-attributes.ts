/** The search attributes by which a list of workflows is filtered, as typed keys. */
import type { TypedSearchAttributes } from '@temporalio/common';
import type { Stage, WaitingOn } from '../workflows/stages.js';

/** Loads Temporal only when something is started. */
export async function stageAttributes(
  district: string,
  stage?: Stage,
  waitingOn?: WaitingOn,
): Promise<TypedSearchAttributes> {
  const { defineSearchAttributeKey, TypedSearchAttributes } = await import('@temporalio/common');
  const keyword = (name: string, value: string) => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  });
  return new TypedSearchAttributes([
    keyword('RollcallDistrict', district),
    ...(stage ? [keyword('RollcallStage', stage)] : []),
    ...(waitingOn ? [keyword('RollcallWaitingOn', waitingOn)] : []),
  ]);
}
