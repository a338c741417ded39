/** What was found in a run's file. Holds cell values: for the district's page and report only. */
import type { Db } from '../db.js';
import { districtKey, rows } from '../sql.js';
import type { FindingRecord, RunRef } from '../types.js';

/** In the order of the file, as the reader told them. @throws StoreError DISTRICT_UNKNOWN */
export async function getFindings(db: Db, ref: RunRef): Promise<FindingRecord[]> {
  const key = await districtKey(db, ref.district);
  return rows<FindingRecord>(
    db,
    `select code, severity, line, col as column, value, row_count as rows, lines
     from rollcall.findings where district_key = ? and run = ? order by seq`,
    [key, ref.run],
  );
}
