/** What a reading says to people and to scripts. */
import { explain } from './findings.js';
import type { Explanation, Facts, FindingTotals, ReadProblem, Severity } from './findings.js';
import type { Counts, ReadResult, Repair } from './read-roster.js';

/** One kind of mistake, with everybody whom it touches. */
export interface Cause extends Explanation {
  readonly code: string;
  readonly severity: Severity;
  /** Students touched, each once; where a row does not say whom it is about, it counts as one. */
  readonly people: number;
  readonly rows: number;
  /** Findings of this kind. */
  readonly findings: number;
  /** The first lines where it stands, at most five. */
  readonly lines: readonly number[];
}

/** A finding as the reader gives it or as the store kept it. */
export interface Reported extends Facts {
  readonly severity: Severity;
  readonly rows: number;
  readonly people?: number;
  readonly lines?: readonly number[];
}

const LINES_SHOWN = 5;
const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** Findings grouped by code: errors first, then by people, rows and code. */
export function causes(findings: readonly Reported[]): Cause[] {
  const groups = new Map<string, Reported[]>();
  for (const finding of findings) {
    const group = groups.get(finding.code);
    if (group === undefined) groups.set(finding.code, [finding]);
    else group.push(finding);
  }
  const sum = (group: readonly Reported[], of: (finding: Reported) => number): number =>
    group.reduce((total, finding) => total + of(finding), 0);
  return [...groups]
    .map(([code, group]): Cause => {
      const rows = sum(group, (finding) => finding.rows);
      return {
        code,
        severity: group[0]!.severity,
        people: sum(group, (finding) => finding.people ?? finding.rows),
        rows,
        findings: group.length,
        lines: group
          .map(({ line }) => line)
          .filter((line) => typeof line === 'number')
          .slice(0, LINES_SHOWN),
        // A sentence for all of them: no column, and no column names, unless they share one.
        ...explain(group.length === 1 ? group[0]! : { code, rows, ...shared(group) }),
      };
    })
    .sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        b.people - a.people ||
        b.rows - a.rows ||
        (a.code < b.code ? -1 : 1),
    );
}

function shared(group: readonly Reported[]): { column?: string } {
  const column = group[0]!.column;
  return column && group.every((finding) => finding.column === column) ? { column } : {};
}

export interface CheckFinding extends Explanation {
  readonly code: string;
  readonly severity: Severity;
  readonly line: number | null;
  readonly column: string | null;
  /** What stands in the file: for the person who has the file anyway, never for a log or a mail. */
  readonly value: string | null;
  readonly rows: number;
  readonly lines: readonly number[];
}
/** The answer of `rollcall check FILE --json`. */
export interface CheckJson {
  /** The file could be read and no row was rejected. */
  readonly ok: boolean;
  /** Why nothing could be read. */
  readonly problem: ReadProblem | null;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly counts: Counts;
  readonly findings: readonly CheckFinding[];
  readonly totals: FindingTotals;
  readonly repairs: readonly Repair[];
  readonly causes: readonly Cause[];
}

const NO_COUNTS: Counts = Object.freeze({
  schools: 0,
  teachers: 0,
  classes: 0,
  students: 0,
  classTeachers: 0,
  enrollments: 0,
});

/** Plain JSON of a reading, with a sentence for every finding. */
export function toCheckJson(result: ReadResult): CheckJson {
  const findings = result.ok ? result.findings : [result.finding];
  const shared = {
    findings: findings.map((finding): CheckFinding => ({
      code: finding.code,
      severity: finding.severity,
      line: finding.line,
      column: finding.column,
      value: finding.value,
      rows: finding.rows,
      lines: finding.lines ?? (finding.line === null ? [] : [finding.line]),
      ...explain(finding),
    })),
    causes: causes(findings),
  };
  if (!result.ok) {
    return {
      ok: false,
      problem: result.problem,
      rows: 0,
      accepted: 0,
      rejected: 0,
      counts: NO_COUNTS,
      totals: { errors: 1, warnings: 0, notes: 0 },
      repairs: [],
      ...shared,
    };
  }
  const { rows, accepted, rejected, counts, totals, repairs } = result;
  return {
    ok: totals.errors === 0,
    problem: null,
    rows,
    accepted,
    rejected,
    counts,
    totals,
    repairs,
    ...shared,
  };
}
