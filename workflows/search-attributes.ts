/** What a workflow list is filtered by: which district, at which stage, and who has to act. */
export const SEARCH_ATTRIBUTES = Object.freeze({
  district: { name: 'RollcallDistrict', type: 'KEYWORD' },
  stage: { name: 'RollcallStage', type: 'KEYWORD' },
  waitingOn: { name: 'RollcallWaitingOn', type: 'KEYWORD' },
} as const);

export const SEARCH_ATTRIBUTE_NAMES: readonly string[] = Object.values(SEARCH_ATTRIBUTES).map(
  ({ name }) => name,
);
