/**
 * What was found in a run's file. Holds cell values: for the district's page and report only.
 * Nobody else may ask for more than the counts of roster/causes.ts.
 */
import { causes } from '../../roster/causes.js';
import { LINES_MAX } from '../../roster/findings.js';
import type { Db } from '../db.js';
import { districtKey, rows } from '../sql.js';
import type { CauseRecord, FindingRecord, RepairRecord, RunRef } from '../types.js';

const PAGE = 5_000;
/** A conflict may name ten thousand lines, twice: a page ends with the finding that fills this. */
const PAGE_BYTES = 8_000_000;

export interface FindingsPage {
  readonly findings: readonly FindingRecord[];
  /** Where the next page begins; null: this was the last. */
  readonly next: number | null;
}

/** In the order of the file, as the reader told them. @throws StoreError DISTRICT_UNKNOWN */
export async function findingsPage(db: Db, ref: RunRef, after = 0): Promise<FindingsPage> {
  const key = await districtKey(db, ref.district);
  // What the lines weigh is told by the rows: to count them, each array would be unpacked.
  const page = await rows<{ seq: number; more: boolean; finding: KeptFinding }>(
    db,
    `with page as (
       select *, octet_length(coalesce(value, '')) + 8 * least(row_count, ${LINES_MAX}) as bytes
       from rollcall.findings where district_key = ? and run = ? and seq > ?
       order by seq limit ${PAGE} + 1),
     weighed as (
       select *, sum(bytes) over (order by seq) - bytes as before,
         row_number() over (order by seq) as place, count(*) over () as found
       from page)
     select seq, place < found as more,
       json_build_object('code', code, 'severity', severity, 'line', line,
         'column', col, 'value', value, 'subject', subject, 'rows', row_count, 'people', people,
         'lines', case when lines = '{}' and line is not null then array[line] else lines end,
         'count', count) as finding
     from weighed where place <= ${PAGE} and before < ${PAGE_BYTES} order by seq`,
    [key, ref.run, after],
  );
  const last = page.at(-1);
  return {
    findings: page.map(({ finding }) => record(finding)),
    next: last?.more ? last.seq : null,
  };
}

type KeptFinding = Omit<FindingRecord, 'count'> & { readonly count: number | null };

const record = ({ count, ...finding }: KeptFinding): FindingRecord =>
  count === null ? finding : { ...finding, count };

/** All of them, a page at a time: there may be a million. @throws StoreError DISTRICT_UNKNOWN */
export async function* eachFinding(db: Db, ref: RunRef): AsyncGenerator<FindingRecord> {
  for (let after: number | null = 0; after !== null;) {
    const page: FindingsPage = await findingsPage(db, ref, after);
    yield* page.findings;
    after = page.next;
  }
}

/** All of them at once, for runs with few. @throws StoreError DISTRICT_UNKNOWN */
export async function getFindings(db: Db, ref: RunRef): Promise<FindingRecord[]> {
  const found: FindingRecord[] = [];
  for await (const finding of eachFinding(db, ref)) found.push(finding);
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

/** What the reader put right, by line. @throws StoreError DISTRICT_UNKNOWN */
export async function getRepairs(db: Db, ref: RunRef): Promise<RepairRecord[]> {
  const key = await districtKey(db, ref.district);
  const kept = await rows<{ repair: RepairRecord }>(
    db,
    `select json_strip_nulls(json_build_object('code', code, 'line', line, 'column', col,
       'before', "before", 'after', "after", 'rows', row_count, 'more', more)) as repair
     from rollcall.repairs where district_key = ? and run = ? order by seq`,
    [key, ref.run],
  );
  return kept.map(({ repair }) => repair);
}
