/**
 * What a district may have accepted. A rule that compares with the last good file, or guesses what
 * a spreadsheet program did, is wrong where the district changed its system on purpose; and as each
 * night compares with the same last file, it would be wrong every night.
 */
import { severityOf } from './findings.js';
import type { FindingCode, Severity } from './findings.js';
import { GUESSES } from './rules/catalogue.js';

export type AcceptableCode = keyof typeof GUESSES;
export const ACCEPTABLE_CODES = Object.keys(GUESSES) as readonly AcceptableCode[];

export const isAcceptable = (code: string): code is AcceptableCode => Object.hasOwn(GUESSES, code);

/** How bad each finding is in a reading: an accepted one is still told, as a note. */
export function severitiesWith(
  accepts: readonly AcceptableCode[] = [],
): (code: FindingCode) => Severity {
  const accepted = new Set<FindingCode>(accepts.filter(isAcceptable));
  return (code) => (accepted.has(code) ? 'note' : severityOf(code));
}
