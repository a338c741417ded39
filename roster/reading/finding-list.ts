/** Collects findings in little memory and puts them in an order that only the file decides. */
import { COLUMNS } from '../columns.js';
import type { Column } from '../columns.js';
import { LINES_MAX, severityOf } from '../findings.js';
import type { Finding, FindingCode, FindingTotals, Severity } from '../findings.js';
import { detach } from './cell-table.js';
import { Ints } from './ints.js';

/**
 * Findings about one row each that are listed one by one. Each takes 24 bytes, and a value that
 * was not seen before its own length, so this many stay below 100 MB. What is above is counted:
 * one finding for each code and column.
 */
export const LISTED_MAX = 1_000_000;
const VALUE_MAX = 200;
/** Of a finding about several rows, which may be made of several cells. */
const VALUES_MAX = 4_000;

/** A value of many lines is made when it is asked for, so that none of them waits in memory. */
type LateValue = () => string;
export type FindingDraft = Pick<Finding, 'code'> &
  Partial<Omit<Finding, 'code' | 'severity' | 'value'>> & {
    readonly value?: string | null | LateValue;
  };
type Kept = Omit<Finding, 'value'> & { readonly value: string | null | LateValue };
/** Many findings about one row each as one. */
type Folded = Finding & { rows: number; people: number; readonly lines: number[] };

/** All findings of a reading. Made one at a time, as there may be a million of them. */
export interface Findings extends Iterable<Finding> {
  readonly length: number;
}

export interface FindingList {
  add(draft: FindingDraft): void;
  /** How bad such a finding is in this reading. */
  severityOf(code: FindingCode): Severity;
  /** Sorted by line, then column, then code. */
  finish(): { findings: Findings; totals: FindingTotals };
}

/** The first half of a character that takes two units. */
const HALF = /[\ud800-\udbff]$/;

const clip = (value: string, max: number): string =>
  value.length <= max ? detach(value) : `${detach(value.slice(0, max).replace(HALF, ''))}…`;

const place = (column: Column | null): number => (column === null ? -1 : COLUMNS.indexOf(column));

type Placed = Pick<Finding, 'code' | 'line' | 'column'>;
const compare = (a: Placed, b: Placed): number =>
  (a.line ?? 0) - (b.line ?? 0) ||
  place(a.column) - place(b.column) ||
  (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/**
 * @param judge how bad a code is, where the catalogue does not decide
 * @param most how many are listed one by one
 */
export function findingList(judge = severityOf, most = LISTED_MAX): FindingList {
  const single = singleFindings(judge);
  const others: Kept[] = [];
  const folded = new Map<string, Folded>();
  const totals = { error: 0, warning: 0, note: 0 };

  const fold = (finding: Finding): void => {
    const key = `${finding.code} ${finding.column}`;
    const sum = folded.get(key);
    if (sum === undefined) {
      folded.set(key, { ...finding, value: null, lines: [finding.line!] });
      return;
    }
    sum.rows += finding.rows;
    sum.people += finding.people;
    if (sum.lines.length < LINES_MAX) sum.lines.push(finding.line!);
  };

  return {
    severityOf: judge,
    add: ({ code, line = null, column = null, value = null, rows = 1, people = 0, ...rest }) => {
      const isOfOneRow = line !== null && rows === 1 && people < 2 && rest.lines === undefined;
      const finding: Finding = {
        ...rest,
        code,
        severity: judge(code),
        line,
        column,
        rows,
        people,
        value: typeof value === 'string' ? clip(value, isOfOneRow ? VALUE_MAX : VALUES_MAX) : null,
      };
      totals[finding.severity]++;
      if (typeof value === 'function') others.push({ ...finding, value });
      else if (!isOfOneRow || rest.subject !== undefined) others.push(finding);
      else if (single.length() < most) single.add(finding);
      else fold(finding);
    },
    finish: () => {
      const rest = [...others, ...folded.values()].sort(compare);
      const all = (): Generator<Finding> => merged(single.sorted(), rest);
      const findings = {
        length: single.length() + rest.length,
        [Symbol.iterator]: all,
        toJSON: () => [...all()],
      };
      return {
        findings,
        totals: { errors: totals.error, warnings: totals.warning, notes: totals.note },
      };
    },
  };
}

/** Findings about one row each, as integers; a file repeats its values, so each is kept once. */
function singleFindings(judge: (code: FindingCode) => Severity) {
  const codes: FindingCode[] = [];
  const values: string[] = [];
  const known = new Map<string, number>();
  const code = new Ints();
  const column = new Ints();
  const line = new Ints();
  const value = new Ints();
  const people = new Ints();
  const count = new Ints();
  const NONE = -1;

  const numberOf = <T>(list: T[], one: T): number => {
    const at = list.indexOf(one);
    return at >= 0 ? at : list.push(one) - 1;
  };
  const valueNumber = (text: string): number => {
    const at = known.get(text) ?? values.push(text) - 1;
    known.set(text, at);
    return at;
  };
  const get = (at: number): Finding => ({
    ...(count.get(at) === NONE ? {} : { count: count.get(at) }),
    code: codes[code.get(at)]!,
    severity: judge(codes[code.get(at)]!),
    line: line.get(at),
    column: column.get(at) === NONE ? null : COLUMNS[column.get(at)]!,
    rows: 1,
    people: people.get(at),
    value: value.get(at) === NONE ? null : values[value.get(at)]!,
  });

  return {
    length: () => line.length,
    add: (finding: Finding): void => {
      code.push(numberOf(codes, finding.code));
      column.push(place(finding.column));
      line.push(finding.line!);
      value.push(finding.value === null ? NONE : valueNumber(finding.value));
      people.push(finding.people);
      count.push(finding.count ?? NONE);
    },
    *sorted(): Generator<Finding> {
      // Rows come in their order, so one row's findings at a time have to be put in order.
      let row: Finding[] = [];
      for (let at = 0; at < line.length; at++) {
        const finding = get(at);
        if (row.length > 0 && row[0]!.line !== finding.line) {
          yield* row.sort(compare);
          row = [];
        }
        row.push(finding);
      }
      yield* row.sort(compare);
    },
  };
}

/** Two sorted sequences as one. */
function* merged(singles: Iterable<Finding>, others: readonly Kept[]): Generator<Finding> {
  let next = 0;
  for (const finding of singles) {
    while (next < others.length && compare(others[next]!, finding) < 0) {
      yield spoken(others[next++]!);
    }
    yield finding;
  }
  for (; next < others.length; next++) yield spoken(others[next]!);
}

const spoken = ({ value, ...rest }: Kept): Finding => ({
  ...rest,
  value: typeof value === 'function' ? value() : value,
});
