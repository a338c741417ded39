/** The search attributes by which a list of workflows is filtered, as typed keys. */
import type { TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';
import type { Stage, WaitingOn } from '../workflows/stages.js';

/** Loads Temporal only when something is started. */
export async function stageAttributes(
  district: string,
  stage?: Stage,
  waitingOn?: WaitingOn,
): Promise<TypedSearchAttributes> {
  const { defineSearchAttributeKey, TypedSearchAttributes } = await import('@temporalio/common');
  const pair = (which: keyof typeof SEARCH_ATTRIBUTES, value: string) => {
    const { name, type } = SEARCH_ATTRIBUTES[which];
    return { key: defineSearchAttributeKey(name, type), value };
  };
  return new TypedSearchAttributes([
    pair('district', district),
    ...(stage ? [pair('stage', stage)] : []),
    ...(waitingOn ? [pair('waitingOn', waitingOn)] : []),
  ]);
}
