/**
 * Step 3: how the file is laid out, from its first lines. The column names are the evidence: the
 * one line that names all of our columns, parted by one of the delimiters, is the header, and what
 * stands above it is no roster. A file without such a line is refused; nothing is guessed.
 */
import { toFields } from './fields.js';
import { countColumns, readHeader } from './header.js';
import type { Header, Names } from './header.js';
import { COLUMNS } from '../columns.js';
import { RECORD_MAX, firstRecord } from './records.js';
import type { RawRecord } from './records.js';
import { Refusal } from './refusal.js';
import type { RepairDraft } from './repair-list.js';

/** Characters that are looked at: a header of the greatest length, and as much above it. */
export const SAMPLE = 2 * RECORD_MAX;
const LINES_MAX = 60;
const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface Layout {
  readonly delimiter: Delimiter;
  readonly header: Header;
  /** Where the header's record ends in the text; its line break follows. */
  readonly end: number;
  /** The line on which that is. */
  readonly endLine: number;
  readonly repairs: readonly RepairDraft[];
}

interface Line {
  readonly at: number;
  readonly number: number;
  readonly text: string;
}
interface Candidate {
  readonly line: Line;
  readonly delimiter: Delimiter;
  readonly record: RawRecord;
  readonly end: number;
  readonly cells: readonly string[];
  readonly columns: number;
}

/**
 * `text` begins with a line that is not blank, on line `firstLine`; `final`: it is the whole file.
 * Null if it ends before it holds a header, and could go on. Throws Refusal COLUMN_MISSING,
 * or NOT_CSV for a first line that is none of a table.
 */
export function findLayout(
  text: string,
  firstLine: number,
  final: boolean,
  names: Names,
): Layout | null {
  const sample = text.slice(0, SAMPLE);
  const whole = final && text.length <= SAMPLE;
  const lines = firstLines(sample, firstLine);
  const candidates = lines.flatMap((line) =>
    DELIMITERS.flatMap((delimiter) => candidate(sample, line, delimiter, whole, names)),
  );
  const header = candidates.find(({ columns }) => columns === COLUMNS.length);
  if (header !== undefined) return layout(header, lines, names);
  if (!whole && text.length < SAMPLE) return null;
  throw noHeader(candidates, sample, firstLine, whole, names);
}

function layout(found: Candidate, lines: readonly Line[], names: Names): Layout {
  const { delimiter, record, end, line } = found;
  const header = readHeader(found.cells, line.number, names);
  const repairs: RepairDraft[] = lines
    .filter(({ number }) => number < line.number)
    .map(({ text, number }) => ({
      code: SEP_LINE.test(text) ? 'SEP_LINE_DROPPED' : 'BANNER_DROPPED',
      line: number,
      before: text,
      after: '',
    }));
  if (delimiter !== ',') {
    repairs.push({ code: 'DELIMITER', line: line.number, before: delimiter, after: ',' });
  }
  return {
    delimiter,
    header,
    end,
    endLine: line.number + record.breaks,
    repairs: [...repairs, ...header.repairs],
  };
}

/** What Excel writes above the header to say the delimiter. The header says it, too. */
const SEP_LINE = /^\s*"?sep=.?"?[\s,;|]*$/i;

/** The lines that are not blank, without their breaks. */
function firstLines(text: string, firstLine: number): Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (let number = firstLine; at < text.length && lines.length < LINES_MAX; number++) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    if (!isBlank(line)) lines.push({ at, number, text: line });
    at = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
  return lines;
}

function candidate(
  text: string,
  line: Line,
  delimiter: Delimiter,
  whole: boolean,
  names: Names,
): Candidate[] {
  const found = firstRecord(text, line.at, whole, delimiter);
  if (found === null) return [];
  const { record, end } = found;
  if (record.shape !== 'plain' && record.shape !== 'quoted') return [];
  const [fields] = toFields([{ ...record, line: line.number }], delimiter);
  const cells = fields?.cells ?? [];
  if (cells.length < 2) return [];
  const columns = countColumns(cells, names);
  return columns === 0 ? [] : [{ line, delimiter, record, end, cells, columns }];
}

/** The refusal that helps most: what the nearest thing to a header lacks. */
function noHeader(
  candidates: readonly Candidate[],
  text: string,
  firstLine: number,
  whole: boolean,
  names: Names,
): Refusal {
  const best = candidates.reduce<Candidate | null>(
    (best, one) => (best === null || one.columns > best.columns ? one : best),
    null,
  );
  if (best !== null && best.columns > 1) {
    // Names parted by two signs on one line: either could be meant, and neither gives a table.
    const rival = candidates.some(
      ({ line, columns, delimiter }) =>
        line === best.line && columns > 1 && delimiter !== best.delimiter,
    );
    if (rival) return new Refusal('NOT_CSV', 'NOT_CSV_DELIMITER', { line: best.line.number });
    return missing(best.cells, best.line.number, names);
  }
  const found = firstRecord(text, 0, whole, ',');
  if (found?.record.shape === 'unclosed') {
    return new Refusal('NOT_CSV', 'NOT_CSV_QUOTE_OPEN', { line: firstLine });
  }
  const record = found?.record;
  if (record === undefined || (record.shape !== 'plain' && record.shape !== 'quoted')) {
    return new Refusal('NOT_CSV', 'NOT_CSV_HEADER', { line: firstLine });
  }
  const [fields] = toFields([record], ',');
  return missing(fields?.cells ?? [], firstLine, names);
}

function missing(cells: readonly string[], line: number, names: Names): Refusal {
  try {
    readHeader(cells, line, names);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('a header with all columns was taken for one without');
}

/** Nothing but white space and delimiters, which Excel pads blank lines with. */
export const isBlank = (line: string): boolean => /^[\s,;|]*$/.test(line);

/** Where the line that begins at `from` ends; the length if the text ends first. */
export function lineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const end = lf < 0 ? text.length : lf;
  const cr = text.slice(from, end).indexOf('\r');
  return cr < 0 ? end : from + cr;
}
