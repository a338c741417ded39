/** How a district's file is read, as the database keeps it beside a district and beside a run. */
import { canonicalFilter } from '../roster/filter.js';
import type { Reading } from './types.js';

/**
 * For `jsonb_strip_nulls(…)`: a part that is empty becomes null and so is not there, that equal
 * readings are equal objects. A part that is not given is left out.
 */
export const readingJson = ({ columns, accepts, filter }: Partial<Reading>): string =>
  JSON.stringify({
    ...(columns !== undefined && { columns: isEmpty(columns) ? null : columns }),
    ...(accepts !== undefined && { accepts: isEmpty(accepts) ? null : accepts }),
    ...(filter !== undefined && { filter: filterOrNull(filter) }),
  });

function filterOrNull(filter: Reading['filter']): Reading['filter'] | null {
  const one = canonicalFilter(filter);
  return isEmpty(one) ? null : one;
}

const isEmpty = (part: object): boolean => Object.keys(part).length === 0;
