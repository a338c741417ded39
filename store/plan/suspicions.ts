/**
 * Findings that hold a plan: each row may be loaded, but the file as a whole looks spoilt. One
 * that is accepted for the district is a note, and holds nothing.
 */
import type { Db } from '../db.js';
import { rows } from '../sql.js';
import type { HeldLimit } from '../types.js';

const HOLDS: Readonly<Record<string, string>> = {
  COLUMN_SHIFTED: 'column-shifted',
  COLUMNS_SWAPPED: 'columns-swapped',
};

/** As limits of nothing at all; the value is the share of the file's rows, in percent. */
export async function suspicions(
  trx: Db,
  districtKey: number,
  run: number,
): Promise<readonly HeldLimit[]> {
  const found = await rows<{ code: string; percent: number }>(
    trx,
    `select f.code,
            (ceil(max(f.row_count) * 10000.0 / greatest(max(r.row_count), 1)) / 100)::float8
              as percent
     from rollcall.findings f join rollcall.runs r using (district_key, run)
     where f.district_key = ? and f.run = ? and f.code = any (?::text[])
       and f.severity <> 'note'
     group by f.code order by f.code`,
    [districtKey, run, Object.keys(HOLDS)],
  );
  return found.map(({ code, percent }) => ({
    limit: HOLDS[code] ?? code,
    school: null,
    value: percent,
    allowed: 0,
  }));
}
