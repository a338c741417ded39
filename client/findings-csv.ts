/** Findings as CSV for a spreadsheet, where no cell of the district's file may run as a formula. */

/** A finding of a check, or of a run with its sentence. */
export interface FindingLine {
  readonly severity: string;
  readonly code: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly fix: string;
  readonly rows: number;
  readonly lines: readonly number[];
}

const COLUMNS = [
  'severity',
  'line',
  'column',
  'value',
  'message',
  'fix',
  'rows',
  'lines',
  'code',
] as const;

/** `= + - @`, tab, CR, LF, NUL and the full-width forms (ASVS 5.0, 1.2.10). */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/u;

/** Quoted always; what a spreadsheet would take for a formula gets a leading apostrophe. */
export function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  // Spaces in front do not keep a spreadsheet from calculating.
  const safe = FORMULA.test(text) || FORMULA.test(text.trimStart()) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const row = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvField).join(',')}\r\n`;

/** Line by line, header first; a byte order mark, so that Excel takes it for UTF-8. */
export function* findingsCsv(findings: Iterable<FindingLine>): Generator<string> {
  yield `\uFEFF${row(COLUMNS)}`;
  for (const finding of findings) {
    yield row(COLUMNS.map((name) => (name === 'lines' ? finding.lines.join(' ') : finding[name])));
  }
}
