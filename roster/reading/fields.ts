/**
 * Step 4: records to fields. csv-parse takes the quoted records of a block apart in one call;
 * a record without a quotation mark is what stands between its delimiters.
 */
import { bareQuotes } from './bare-quotes.js';
import { parse } from './csv-parse.js';
import type { RawRecord } from './records.js';
import { Refusal } from './refusal.js';

/** A record as it stands in the file. */
export interface RawText {
  /** At most the first HEAD_MAX characters of a record that is too long. */
  readonly text: string;
  /** Characters of the whole. */
  readonly length: number;
}

export interface FieldRecord {
  readonly line: number;
  /** Null if the record could not be taken apart safely: see `fault`. */
  readonly cells: readonly string[] | null;
  /** No quotation mark in it: a delimiter may have been meant as a part of a value. */
  readonly plain: boolean;
  readonly fault: 'QUOTE_BROKEN' | 'ROW_TOO_LONG' | null;
  /** Line breaks within its values. */
  readonly breaks: number;
  /** Quotation marks inside bare values were taken as letters. */
  readonly bareQuotes?: true;
  /** Only where fields may not be what was meant: faults, and records of several lines. */
  readonly raw?: RawText;
}

/** One FieldRecord for each, in order. Stops with Refusal where rows run together. */
export type FieldReader = (records: readonly RawRecord[]) => Generator<FieldRecord>;

/** @param width fields of a row; without it no record with bare quotation marks is read */
export function fieldReader(delimiter: string, width = 0): FieldReader {
  const splitPlain = plainSplitter(delimiter);
  return function* (records) {
    const hard = records.filter(({ shape, cells }) => shape === 'quoted' && cells === undefined);
    const parsed = parseQuoted(hard, delimiter);
    let next = 0;
    for (const { shape, text, line, breaks, cells, length = text.length } of records) {
      if (shape === 'plain') {
        yield { line, cells: splitPlain(text), plain: true, fault: null, breaks };
      } else if (shape === 'quoted') {
        const fields = cells ?? parsed[next++]!;
        const record = { line, cells: fields, plain: false, fault: null, breaks };
        yield breaks > 0 ? { ...record, raw: { text, length } } : record;
      } else if (shape === 'unclosed') {
        throw new Refusal('NOT_CSV', 'NOT_CSV_QUOTE_OPEN', { line });
      } else if (shape === 'broken' && breaks > 0) {
        // Within one line the damage ends with the line; over several, rows are inside it.
        throw new Refusal('NOT_CSV', 'NOT_CSV_QUOTE_BROKEN', { line });
      } else {
        const raw = { text, length };
        const bare = shape === 'broken' ? bareQuotes(text, delimiter, width) : null;
        const fault = shape === 'broken' ? 'QUOTE_BROKEN' : 'ROW_TOO_LONG';
        yield bare === null
          ? { line, cells: null, plain: false, fault, breaks, raw }
          : { line, cells: bare, plain: false, fault: null, breaks, raw, bareQuotes: true };
      }
    }
  };
}

export const toFields = (records: readonly RawRecord[], delimiter = ','): Generator<FieldRecord> =>
  fieldReader(delimiter)(records);

/**
 * Files are sorted, so a row often begins as the one above it does. Such a beginning is compared
 * as a whole, and its fields are the very same strings again, which costs the next steps nothing.
 */
function plainSplitter(delimiter: string): (text: string) => string[] {
  let prefix = '';
  let head: readonly string[] = [];
  let above: readonly string[] | null = null;

  const split = (text: string, cells: string[], from: number): string[] => {
    let at = from;
    for (let end = text.indexOf(delimiter, at); end >= 0; end = text.indexOf(delimiter, at)) {
      cells.push(text.slice(at, end));
      at = end + 1;
    }
    cells.push(text.slice(at));
    return cells;
  };

  return (text) => {
    // Not startsWith, which takes four times as long.
    if (prefix !== '' && text.slice(0, prefix.length) === prefix) {
      return split(text, head.slice(), prefix.length);
    }
    const cells = split(text, [], 0);
    prefix = '';
    if (above === null) {
      // The first row of its kind: the next one shows how much they share.
      above = cells;
      return cells;
    }
    let same = 0;
    let length = 0;
    for (; same < cells.length - 1 && cells[same] === above[same]; same++) {
      length += cells[same]!.length + 1;
    }
    above = same === 0 ? cells : null;
    if (same > 0) {
      head = cells.slice(0, same);
      prefix = text.slice(0, length);
    }
    return cells;
  };
}

function parseQuoted(records: readonly RawRecord[], delimiter: string): string[][] {
  if (records.length === 0) return [];
  let parsed: string[][];
  try {
    parsed = parse(records.map(({ text }) => text).join('\n'), {
      delimiter,
      relax_column_count: true,
      record_delimiter: ['\n'],
    });
  } catch {
    // Its message quotes cells, so it ends here. The records were well formed: our own fault.
    throw new Error('csv-parse refused a record that the splitter had passed');
  }
  if (parsed.length !== records.length) {
    throw new Error('csv-parse saw other records than the splitter');
  }
  return parsed;
}
