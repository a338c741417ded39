/** Findings put together by what causes them, ranked by the people whom it touches. */
import { explain, explainCause, LINES_MAX } from './findings.js';
import type { Explanation, Facts, Severity } from './findings.js';
import { inBrief } from './reports/in-brief.js';
import { many } from './sentences.js';

/** One thing to mend, with everybody whom it touches. */
export interface Cause extends Explanation {
  readonly code: string;
  readonly severity: Severity;
  readonly column: string | null;
  /** The one school, class, person or value that it is about; null: several. Out of the file. */
  readonly subject: string | null;
  /** Students touched, each once; where a row does not say whom it is about, it counts as one. */
  readonly people: number;
  readonly rows: number;
  /** Findings of this cause. */
  readonly findings: number;
  /** The first lines where it stands, at most twelve. */
  readonly lines: readonly number[];
  /** Lines of its findings that are left out here. */
  readonly moreLines: number;
  /** A few of the values as they stand in the file. */
  readonly values: readonly string[];
}

/** A finding as the reader gives it or as the store kept it. */
export interface Reported extends Facts {
  readonly severity: Severity;
  readonly rows: number;
  readonly people?: number | null;
  readonly lines?: readonly number[];
}

const LINES_SHOWN = 12;
const VALUES_SHOWN = 3;
const LONGEST_VALUE = 80;
/** With its sides: who contradicts whom is what there is to see. */
const LONGEST_SIDES = 240;
/** The names on a first line, which are told whole: with them the file says what it has instead. */
const LONGEST_HEADER = 800;
/**
 * One person's mistake is no cause of its own, nor is one of a hundred alike: then the whole
 * column is the matter. Of one code and column, at most so many are told apart.
 */
const PEOPLE_OF_ONE = 2;
const SHARE_OF_ONE = 0.02;
const TOLD_APART = 20;
/** Different subjects of one code and column that are told apart at all, so that memory ends. */
const SUBJECTS_MAX = 10_000;

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

interface Group {
  readonly code: string;
  readonly severity: Severity;
  readonly column: string | null;
  readonly subject: string | null;
  readonly first: Reported;
  people: number;
  rows: number;
  findings: number;
  readonly lines: Set<number>;
  moreLines: number;
  readonly values: Set<string>;
}

/**
 * Errors first, then by people, rows and code. A subject that touches several people is a cause
 * of its own ("class 4A stands under two schools"); the rest of a code and column is one together.
 * Messages may name the subject: they are for the district, never for a mail, history or log.
 */
export function causes(findings: Iterable<Reported>): Cause[] {
  return [...kindsOf(findings).values()]
    .flatMap((subjects) => tellApart([...subjects.values()]))
    .sort(compare)
    .map(causeOf);
}

/** Code and column → subject → what was found. */
function kindsOf(findings: Iterable<Reported>): Map<string, Map<string | null, Group>> {
  const kinds = new Map<string, Map<string | null, Group>>();
  for (const finding of findings) {
    const kind = `${finding.code} ${finding.column ?? ''}`;
    const subjects = kinds.get(kind) ?? new Map<string | null, Group>();
    kinds.set(kind, subjects);
    const wanted = finding.subject ?? finding.value ?? null;
    const isNew = wanted !== null && !subjects.has(wanted);
    const subject = isNew && subjects.size >= SUBJECTS_MAX ? null : wanted;
    const group = subjects.get(subject) ?? newGroup(finding, subject);
    subjects.set(subject, group);
    put(group, finding);
  }
  return kinds;
}

const newGroup = (first: Reported, subject: string | null): Group => ({
  code: first.code,
  severity: first.severity,
  column: first.column ?? null,
  subject,
  first,
  people: 0,
  rows: 0,
  findings: 0,
  lines: new Set(),
  moreLines: 0,
  values: new Set(),
});

