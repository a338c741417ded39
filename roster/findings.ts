/** What can be said about a roster file: one entry per code in the catalogue, one finding per case. */
import type { Column } from './columns.js';
import { CATALOGUE } from './catalogue.js';
import type { Entry, FindingCode } from './catalogue.js';

export type { FindingCode } from './catalogue.js';

export const SEVERITIES = ['error', 'warning', 'note'] as const;
/**
 * error: rows are rejected. warning: the rows stay, but a value is left out or looks wrong.
 * note: nothing is lost.
 */
export type Severity = (typeof SEVERITIES)[number];

/** Why a file could not be read as a roster at all; a part of the process' FILE_PROBLEMS. */
export const READ_PROBLEMS = [
  'EMPTY_FILE',
  'HEADER_ONLY',
  'COLUMN_MISSING',
  'COLUMN_DUPLICATE',
  'NOT_TEXT',
  'NOT_CSV',
  'FILTER_EMPTY',
] as const;
export type ReadProblem = (typeof READ_PROBLEMS)[number];

/** Lines that a finding about several rows lists. */
export const LINES_MAX = 10_000;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Where it begins, as a text editor counts lines; null: the file as a whole. */
  readonly line: number | null;
  readonly column: Column | null;
  /**
   * What stands in the file, cut at 200 characters. Where rows contradict each other: every value
   * with every line, `5 (lines 2–41, 77), 6 (line 42)`; see SIDES_MAX and RUNS_MAX.
   */
  readonly value: string | null;
  /** The school, class, person or value that it is about. Beside `value` all that is of the file. */
  readonly subject?: string;
  /** Rows that it is about. */
  readonly rows: number;
  /** Students described by those rows that no earlier finding of this code and column named. */
  readonly people: number;
  /** The lines of its rows, the first LINES_MAX of them; `rows` counts all. */
  readonly lines?: readonly number[];
  /** How many columns, fields or lines it is about. */
  readonly count?: number;
}

/** What a sentence may be made from. A record out of a database fits; unknown parts are null. */
export interface Facts {
  readonly code: string;
  /** Where it is not the catalogue's own: a finding that is accepted for the district is a note. */
  readonly severity?: string;
  readonly line?: number | null;
  readonly column?: string | null;
  readonly value?: string | null;
  readonly subject?: string | null;
  readonly rows?: number;
  readonly count?: number;
}
export interface Explanation {
  /** One plain sentence; never a cell's value. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

const ACCEPTED = 'Nothing needs to be done: it was agreed that this is right.';

const isCode = (code: string): code is FindingCode => Object.hasOwn(CATALOGUE, code);

/** The sentence for a finding. A code from a newer catalogue gets a general one. */
export function explain(facts: Facts): Explanation {
  if (!isCode(facts.code)) {
    return {
      message: `The file has a problem of the kind ${facts.code}.`,
      fix: 'Look at the line in the file, mend it and upload the file again.',
    };
  }
  const entry: Entry = CATALOGUE[facts.code];
  const isAccepted = facts.severity === 'note' && entry.severity !== 'note';
  return { message: entry.message(facts), fix: isAccepted ? ACCEPTED : entry.fix };
}

/** What is the matter with `subject`, by its name and without a full stop; null if it has none. */
export function explainCause(code: string, subject: string): string | null {
  if (!isCode(code)) return null;
  const entry: Entry = CATALOGUE[code];
  return entry.cause?.(subject) ?? null;
}

export const severityOf = (code: FindingCode): Severity => CATALOGUE[code].severity;

export interface FindingTotals {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}
