/** Reads a roster file in one pass: bytes in, canonical rows out, findings and repairs at the end. */
import { severitiesWith } from './accepted.js';
import type { AcceptableCode } from './accepted.js';
import { COLUMNS } from './columns.js';
import { severityOf } from './findings.js';
import type { Finding, FindingTotals, ReadProblem } from './findings.js';
import { blocks } from './reading/blocks.js';
import { clip } from './reading/clip.js';
import { cellTable } from './reading/cell-table.js';
import { crossRows } from './reading/cross-rows.js';
import { decode } from './reading/decode.js';
import { findingList } from './reading/finding-list.js';
import type { Findings } from './reading/finding-list.js';
import { namesOf } from './reading/header.js';
import type { ColumnMapping } from './reading/header.js';
import { opening } from './reading/opening.js';
import type { Ending, Opened } from './reading/opening.js';
import { Refusal } from './reading/refusal.js';
import { repairList } from './reading/repair-list.js';
import { rowReader } from './reading/row-reader.js';
import { rosterTable } from './reading/table.js';
import type { RowSink, Table } from './reading/table.js';
import type { Counts } from './reading/gather.js';
import { unpack } from './reading/unpack.js';
import type { Repair } from './repairs.js';
import type { LostId } from './rules/damaged-ids.js';
import type { FileSays } from './file-says.js';
import type { KnownRoster } from './rules/known-roster.js';

export type { ColumnMapping } from './reading/header.js';
export type { Findings } from './reading/finding-list.js';
export type { Repair } from './repairs.js';
export type { LostId } from './rules/damaged-ids.js';
export type { RawText } from './reading/fields.js';
export type { ReadRow } from './reading/row-reader.js';
export type { RowSink } from './reading/table.js';
export type { Counts } from './reading/gather.js';

export interface RosterRead {
  readonly ok: true;
  /** Rows below the header, without blank ones; `accepted` + `rejected`. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Distinct ones in the accepted rows. */
  readonly counts: Counts;
  /** By line, as often as they are asked for; the same for the same bytes, however they came. */
  readonly findings: Findings;
  /** Lines of rows that the sink got as accepted and that a conflict with other rows rejects. */
  readonly rejectedLines: readonly number[];
  /**
   * Ids that do not name what their rows are about. The sink got those rows as accepted, and
   * `rejectedLines` has them: their cell in that column counts as unreadable.
   */
  readonly lostIds: readonly LostId[];
  /** What the accepted rows say, each thing once. */
  readonly says: FileSays;
  readonly totals: FindingTotals;
  readonly repairs: readonly Repair[];
}
/** Nothing of the file may be used, not even the rows that the sink was given. */
export interface RosterRefused {
  readonly ok: false;
  readonly problem: ReadProblem;
  readonly finding: Finding;
}
export type ReadResult = RosterRead | RosterRefused;

export interface ReadOptions {
  /** After each block. */
  onProgress?(bytes: number, rows: number): void;
  readonly signal?: AbortSignal;
  /** Once, with the names of the header as they stand in the file; before the first row. */
  onHeader?(names: readonly string[]): void | Promise<void>;
  /** What the last accepted file said, for the rules that compare. */
  readonly known?: KnownRoster | null;
  /** How many bytes are taken apart at a time; changes the pace and nothing else. */
  readonly blockBytes?: number;
  /** The district's own names: header text → our column. They go before all that we know. */
  readonly columns?: ColumnMapping;
  /** Findings that the district has had accepted: they are notes, and reject nothing. */
  readonly accepts?: readonly AcceptableCode[];
}

/** Characters. */
const SUBJECT_MAX = 800;
const BLOCK_BYTES = 65_536;

/**
 * Hands every row to `sink` in the file's order, waiting for it where it gives a promise.
 * What is wrong with the file is a value; it throws only what `bytes`, `sink` or `signal` throw.
 * Memory grows with the distinct keys and names of the file and by 20 bytes a row.
 */
