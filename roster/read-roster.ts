/** Reads a roster file in one pass: bytes in, canonical rows out, findings at the end. */
import { COLUMNS } from './columns.js';
import { severityOf } from './findings.js';
import type { Finding, FindingTotals, ReadProblem } from './findings.js';
import { blocks } from './reading/blocks.js';
import { cellTable } from './reading/cell-table.js';
import { crossRows } from './reading/cross-rows.js';
import { decode } from './reading/decode.js';
import { toFields } from './reading/fields.js';
import { findingList } from './reading/finding-list.js';
import { readHeader } from './reading/header.js';
import { recordSplitter } from './reading/records.js';
import type { RawRecord } from './reading/records.js';
import { Refusal } from './reading/refusal.js';
import { rowReader } from './reading/row-reader.js';
import type { ReadRow, RowReader } from './reading/row-reader.js';
import type { Counts } from './reading/tally.js';

export type { ReadRow } from './reading/row-reader.js';
export type { Counts } from './reading/tally.js';

/** Something that the reader put right by itself. */
export interface Repair {
  readonly code: 'BOM_REMOVED';
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

export interface RosterRead {
  readonly ok: true;
  /** Rows below the header, without blank ones; `accepted` + `rejected`. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Distinct ones in the accepted rows. */
  readonly counts: Counts;
  /** By line; the same for the same bytes, however they came. */
  readonly findings: readonly Finding[];
  /** Lines of rows that the sink got as accepted and that a conflict with other rows rejects. */
  readonly rejectedLines: readonly number[];
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
  /** How many bytes are taken apart at a time; changes the pace and nothing else. */
  readonly blockBytes?: number;
}

const BLOCK_BYTES = 65_536;

/**
 * Hands every row to `sink` in the file's order, waiting for it where it gives a promise.
 * What is wrong with the file is a value; it throws only what `bytes`, `sink` or `signal` throw.
 * Memory grows with the distinct keys and names of the file and by 20 bytes a row.
 */
export async function readRoster(
  bytes: AsyncIterable<Uint8Array>,
  sink: (row: ReadRow) => void | Promise<void>,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const splitter = recordSplitter();
  const findings = findingList();
  const tables = COLUMNS.map(cellTable);
  const cross = crossRows(tables);
  const repairs: Repair[] = [];
  let reader: RowReader | null = null;
  let bytesRead = 0;

  const take = async (records: readonly RawRecord[]): Promise<void> => {
    for (const record of toFields(records)) {
      if (reader === null) {
        if (record.cells === null) {
          throw new Refusal('NOT_CSV', 'NOT_CSV_HEADER', { line: record.line });
        }
        if (record.cells.every((cell) => cell.trim() === '')) continue;
        const header = readHeader(record.cells, record.line);
        if (header.ignored > 0) {
          findings.add({
            code: 'COLUMNS_IGNORED',
            line: header.line,
            rows: 0,
            count: header.ignored,
          });
        }
        reader = rowReader(header, tables, cross, findings);
        continue;
      }
      const row = reader.read(record);
      if (row === null) continue;
      const waiting = sink(row);
      if (waiting !== undefined) await waiting;
    }
  };

  try {
    const counted = countBytes(blocks(bytes, options.blockBytes ?? BLOCK_BYTES), (length) => {
      bytesRead += length;
    });
    const onBom = (): void => {
      repairs.push({ code: 'BOM_REMOVED', line: 1, before: 'U+FEFF', after: '' });
    };
    for await (const text of decode(counted, onBom)) {
      options.signal?.throwIfAborted();
      await take(splitter.push(text));
      options.onProgress?.(bytesRead, readerRows(reader));
    }
    await take(splitter.end());
    options.signal?.throwIfAborted();
    return finish(reader);
  } catch (error) {
    if (error instanceof Refusal) return refused(error, splitter.line());
    throw error;
  }

  function finish(read: RowReader | null): RosterRead {
    if (read === null) throw new Refusal('EMPTY_FILE', 'EMPTY_FILE', { line: null });
    const rows = read.rows();
    if (rows === 0) throw new Refusal('HEADER_ONLY', 'HEADER_ONLY', { line: null });
    if (read.blank() > 0) findings.add({ code: 'BLANK_ROWS', rows: read.blank() });
    const { rejectedLines, counts, accepted } = cross.finish(findings);
    return {
      ok: true,
      rows,
      accepted,
      rejected: rows - accepted,
      counts,
      ...findings.finish(),
      rejectedLines,
      repairs,
    };
  }
}

const readerRows = (reader: RowReader | null): number => reader?.rows() ?? 0;

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
  const { columns = null, count } = facts;
  const finding: Finding = {
    code,
    severity: severityOf(code),
    line: facts.line === undefined ? line : facts.line,
    column: COLUMNS.find((column) => columns?.split(', ').includes(column)) ?? null,
    value: columns,
    rows: 0,
    people: 0,
    ...(count === undefined ? {} : { count }),
  };
  return { ok: false, problem, finding };
}
