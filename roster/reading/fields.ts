/**
 * Step 4: records to fields. csv-parse takes the quoted records of a block apart in one call;
 * a record without a quotation mark is what stands between its delimiters.
 */
import { parse } from './csv-parse.js';
import type { RawRecord } from './records.js';
import { Refusal } from './refusal.js';

export interface FieldRecord {
  readonly line: number;
  /** Null if the record could not be taken apart safely: see `fault`. */
  readonly cells: readonly string[] | null;
  /** No quotation mark in it: a delimiter may have been meant as a part of a value. */
  readonly plain: boolean;
  readonly fault: 'QUOTE_BROKEN' | 'ROW_TOO_LONG' | null;
  /** Line breaks within its values. */
  readonly breaks: number;
}

/** One FieldRecord for each, in order. Stops with Refusal where rows run together. */
export function* toFields(records: readonly RawRecord[], delimiter = ','): Generator<FieldRecord> {
  const quoted = parseQuoted(
    records.filter(({ shape }) => shape === 'quoted'),
    delimiter,
  );
  let next = 0;
  for (const { shape, text, line, breaks } of records) {
    const plain = shape === 'plain';
    if (plain) yield { line, cells: text.split(delimiter), plain, fault: null, breaks };
    else if (shape === 'quoted') yield { line, cells: quoted[next++]!, plain, fault: null, breaks };
    else if (shape === 'too-long') {
      yield { line, cells: null, plain, fault: 'ROW_TOO_LONG', breaks };
    } else if (shape === 'unclosed') throw new Refusal('NOT_CSV', 'NOT_CSV_QUOTE_OPEN', { line });
    // Within one line the damage ends with the line; over several, rows are inside it.
    else if (breaks > 0) throw new Refusal('NOT_CSV', 'NOT_CSV_QUOTE_BROKEN', { line });
    else yield { line, cells: null, plain, fault: 'QUOTE_BROKEN', breaks };
  }
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
