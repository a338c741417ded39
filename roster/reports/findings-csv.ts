/** Findings as CSV for a spreadsheet, where no cell of the district's file may run as a formula. */
import { explain, LINES_MAX } from '../findings.js';
import { lineRuns, runText } from '../line-runs.js';
import { REPORT_START, reportLine } from './csv.js';

/** A finding of a check, or of a run with its sentence. */
export interface FindingLine {
  readonly severity: string;
  readonly code: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  /** The school, class, person or value that it is about. */
  readonly subject?: string | null;
  readonly message: string;
  readonly fix: string;
  readonly rows: number;
  readonly lines: readonly number[];
}

const COLUMNS = [
  'line',
  'column',
  'code',
  'severity',
  'value',
  'what is wrong',
  'what to do',
  'rows',
  'lines',
] as const;

export const findingsHeader = (): string => `${REPORT_START}${reportLine(COLUMNS)}`;

/** `4A: 0012 (line 2), 0014 (line 14)`: whom a finding about several rows is about, and its sides. */
export const shownValue = ({
  value,
  subject,
}: Pick<FindingLine, 'value' | 'subject'>): string | null => {
  if (value === null || subject == null || value.includes(subject)) return value;
  return subject.includes(value) ? subject : `${subject}: ${value}`;
};

/** A spreadsheet program takes 32,767 characters in a cell; what is longer goes on below. */
const CELL_MAX = 32_000;

/** One line of CSV; where its cells would be too long, some, each with its place and code. */
export function findingLine(one: FindingLine): string {
  const { line, column, code, severity, message, fix, rows } = one;
  const values = partsOf(shownValue(one) ?? '');
  const lines = partsOf(linesText(one));
  let text = reportLine([
    ...[line, column, code, severity, values[0]!],
    ...[message, fix, rows, lines[0]!],
  ]);
  for (let n = 1; n < Math.max(values.length, lines.length); n++) {
    const [value, more] = [values[n] ?? null, lines[n] ?? null];
    text += reportLine([line, column, code, severity, value, GOES_ON, null, null, more]);
  }
  return text;
}

const GOES_ON = 'The line above goes on here.';

/** `2–41 77` */
function linesText({ lines, rows }: FindingLine): string {
  const runs = Array.from(lineRuns(lines), runText);
  if (lines.length === LINES_MAX && rows > LINES_MAX) runs.push(`and ${rows - LINES_MAX} more`);
  return runs.join(' ');
}

/** Cut at spaces, so that no number and no character is cut in two. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (text.length - at > CELL_MAX) {
    const space = text.lastIndexOf(' ', at + CELL_MAX);
    const end = space > at ? space : at + CELL_MAX;
    parts.push(text.slice(at, end));
    at = space > at ? end + 1 : end;
  }
  return [...parts, text.slice(at)];
}

/** Line by line, header first. */
export function* findingsCsv(findings: Iterable<FindingLine>): Generator<string> {
  yield findingsHeader();
  for (const finding of findings) yield findingLine(finding);
}

/** A finding as the store keeps it: without its sentences. */
export type KeptFinding = Omit<FindingLine, 'message' | 'fix'>;

export const withSentence = <T extends KeptFinding>(finding: T): T & FindingLine => ({
  ...finding,
  ...explain(finding),
});

/** The full report of a run, some thousand lines a piece, so that it can be sent as it is made. */
export async function* runReport(findings: AsyncIterable<KeptFinding>): AsyncGenerator<string> {
  let piece = findingsHeader();
  for await (const finding of findings) {
    piece += findingLine(withSentence(finding));
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

const PIECE_CHARACTERS = 250_000;
