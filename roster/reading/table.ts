/** The rows below the header: split, taken apart, read one by one and handed on. */
import { fieldReader } from './fields.js';
import type { FieldRecord, RawText } from './fields.js';
import type { Opened } from './opening.js';
import { recordSplitter } from './records.js';
import type { RawRecord } from './records.js';
import type { RepairList } from './repair-list.js';
import { isBlankRow } from './row-reader.js';
import type { ReadRow, RowReader } from './row-reader.js';
import { trailerText } from './trailer.js';
import { compareTwins } from './twins.js';

/**
 * Takes a row with its cells as they stand in the file and in its order, null if they could not be
 * told apart; `raw` is the record itself, where it is more than its cells say.
 */
export type RowSink = (
  row: ReadRow,
  cells: readonly string[] | null,
  raw?: RawText,
) => void | Promise<void>;

export interface Table {
  push(text: string): Promise<void>;
  /** No more text: what is open ends here. */
  end(): Promise<void>;
  /** The line on which the first character not yet read stands. */
  line(): number;
  readonly reader: RowReader;
  /** The next line begins a record, and so may be retold. */
  isBetween(): boolean;
  /** One line, and row, that says what a row of the file before said: see RowReader. */
  retell(ids: Int32Array, isKnown: boolean): boolean | Promise<boolean>;
  /** Each line feed ends a line, and nothing else does. */
  hasPlainLines(): boolean;
}

/** Lines below the last row that may be none; more of them are rows with errors. */
const TRAILERS_MAX = 10;

export function rosterTable(
  { layout }: Opened,
  reader: RowReader,
  repairs: RepairList,
  sink: RowSink,
): Table {
  const { header, delimiter, endLine } = layout;
  const splitter = recordSplitter(delimiter, endLine);
  const fields = fieldReader(delimiter, header.width);
  /** Held until a row follows after all, and so they are bad rows, or the file ends. */
  let trailers: { readonly record: FieldRecord; readonly text: string }[] = [];

  const give = (record: FieldRecord): void | Promise<void> => {
    const row = reader.read(record);
    return row === null ? undefined : sink(row, record.cells, record.raw);
  };
  const giveTrailers = async (): Promise<void> => {
    const rows = trailers;
    trailers = [];
    for (const { record } of rows) await give(record);
  };

  const take = async (records: readonly RawRecord[]): Promise<void> => {
    for (const record of fields(records)) {
      const { cells, line } = record;
      const text = cells === null ? null : trailerText(cells, header);
      if (text !== null && trailers.length < TRAILERS_MAX) {
        trailers.push({ record, text });
        continue;
      }
      if (trailers.length > 0 && (cells === null || !isBlankRow(cells))) await giveTrailers();
      if (cells !== null && header.twins.length > 0) compareTwins(header, cells, line);
      const waiting = give(record);
      if (waiting !== undefined) await waiting;
    }
  };

  return {
    reader,
    line: splitter.line,
    isBetween: splitter.isBetween,
    hasPlainLines: () => !splitter.hasBareCr(),
    retell: (ids, isKnown) => {
      const line = splitter.line();
      splitter.pass(1);
      if (trailers.length > 0) return giveTrailers().then(() => reader.retell(line, ids, isKnown));
      return reader.retell(line, ids, isKnown);
    },
    push: (text) => take(splitter.push(text)),
    end: async () => {
      await take(splitter.end());
      for (const { record, text } of trailers) {
        repairs.open({ code: 'TRAILER_DROPPED', line: record.line, before: text, after: '' });
      }
      for (const { column, first, second } of header.twins) {
        const before = [first, second].map((place) => `column ${place + 1}`).join(', ');
        repairs.open({ code: 'COLUMN_REPEATED', line: header.line, column, before, after: column });
      }
    },
  };
}
