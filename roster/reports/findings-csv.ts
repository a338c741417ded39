/** Findings as CSV for a spreadsheet, where no cell of the district's file may run as a formula. */
import { explain } from '../findings.js';
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

export const findingLine = (one: FindingLine): string =>
  reportLine([
    one.line,
    one.column,
    one.code,
    one.severity,
    shownValue(one),
    one.message,
    one.fix,
    one.rows,
    one.lines.join(' '),
  ]);

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
