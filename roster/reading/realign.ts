/**
 * A row with more fields than the header has names: a value held a delimiter and was not quoted.
 * It is put together again only if exactly one reading fits, as the addresses, the grade and the
 * ids say; two readings are none.
 */
import { COLUMNS } from '../columns.js';
import type { Column } from '../columns.js';
import { isEmail } from '../email.js';
import { toGradeLevel } from '../grades.js';
import { tidy, tidyMarks } from '../tidy.js';
import type { Header } from './header.js';

/** Delimiters too many that are still looked into. */
const EXTRA_MAX = 3;

export interface Realigned {
  readonly cells: readonly string[];
  /** The values that were put together. */
  readonly joined: readonly { readonly column: Column | null; readonly value: string }[];
}

/** One column of ours, or neighbours that are none of ours and may hold anything. */
interface Step {
  readonly column: Column | null;
  readonly from: number;
  readonly width: number;
}
/** How many readings lead here (two stand for more), and the last step of the only one. */
interface Reached {
  readonly readings: number;
  readonly before: number;
}

const IDS: ReadonlySet<Column> = new Set(['school_id', 'class_id']);
/** An id holds no delimiter, unless a program wrote a number as 1,234. */
const DIGITS = /^\d+$/;
const GRADE_LENGTH = 40;

/** Null where no reading fits, or more than one. `cells`: of a record without a quotation mark. */
export function realigner(
  header: Header,
  delimiter: string,
): (cells: readonly string[]) => Realigned | null {
  const steps = stepsOf(header);
  return (all) => {
    const cells = all.slice(0, all.findLastIndex((cell) => cell.trim() !== '') + 1);
    const extra = cells.length - header.named;
    if (extra < 1) return null;
    const quoted = bySmartQuotes(cells, delimiter);
    if (quoted !== null && quoted.length === header.named) return { cells: quoted, joined: [] };
    if (extra > EXTRA_MAX) return null;
    const path = onlyPath(steps, cells.map(lookAt), extra, delimiter);
    return path === null ? null : put(steps, cells, path, delimiter);
  };
}

function stepsOf(header: Header): Step[] {
  const steps: Step[] = [];
  for (let place = 0; place < header.named; place++) {
    const column = COLUMNS.find((_, i) => header.at[i] === place) ?? null;
    const last = steps.at(-1);
    if (column === null && last?.column === null) {
      steps[steps.length - 1] = { ...last, width: last.width + 1 };
    } else steps.push({ column, from: place, width: 1 });
  }
  return steps;
}

/** By how many fields the columns are shifted behind each step, if only one reading fits. */
function onlyPath(
  steps: readonly Step[],
  looks: readonly Look[],
  extra: number,
  delimiter: string,
): number[] | null {
  const none: Reached = { readings: 0, before: 0 };
  let reached: Reached[] = [{ readings: 1, before: 0 }];
  const history: Reached[][] = [];
  for (const step of steps) {
    const next = Array.from({ length: extra + 1 }, () => none);
    reached.forEach(({ readings }, before) => {
      if (readings === 0) return;
      for (let after = before; after <= extra; after++) {
        if (!fits(step, looks, before, after, delimiter)) continue;
        next[after] = { readings: Math.min(2, next[after]!.readings + readings), before };
      }
    });
    history.push(next);
    reached = next;
  }
  if (reached[extra]?.readings !== 1) return null;
  const path = [extra];
  for (const step of history.toReversed()) path.unshift(step[path[0]!]!.before);
  return path.slice(1);
}

function fits(
  { column, from, width }: Step,
  looks: readonly Look[],
  before: number,
  after: number,
  delimiter: string,
): boolean {
  if (column === null) return true;
  const first = looks[from + before]!;
  const joined = after > before;
  if (column === 'teacher_email' || column === 'student_email') return !joined && first.isEmail;
  if (column === 'student_grade_level') return !joined && first.isGrade;
  for (let at = from + before; at < from + width + after; at++) {
    const look = looks[at]!;
    // An empty part may be a column's own, so it says nothing.
    if (look.isBlank || look.isEmail) return false;
    if (joined && IDS.has(column) && !look.isNumber) return false;
  }
  // A tab or a bar is never a part of a value.
  return !joined || delimiter === ',' || delimiter === ';';
}

/** What a field could be, whatever its column. */
interface Look {
  readonly isBlank: boolean;
  readonly isEmail: boolean;
  readonly isGrade: boolean;
  readonly isNumber: boolean;
}
function lookAt(cell: string): Look {
  const text = tidy(cell).trim();
  return {
    isBlank: text === '',
    isEmail: text.includes('@') && isEmail(tidyMarks(cell).trim()),
    isGrade: text.length <= GRADE_LENGTH && toGradeLevel(text) !== null,
    isNumber: DIGITS.test(text),
  };
}

function put(
  steps: readonly Step[],
  cells: readonly string[],
  path: readonly number[],
  delimiter: string,
): Realigned {
  const joined: { column: Column | null; value: string }[] = [];
  let before = 0;
  const put = steps.flatMap(({ column, from, width }, n) => {
    const parts = cells.slice(from + before, from + width + path[n]!);
    const more = path[n]! - before;
    before = path[n]!;
    if (more === 0) return parts;
    // Which of several columns that nobody reads held the delimiter makes no difference.
    const value = parts.slice(0, more + 1).join(delimiter);
    joined.push({ column, value });
    return [value, ...parts.slice(more + 1)];
  });
  return { cells: put, joined };
}

const OPENS = /^\s*[\u201c-\u201f]/;
const CLOSES = /[\u201c-\u201f]\s*$/;

/** Fields as curly quotation marks would part them; null if they do not open and close. */
function bySmartQuotes(cells: readonly string[], delimiter: string): string[] | null {
  const fields: string[] = [];
  let open: string | null = null;
  for (const cell of cells) {
    if (open !== null) open += delimiter + cell;
    else if (OPENS.test(cell)) open = cell;
    else fields.push(cell);
    if (open === null || !CLOSES.test(open) || open.trim().length < 2) continue;
    fields.push(open);
    open = null;
  }
  return open === null ? fields : null;
}
