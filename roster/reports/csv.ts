/** CSV in the two ways that we write it: for a spreadsheet that may calculate, and for a reader. */

/** `= + - @`, tab, CR, LF, NUL and the full-width forms (ASVS 5.0, 1.2.10). */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/u;

/**
 * For a report: quoted always, and what a spreadsheet would take for a formula gets a leading
 * apostrophe. A report is looked at, never read back.
 */
export function reportField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  // Spaces in front do not keep a spreadsheet from calculating.
  const safe = FORMULA.test(text) || FORMULA.test(text.trimStart()) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export const reportLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(reportField).join(',')}\r\n`;

/** A byte order mark, so that a spreadsheet program takes a report for UTF-8. */
export const REPORT_START = '\uFEFF';

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** For a roster file: as it is, in quotes where the grammar asks for them. */
export const rosterLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
