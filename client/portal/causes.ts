/** Findings of a run, put together by what causes them. */
import { explain } from '../../roster/findings.js';
import type { FindingRecord } from '../../store/types.js';

export interface Cause {
  readonly code: string;
  readonly severity: FindingRecord['severity'];
  readonly column: string | null;
  /** What it is and how to mend it, a sentence or two each. */
  readonly message: string;
  readonly fix: string;
  /** How often it was found; a finding about several rows counts once. */
  readonly cases: number;
  /** Rows that it is about. */
  readonly rows: number;
  /** The first lines of the file where it stands, ascending. */
  readonly lines: readonly number[];
  /** Lines that are left out here. */
  readonly moreLines: number;
  /** A few of the values as they stand in the file. */
  readonly values: readonly string[];
}

const MOST_LINES = 12;
const MOST_VALUES = 3;
const LONGEST_VALUE = 80;
const RANK = { error: 0, warning: 1, note: 2 } as const;

/** Errors before warnings before notes, then by rows; one cause a code and column. */
export function causesOf(findings: readonly FindingRecord[]): Cause[] {
  const groups = new Map<string, FindingRecord[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.column ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()]
    .map(causeOf)
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.rows - a.rows);
}

function causeOf(group: readonly FindingRecord[]): Cause {
  const [first] = group as [FindingRecord];
  const lines = new Set<number>();
  const values = new Set<string>();
  let rows = 0;
  for (const finding of group) {
    rows += finding.rows;
    if (finding.line !== null) lines.add(finding.line);
    for (const line of finding.lines) lines.add(line);
    if (finding.value && values.size < MOST_VALUES) values.add(shortened(finding.value));
  }
  const sorted = [...lines].sort((a, b) => a - b);
  return {
    code: first.code,
    severity: first.severity,
    column: first.column,
    // One case may be told more exactly than many.
    ...explain(group.length === 1 ? first : { code: first.code, column: first.column, rows }),
    cases: group.length,
    rows,
    lines: sorted.slice(0, MOST_LINES),
    moreLines: Math.max(0, sorted.length - MOST_LINES),
    values: [...values],
  };
}

const shortened = (value: string): string =>
  value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
