/** Findings for a person in front of a terminal: the causes first, then the lines. */
import type { Io } from './io.js';
import { clean, count, many } from './text.js';
import { shownValue, type FindingLine } from '../../roster/reports/findings-csv.js';
import { inBrief } from '../../roster/reports/in-brief.js';
import type { Cause } from '../../roster/report.js';
import type { Severity } from '../../roster/findings.js';

export const SHOWN = 50;
const CAUSES_SHOWN = 20;
const LINES_SHOWN = 5;
const LONGEST_VALUE = 80;
/** With sides: who contradicts whom is what there is to see. */
const LONGEST_SIDES = 240;
const STYLES = { error: 'red', warning: 'yellow', note: 'dim' } as const;

const severity = (io: Io, one: string, width = 0): string =>
  io.paint(STYLES[one as Severity] ?? 'dim', one.padEnd(width));

/** One cause: whom it touches, what it is, how to mend it, where it begins. */
export function causeLines(io: Io, causes: readonly Cause[]): string {
  const lines = causes.slice(0, CAUSES_SHOWN).map((cause) => {
    const touched = [
      cause.people > 0 ? many(cause.people, 'student') : null,
      cause.rows > 0 ? many(cause.rows, 'row') : null,
    ].filter(Boolean);
    const where =
      cause.lines.length > 0
        ? ` (${lineWord(cause)} ${cause.lines.slice(0, LINES_SHOWN).join(', ')}${more(cause)})`
        : '';
    const head = `  ${severity(io, cause.severity, 7)}  ${clean(cause.message)}`;
    const size = touched.length > 0 ? `           ${touched.join(', ')}${where}\n` : '';
    return `${head}\n${size}           ${io.paint('dim', cause.fix)}`;
  });
  const rest = causes.length - CAUSES_SHOWN;
  return [...lines, ...(rest > 0 ? [`  and ${many(rest, 'cause')} more`] : [])].join('\n');
}

const lineWord = ({ lines, moreLines }: Cause): string =>
  lines.length + moreLines === 1 ? 'line' : 'lines';

const linesLeft = ({ lines, moreLines }: Cause): number =>
  Math.max(0, lines.length - LINES_SHOWN) + moreLines;

function more(cause: Cause): string {
  const left = linesLeft(cause);
  return left > 0 ? ` and ${count(left)} more` : '';
}

/** `line 12  student_email  "bob.example"  The student_email is not an email address.` */
export function findingLines(io: Io, findings: Iterable<FindingLine>): string {
  const shown = firstOf(findings, SHOWN);
  const widest = Math.max(0, ...shown.map(({ line }) => String(line ?? '').length));
  return shown
    .map((one) => {
      const where =
        one.line === null ? 'file'.padEnd(widest + 5) : `line ${String(one.line).padEnd(widest)}`;
      const shown = shownValue(one);
      const value = shown === null ? '' : ` ${quoted(inBrief(shown), longest(one))}`;
      return `  ${where}  ${severity(io, one.severity, 7)}  ${one.message}${value}`;
    })
    .join('\n');
}

function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length >= most) break;
    first.push(one);
  }
  return first;
}

const longest = ({ lines }: FindingLine): number =>
  lines.length > 1 ? LONGEST_SIDES : LONGEST_VALUE;

function quoted(value: string, longest: number): string {
  const text = clean(value);
  return `“${text.length > longest ? `${text.slice(0, longest)}…` : text}”`;
}

/** How to get what was left out above; empty if nothing was. */
export function restLine(total: number, causes: readonly Cause[], how: string): string {
  if (total > SHOWN) return `\n  The first ${SHOWN} of ${count(total)}; all of them: ${how}`;
  return causes.some((cause) => linesLeft(cause) > 0) ? `\n  Every line of each: ${how}` : '';
}
