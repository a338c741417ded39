/** Collects findings in bounded memory and puts them in an order that only the file decides. */
import { COLUMNS } from '../columns.js';
import { severityOf } from '../findings.js';
import type { Finding, FindingTotals } from '../findings.js';
import { detach } from './cell-table.js';

/** Findings of one code and column that are listed one by one; the rest becomes one finding. */
export const LISTED_MAX = 10_000;
const LINES_MAX = 20;
const VALUE_MAX = 200;

type Draft = Pick<Finding, 'code'> & Partial<Omit<Finding, 'code' | 'severity'>>;

export interface FindingList {
  add(draft: Draft): void;
  /** Sorted by line, then column, then code. */
  finish(): { findings: Finding[]; totals: FindingTotals };
}

/** The first half of a character that takes two units. */
const HALF = /[\ud800-\udbff]$/;

const clip = (value: string, max: number): string =>
  value.length <= max ? detach(value) : `${detach(value.slice(0, max).replace(HALF, ''))}…`;

const place = (finding: Finding): number =>
  finding.column === null ? -1 : COLUMNS.indexOf(finding.column);

export function findingList(): FindingList {
  const findings: Finding[] = [];
  const listed = new Map<string, number>();
  const folded = new Map<string, Finding>();
  const totals = { error: 0, warning: 0, note: 0 };

  const fold = (key: string, finding: Finding): void => {
    const before = folded.get(key);
    const lines = [...(before?.lines ?? []), ...(finding.line === null ? [] : [finding.line])];
    folded.set(key, {
      ...(before ?? finding),
      value: null,
      rows: (before?.rows ?? 0) + finding.rows,
      people: (before?.people ?? 0) + finding.people,
      lines: lines.slice(0, LINES_MAX),
    });
  };

  return {
    add: ({ code, line = null, column = null, value = null, rows = 1, people = 0, ...rest }) => {
      const finding: Finding = {
        ...rest,
        code,
        severity: severityOf(code),
        line,
        column,
        rows,
        people,
        value: value === null ? null : clip(value, VALUE_MAX),
        ...(rest.lines === undefined ? {} : { lines: rest.lines.slice(0, LINES_MAX) }),
      };
      totals[finding.severity]++;
      const key = `${code} ${column}`;
      const count = (listed.get(key) ?? 0) + 1;
      listed.set(key, count);
      if (count > LISTED_MAX) fold(key, finding);
      else findings.push(finding);
    },
    finish: () => ({
      findings: [...findings, ...folded.values()].sort(
        (a, b) =>
          (a.line ?? 0) - (b.line ?? 0) ||
          place(a) - place(b) ||
          (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
      ),
      totals: { errors: totals.error, warnings: totals.warning, notes: totals.note },
    }),
  };
}
