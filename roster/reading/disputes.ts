/**
 * Keys about which rows disagree: who says what where. While rows are read only those are written
 * down that do not say what the first one said of their key; who agrees with it is known from the
 * keys of the rows, at the end and only where somebody disagrees.
 */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { FindingCode } from '../findings.js';
import type { LostId } from '../rules/damaged-ids.js';
import { ROLE_OF } from '../rules/marks.js';
import type { Marks, SeenRows } from '../rules/marks.js';
import { areTwoStudents } from '../rules/two-students.js';
import type { CellTable } from './cell-table.js';
import { Ints } from './ints.js';
import { markSharedAddresses } from './shared-addresses.js';
import { sideText } from './side-text.js';
import { sides } from './sides.js';
import type { Side } from './sides.js';

/** What is said of one attribute of each key. */
export interface Rule {
  /** Number of the key → number of the value that was said first; -1: none yet. */
  readonly first: Ints;
  /** That row says another value of the key than the first one. */
  contradict(key: number, row: number, value: number): void;
  /** That row has a key, and its attribute cannot be read: it takes no side. */
  keepSilent(row: number): void;
  isDisputed(key: number): boolean;
}

export interface Disputes {
  rule(code: FindingCode, key: Column, attribute: Column): Rule;
  /** One finding for each key and code, but for ids that do not name what their rows are about. */
  mark(rows: SeenRows, marks: Marks, lost: readonly LostId[]): void;
}

interface Watch {
  readonly code: FindingCode;
  readonly key: KeyColumn;
  readonly attribute: Column;
  readonly first: Ints;
  /** By key; empty: nobody disagrees. */
  readonly disputed: Ints;
  /** Rows that do not say the first value, in their order, and what they say; -1: nothing. */
  readonly rows: Ints;
  readonly values: Ints;
}
/** The attributes of one key that are disputed, in the order of COLUMNS. */
type Said = Map<Column, readonly Side[]>;

export function disputes(tables: readonly CellTable[]): Disputes {
  const table = (column: Column): CellTable => tables[COLUMNS.indexOf(column)]!;
  const watches: Watch[] = [];

  const markOne = (code: FindingCode, column: KeyColumn, key: number, said: Said, marks: Marks) =>
    marks
      .add({
        code:
          code === 'STUDENT_CONFLICT' && hasTwoStudents(said, table) ? 'EMAIL_TWO_STUDENTS' : code,
        column: [...said.keys()][0]!,
        value: () => spellOut(said, table),
        subject: table(column).value(key),
        line: firstLine(said),
      })
      .on(ROLE_OF[column], key);

  return {
    rule: (code, key, attribute) => {
      const watch: Watch = {
        code,
        key: key as KeyColumn,
        attribute,
        first: new Ints(-1),
        disputed: new Ints(),
        rows: new Ints(),
        values: new Ints(),
      };
      watches.push(watch);
      return {
        first: watch.first,
        contradict: (id, row, value) => {
          watch.disputed.set(id, 1);
          watch.rows.push(row);
          watch.values.push(value);
        },
        keepSilent: (row) => {
          watch.rows.push(row);
          watch.values.push(-1);
        },
        isDisputed: (id) => watch.disputed.get(id) === 1,
      };
    },
    mark: (rows, marks, lost) => {
      markSharedAddresses(rows, marks, table);
      for (const code of new Set(watches.map((watch) => watch.code))) {
        const [column, keys] = saidByKey(watches, code, rows);
        const isLost = new Set(
          lost.filter((one) => one.column === column).map(({ value }) => table(column).find(value)),
        );
        for (const [key, said] of keys) {
          if (!isLost.has(key)) markOne(code, column, key, said, marks);
        }
      }
    },
  };
}

function saidByKey(
  all: readonly Watch[],
  code: FindingCode,
  rows: SeenRows,
): [KeyColumn, Map<number, Said>] {
  const watches = all.filter((watch) => watch.code === code);
  const byKey = new Map<number, Said>();
  // Rules stand in the order of COLUMNS, so attributes do, too.
  for (const watch of watches) {
    for (const [key, both] of sidesOf(watch, rows)) {
      byKey.set(
        key,
        (byKey.get(key) ?? new Map<Column, readonly Side[]>()).set(watch.attribute, both),
      );
    }
  }
  return [watches[0]!.key, byKey];
}

/** All rows of the disputed keys, each on the side of what it says. */
function sidesOf(watch: Watch, rows: SeenRows): Map<number, Side[]> {
  const found = sides();
  if (watch.disputed.length === 0) return found.finish();
  const keys = rows[ROLE_OF[watch.key]];
  let next = 0;
  for (let row = 0; row < keys.length; row++) {
    const isOther = watch.rows.get(next) === row && next < watch.rows.length;
    const other = isOther ? watch.values.get(next++) : null;
    const key = keys.get(row);
    if (key < 0 || watch.disputed.get(key) !== 1) continue;
    const value = other ?? watch.first.get(key);
    if (value >= 0) found.add(key, value, Math.abs(rows.line.get(row)));
  }
  return found.finish();
}

function hasTwoStudents(said: Said, table: (column: Column) => CellTable): boolean {
  const names = said.get('student_first_name') ?? [];
  return areTwoStudents(names.map(({ value }) => table('student_first_name').value(value)));
}

const firstLine = (said: Said): number =>
  Math.min(...[...said.values()].map(([first]) => first!.lines[0]!));

/** `5 (lines 2–4), 6 (line 9)`, each attribute by its name if there are several. */
function spellOut(said: Said, table: (column: Column) => CellTable): string {
  return [...said]
    .map(([column, both]) => {
      const text = sideText(both, (value) => table(column).value(value));
      return said.size > 1 ? `${column}: ${text}` : text;
    })
    .join('; ');
}
