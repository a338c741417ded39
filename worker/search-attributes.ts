import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_NAMES } from '../workflows/search-attributes.js';

/** INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const KEYWORD = 2;

/**
 * Registers Rollcall's search attributes with a cluster, leaving those that are there. On Temporal
 * Cloud they are made in its console or with `tcld`, as the operator service is closed there.
 * @returns the names that were missing
 * @throws ServiceError of gRPC; Error if one is there with another type
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const wrong = SEARCH_ATTRIBUTE_NAMES.filter((name) => {
    const type: number | undefined = customAttributes[name];
    return type !== undefined && type !== KEYWORD;
  });
  if (wrong.length > 0) {
    throw new Error(
      `search attribute ${wrong.join(', ')} of ${namespace} must be a Keyword; remove it and try again`,
    );
  }
  const missing = SEARCH_ATTRIBUTE_NAMES.filter((name) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  }
  return missing;
}