function put(group: Group, finding: Reported): void {
  group.people += finding.people ?? finding.rows;
  group.rows += finding.rows;
  group.findings++;
  const lines = finding.lines?.length ? finding.lines : [finding.line];
  for (const line of lines) if (typeof line === 'number') addLine(group, line);
  if (lines.length === LINES_MAX) group.moreLines += Math.max(0, finding.rows - LINES_MAX);
  if (finding.value) {
    const longest = lines.length > 1 ? LONGEST_SIDES : LONGEST_VALUE;
    addValue(group, shortened(inBrief(finding.value), longest));
  }
}

function addLine(group: Group, line: number): void {
  if (group.lines.size < LINES_SHOWN) group.lines.add(line);
  else if (!group.lines.has(line)) group.moreLines++;
}

function addValue(group: Group, value: string): void {
  if (group.values.size < VALUES_SHOWN) group.values.add(value);
}

const shortened = (value: string, longest = LONGEST_VALUE): string =>
  value.length > longest ? `${value.slice(0, longest)}…` : value;

/** The heaviest subjects, and all others as one. */
function tellApart(groups: readonly Group[]): Group[] {
  if (groups.length === 1) return [...groups];
  const all = groups.reduce((sum, { people }) => sum + people, 0);
  const least = Math.max(PEOPLE_OF_ONE, all * SHARE_OF_ONE);
  const heavy = groups
    .filter(({ subject, people }) => subject !== null && people >= least)
    .sort(compare)
    .slice(0, TOLD_APART);
  const rest = groups.filter((group) => !heavy.includes(group));
  return rest.length === 0 ? heavy : [...heavy, rest.length === 1 ? rest[0]! : together(rest)];
}

function together(groups: readonly Group[]): Group {
  const all = newGroup(groups[0]!.first, null);
  const lines: number[] = [];
  for (const group of groups) {
    all.people += group.people;
    all.rows += group.rows;
    all.findings += group.findings;
    all.moreLines += group.moreLines;
    for (const line of group.lines) lines.push(line);
    for (const value of group.values) addValue(all, value);
  }
  for (const line of lines.sort((a, b) => a - b)) addLine(all, line);
  return all;
}

function causeOf(group: Group): Cause {
  const { code, column, subject, rows, first } = group;
  // A sentence for all of them: what only one of them says is left out.
  const facts = group.findings === 1 ? first : { code, severity: group.severity, column, rows };
  const { message, fix } = explain(facts);
  const longest = code === 'COLUMN_MISSING' ? LONGEST_HEADER : LONGEST_VALUE;
  const named = subject === null ? null : explainCause(code, shortened(subject, longest));
  return {
    code,
    severity: group.severity,
    column,
    subject: named === null ? null : subject,
    people: group.people,
    rows,
    findings: group.findings,
    lines: [...group.lines].sort((a, b) => a - b),
    moreLines: group.moreLines,
    values: [...group.values],
    message:
      named === null ? message : `${named}${rows === 0 ? '' : `: ${many(rows, 'row', 'rows')}`}.`,
    fix,
  };
}

const compare = (a: Group, b: Group): number =>
  RANK[a.severity] - RANK[b.severity] ||
  b.people - a.people ||
  b.rows - a.rows ||
  (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
  ((a.subject ?? '') < (b.subject ?? '') ? -1 : 1);

/** A cause without anything out of the file. */
export interface CauseCount {
  readonly code: string;
  readonly severity: Severity;
  readonly column: string | null;
  readonly people: number;
  readonly rows: number;
}

/** For mails, histories and logs: by code and column, in the same order. */
export function causeCounts(
  all: readonly Pick<Cause, 'code' | 'severity' | 'column' | 'people' | 'rows'>[],
): CauseCount[] {
  const kinds = new Map<string, CauseCount>();
  for (const { code, severity, column, people, rows } of all) {
    const kind = `${code} ${column ?? ''}`;
    const known = kinds.get(kind) ?? { code, severity, column, people: 0, rows: 0 };
    kinds.set(kind, { ...known, people: known.people + people, rows: known.rows + rows });
  }
  return [...kinds.values()].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      b.people - a.people ||
      b.rows - a.rows ||
      (a.code < b.code ? -1 : 1),
  );
}
