/** Reads a roster file in one pass: bytes in, canonical rows out, findings and repairs at the end. */
import { severitiesWith } from './accepted.js';
import { COLUMNS } from './columns.js';
import { insideOf, type Filtered } from './filter/inside.js';
import { knownInside } from './filter/known.js';
import { isFilter } from './filter.js';
import { severityOf } from './findings.js';
import type { Finding } from './findings.js';
import { ReadWhole } from './read-types.js';
import type { ReadOptions, ReadResult, RosterRead, RosterRefused } from './read-types.js';
import { blocks } from './reading/blocks.js';
import { clip } from './reading/clip.js';
import { cellTable } from './reading/cell-table.js';
import { crossRows } from './reading/cross-rows.js';
import { decode } from './reading/decode.js';
import { findingList } from './reading/finding-list.js';
import { namesOf } from './reading/header.js';
import { opening } from './reading/opening.js';
import type { Ending, Opened } from './reading/opening.js';
import { Refusal } from './reading/refusal.js';
import { repairList } from './reading/repair-list.js';
import { rowReader } from './reading/row-reader.js';
import { rosterTable } from './reading/table.js';
import type { RowSink, Table } from './reading/table.js';
import { unpack } from './reading/unpack.js';
import { withoutSame } from './reading/retell.js';
import { renumbering } from './reading/renumber.js';
import { knownBySnapshot } from './rules/known-snapshot.js';
import { knownByText } from './rules/known-by-text.js';
import type { Known } from './rules/known-roster.js';
import { saysDelta } from './says-delta.js';
import { snapshotBytes } from './snapshot.js';

export type { ColumnMapping } from './reading/header.js';
export type { Findings } from './reading/finding-list.js';
export type { Repair } from './repairs.js';
export type { LostId } from './rules/damaged-ids.js';
export type { RawText } from './reading/fields.js';
export type { ReadRow } from './reading/row-reader.js';
export type { RowSink } from './reading/table.js';
export type { Counts } from './reading/gather.js';

export type * from './read-types.js';
export { ReadWhole } from './read-types.js';

/** Characters. */
const SUBJECT_MAX = 800;
const BLOCK_BYTES = 65_536;

/**
 * Hands every row to `sink` in the file's order, waiting for it where it gives a promise.
 * What is wrong with the file is a value; it throws only what `bytes`, `sink` or `signal` throw,
 * and ReadWhole where `before` has bytes. Rows that stand in the file before are not handed to the
 * sink, if there is nothing to tell of them.
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
  const { before = null } = options;
  const numbers = before === null ? null : renumbering(before.snapshot, tables);
  let isAlike = true;
  let isUtf8 = true;
  let isPacked = false;
  const front = opening(namesOf(options.columns));
  let table: Table | null = null;
  let bytesRead = 0;

  let layout = '';
  const start = (opened: Opened): Table => {
    layout = layoutText(opened.layout, options.reader ?? '');
    isAlike = before?.snapshot.layout === layout;
    const { header, delimiter } = opened.layout;
    for (const repair of opened.layout.repairs) repairs.open(repair);
    if (header.ignored > 0) {
      const { line, ignored: count } = header;
      findings.add({ code: 'COLUMNS_IGNORED', line, rows: 0, count });
    }
    const reader = rowReader(
      header,
      tables,
      cross,
      findings,
      repairs,
      delimiter,
      options.rejectedOnly === true,
    );
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
    const inBlocks = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
      blocks(
        unpack(source, (packing) => {
          isPacked = true;
          repairs.open({ code: 'UNPACKED', line: 1, before: packing, after: 'CSV' });
        }),
        options.blockBytes ?? BLOCK_BYTES,
      );
    const isTold = before?.bytes !== undefined && before.snapshot.layout !== null;
    const source = isTold
      ? await withoutSame(counted, before.bytes!, before.snapshot, numbers!, {
          table: () => table,
          isAlike: () => isAlike,
          inBlocks,
          areSame: before.areSame,
        })
      : { bytes: inBlocks(counted), isTold: false };
    const text = decode(source.bytes, {
      bom: () => void repairs.open({ code: 'BOM_REMOVED', line: 1, before: 'U+FEFF', after: '' }),
      utf16: (name) => {
        isUtf8 = false;
        repairs.open({ code: 'ENCODING_UTF16', line: 1, before: name, after: 'UTF-8' });
      },
      windows1252: () => {
        // Lines that were told and not decoded may have letters that decide it.
        if (source.isTold) throw new ReadWhole();
        isUtf8 = false;
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
      if (error instanceof Refusal && error.code === 'NOT_TEXT_ENCODING' && source.isTold) {
        throw new ReadWhole();
      }
      throw error;
    }
    await takeText('', 'end');
    options.signal?.throwIfAborted();
    return await finish(table!);
  } catch (error) {
    if (error instanceof Refusal) return refused(error, line());
    throw error;
  }

  async function finish({ reader, hasPlainLines }: Table): Promise<RosterRead> {
    const rows = reader.rows();
    if (rows === 0) throw new Refusal('HEADER_ONLY', 'HEADER_ONLY', { line: null });
    if (reader.blank() > 0) {
      const lines = reader.blankLines();
      findings.add({ code: 'BLANK_ROWS', line: lines[0] ?? null, rows: reader.blank(), lines });
    }
    const filter = options.filter && isFilter(options.filter) ? options.filter : null;
    const lastSaid = known();
    const crossed = await cross.finish(
      findings,
      filter && lastSaid ? knownInside(lastSaid) : lastSaid,
    );
    const { rejectedLines, lostIds, accepted } = crossed;
    const inside = filter && insideOf(crossed.says, crossed.counts, filter);
    // No class at all is the file's own trouble, and no removal of anybody.
    if (inside?.counts.classes === 0 && crossed.counts.classes > 0) {
      throw new Refusal('FILTER_EMPTY', 'FILTER_EMPTY', { line: null });
    }
    const { says, counts } = inside ?? crossed;
    const filtered = inside && toFiltered(inside);
    const isComparable = isUtf8 && !isPacked && hasPlainLines();
    return {
      ok: true,
      rows,
      accepted,
      rejected: rows - accepted,
      counts,
      filtered,
      ...findings.finish(),
      rejectedLines,
      lostIds,
      says,
      repairs: repairs.finish(),
      snapshot: () => snapshotBytes(cross.numbers, says, isComparable ? layout : null),
      difference: () =>
        before === null
          ? null
          : saysDelta(before.snapshot, {
              numbers: cross.numbers,
              says,
              renumbering: numbers!,
            }),
    };
  }

  function known(): Known | null {
    if (before?.isAll === true) return knownBySnapshot(before.snapshot, numbers!);
    return options.known ? knownByText(options.known, tables) : null;
  }
}

/** Files that are laid out alike, and have the same lines, say the same in them. */
const layoutText = ({ delimiter, header, endLine }: Opened['layout'], reader: string): string =>
  JSON.stringify([reader, delimiter, endLine, header.names, header.width, header.named, header.at]);

const toFiltered = ({ outside, verdicts, unknown }: Filtered): Filtered => ({
  outside,
  verdicts,
  unknown,
});

const readerRows = (table: Table | null): number => table?.reader.rows() ?? 0;

/** As plain arrays: what `slice` takes out of Node's Buffer goes with the memory of the next block. */
async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { buffer, byteOffset, length } of source) {
    count(length);
    yield new Uint8Array(buffer, byteOffset, length);
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
