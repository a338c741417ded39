/**
 * What was found in a run's file. Holds cell values: for the district's page and report only.
 * Nobody else may ask for more than the counts of roster/causes.ts.
 */
import { causes } from '../../roster/causes.js';
import type { Db } from '../db.js';
import { districtKey, rows } from '../sql.js';
import type { CauseRecord, FindingRecord, RunRef } from '../types.js';

const PAGE = 5_000;

/**
 * In the order of the file, as the reader told them, a page at a time: there may be a million.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function* eachFinding(db: Db, ref: RunRef): AsyncGenerator<FindingRecord> {
  const key = await districtKey(db, ref.district);
  let last = 0;
  for (;;) {
    const page = await rows<FindingRecord & { seq?: number }>(
      db,
      `select seq, code, severity, line, col as column, value, subject, row_count as rows, people,
              lines
       from rollcall.findings where district_key = ? and run = ? and seq > ?
       order by seq limit ${PAGE}`,
      [key, ref.run, last],
    );
    for (const { seq = last, ...finding } of page) {
      last = seq;
      yield finding;
    }
    if (page.length < PAGE) return;
  }
}

/** All of them, or the first `most`. @throws StoreError DISTRICT_UNKNOWN */
export async function getFindings(
  db: Db,
  ref: RunRef,
  most = Number.POSITIVE_INFINITY,
): Promise<FindingRecord[]> {
  const found: FindingRecord[] = [];
  for await (const finding of eachFinding(db, ref)) {
    if (found.length >= most) break;
    found.push(finding);
  }
  return found;
}

/** The heaviest first. @throws StoreError DISTRICT_UNKNOWN */
export async function getCauses(db: Db, ref: RunRef): Promise<CauseRecord[]> {
  const key = await districtKey(db, ref.district);
  const kept = await rows<CauseRecord>(
    db,
    `select code, severity, col as column, subject, people, row_count as rows,
            finding_count as findings, lines, more_lines as "moreLines", "values", message, fix
     from rollcall.causes where district_key = ? and run = ? order by seq`,
    [key, ref.run],
  );
  // Runs of before causes were kept.
  return kept.length > 0 ? kept : causes(await getFindings(db, ref));
}