export async function readRoster(
  bytes: AsyncIterable<Uint8Array>,
  sink: RowSink,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const findings = findingList(severitiesWith(options.accepts));
  const repairs = repairList();
  const tables = COLUMNS.map((column) => cellTable(column, repairs));
  const cross = crossRows(tables);
  const front = opening(namesOf(options.columns));
  let table: Table | null = null;
  let bytesRead = 0;

  const start = (opened: Opened): Table => {
    const { header, delimiter } = opened.layout;
    for (const repair of opened.layout.repairs) repairs.open(repair);
    if (header.ignored > 0) {
      const { line, ignored: count } = header;
      findings.add({ code: 'COLUMNS_IGNORED', line, rows: 0, count });
    }
    const reader = rowReader(header, tables, cross, findings, repairs, delimiter);
    return rosterTable(opened, reader, repairs, sink);
  };
  const takeText = async (text: string, ending: Ending): Promise<void> => {
    let more = text;
    if (table === null) {
      const opened = front.push(text, ending);
      if (opened === null) return;
      table = start(opened);
      await options.onHeader?.(opened.layout.header.names);
      more = opened.rest;
    }
    await table.push(more);
    if (ending === 'end') await table.end();
  };
  const line = (): number => table?.line() ?? front.line();

  try {
    const counted = countBytes(bytes, (length) => {
      bytesRead += length;
    });
    const unpacked = unpack(counted, (packing) => {
      repairs.open({ code: 'UNPACKED', line: 1, before: packing, after: 'CSV' });
    });
    const text = decode(blocks(unpacked, options.blockBytes ?? BLOCK_BYTES), {
      bom: () => void repairs.open({ code: 'BOM_REMOVED', line: 1, before: 'U+FEFF', after: '' }),
      utf16: (before) =>
        void repairs.open({ code: 'ENCODING_UTF16', line: 1, before, after: 'UTF-8' }),
      windows1252: () => {
        const code = 'ENCODING_WINDOWS_1252';
        findings.add({ code, line: line(), rows: 0 });
        repairs.open({ code, line: line(), before: 'Windows-1252', after: 'UTF-8' });
      },
    });
    try {
      for await (const piece of text) {
        options.signal?.throwIfAborted();
        await takeText(piece, 'more');
        options.onProgress?.(bytesRead, readerRows(table));
      }
    } catch (error) {
      // What stands before the fault is read first, so that the first fault is the one named.
      if (error instanceof Refusal && table === null) await takeText('', 'cut');
      throw error;
    }
    await takeText('', 'end');
    options.signal?.throwIfAborted();
    return await finish(table!);
  } catch (error) {
    if (error instanceof Refusal) return refused(error, line());
    throw error;
  }

  async function finish({ reader }: Table): Promise<RosterRead> {
    const rows = reader.rows();
    if (rows === 0) throw new Refusal('HEADER_ONLY', 'HEADER_ONLY', { line: null });
    if (reader.blank() > 0) {
      const lines = reader.blankLines();
      findings.add({ code: 'BLANK_ROWS', line: lines[0] ?? null, rows: reader.blank(), lines });
    }
    const { rejectedLines, lostIds, counts, accepted, says } = await cross.finish(
      findings,
      options.known ?? null,
    );
    return {
      ok: true,
      rows,
      accepted,
      rejected: rows - accepted,
      counts,
      ...findings.finish(),
      rejectedLines,
      lostIds,
      says,
      repairs: repairs.finish(),
    };
  }
}

const readerRows = (table: Table | null): number => table?.reader.rows() ?? 0;

async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const block of source) {
    count(block.length);
    yield block;
  }
}

function refused({ problem, code, facts }: Refusal, line: number): RosterRefused {
  const { columns = null, count, unknown } = facts;
  const finding: Finding = {
    code,
    severity: severityOf(code),
    line: facts.line === undefined ? line : facts.line,
    column: COLUMNS.find((column) => columns?.split(', ').includes(column)) ?? null,
    value: columns,
    rows: 0,
    people: 0,
    ...(count === undefined ? {} : { count }),
    ...(unknown ? { subject: clip(`${columns}; instead it has: ${unknown}`, SUBJECT_MAX) } : {}),
  };
  return { ok: false, problem, finding };
}
