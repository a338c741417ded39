/** How many of each kind are active in a district's roster. */
import type { Db } from '../db.js';
import { KINDS } from '../../roster/plan-types.js';
import { countActive } from '../plan/totals.js';
import { districtKey } from '../sql.js';
import type { Kind } from '../types.js';

/** @throws StoreError DISTRICT_UNKNOWN */
export async function rosterTotals(db: Db, district: string): Promise<Record<Kind, number>> {
  return countActive(db, await districtKey(db, district), KINDS);
}
