/** What a reading says to people and to scripts. */
import { causes } from './causes.js';
import type { Cause } from './causes.js';
import type { UnknownEntry } from './filter/unknown.js';
import { explain } from './findings.js';
import type { Explanation, Finding, FindingTotals, ReadProblem, Severity } from './findings.js';
import type { Counts, Repair, RosterRead, RosterRefused } from './read-roster.js';

export { causes } from './causes.js';
export type { Cause } from './causes.js';

export interface CheckFinding extends Explanation {
  readonly code: string;
  readonly severity: Severity;
  readonly line: number | null;
  readonly column: string | null;
  /** What stands in the file: for the person who has the file anyway, never for a log or a mail. */
  readonly value: string | null;
  /** The school, class, person or value that it is about; out of the file, too. */
  readonly subject: string | null;
  readonly rows: number;
  readonly people: number;
  readonly lines: readonly number[];
}
/** What `rollcall check FILE` says, but for the findings, of which there may be a million. */
export interface CheckSummary {
  /** The file could be read and no row was rejected. */
  readonly ok: boolean;
  /** Why nothing could be read. */
  readonly problem: ReadProblem | null;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Of what is inside the filter, if there is one. */
  readonly counts: Counts;
  /** What a filter left out of them; null: there was none. */
  readonly outside: (Counts & { readonly rows: number }) | null;
  /** Entries of the filter that match nothing in the file. */
  readonly unknown: readonly UnknownEntry[];
  readonly totals: FindingTotals;
  readonly repairs: readonly Repair[];
  readonly causes: readonly Cause[];
}
/** The answer of `rollcall check FILE --json`. */
export interface CheckJson extends CheckSummary {
  readonly findings: readonly CheckFinding[];
}

/** What a report needs of a reading. */
export type ReportedRead = Omit<RosterRead, 'says' | 'snapshot' | 'difference'> | RosterRefused;

const NO_COUNTS: Counts = Object.freeze({
  schools: 0,
  teachers: 0,
  classes: 0,
  students: 0,
  classTeachers: 0,
  enrollments: 0,
});

export function checkSummary(result: ReportedRead): CheckSummary {
  if (!result.ok) {
    return {
      ok: false,
      problem: result.problem,
      rows: 0,
      accepted: 0,
      rejected: 0,
      counts: NO_COUNTS,
      outside: null,
      unknown: [],
      totals: { errors: 1, warnings: 0, notes: 0 },
      repairs: [],
      causes: causes([result.finding]),
    };
  }
  const { rows, accepted, rejected, counts, filtered, totals, repairs, findings } = result;
  return {
    ok: totals.errors === 0,
    problem: null,
    rows,
    accepted,
    rejected,
    counts,
    outside: filtered && { rows: filtered.outside.rows, ...filtered.outside.counts },
    unknown: filtered?.unknown ?? [],
    totals,
    repairs,
    causes: causes(findings),
  };
}

/** With their sentences, one at a time, as often as they are asked for. */
export function checkFindings(result: ReportedRead): Iterable<CheckFinding> {
  const findings = result.ok ? result.findings : [result.finding];
  return {
    *[Symbol.iterator]() {
      for (const finding of findings) yield withSentence(finding);
    },
  };
}

const withSentence = (finding: Finding): CheckFinding => ({
  code: finding.code,
  severity: finding.severity,
  line: finding.line,
  column: finding.column,
  value: finding.value,
  subject: finding.subject ?? null,
  rows: finding.rows,
  people: finding.people,
  lines: finding.lines ?? (finding.line === null ? [] : [finding.line]),
  ...explain(finding),
});

/** Plain JSON of a reading, whole. */
export const toCheckJson = (result: ReportedRead): CheckJson => ({
  ...checkSummary(result),
  findings: [...checkFindings(result)],
});
