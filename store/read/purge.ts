/** What housekeeping would end now, by district. Counts only. */
import type { Db } from '../db.js';
import { countForgettable } from '../forget.js';
import { tellDue } from '../purge/due.js';
import type { Purged } from '../purge.js';
import { districtKey } from '../sql.js';

export interface DueCounts extends Purged {
  readonly district: string;
  /** Of runs that are too old: what was found line by line. */
  readonly reports: number;
}

/** By the statements that would do it, rolled back. @throws StoreError DISTRICT_UNKNOWN */
export async function countDue(db: Db, district: string): Promise<DueCounts> {
  const key = await districtKey(db, district);
  const reports = await countForgettable(db, district);
  const trx = await db.transaction();
  try {
    return { district, ...(await tellDue(trx, key, null)), reports };
  } finally {
    await trx.rollback();
  }
}
