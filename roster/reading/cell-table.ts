/**
 * Step 6: cells to numbers. A file says the same few thousand values over and over, so each
 * distinct cell goes through its zod rule once and is remembered by a small integer.
 */
import type { Column } from '../columns.js';
import { readCell } from '../rows.js';
import type { CellFault } from '../rows.js';
import { detach } from './clip.js';
import { changesOf } from './changes.js';
import { REPAIRS } from '../repairs.js';
import type { RepairCode } from '../repairs.js';
import { numbered } from './numbered.js';
import { recent } from './recent.js';
import type { RepairCount, RepairList } from './repair-list.js';

export { detach } from './clip.js';

export type CellCode = CellFault | 'GRADE_MISSING' | 'GRADE_UNKNOWN';

/** Below zero: what is wrong with the cell, `FAULT_CODES[-1 - n]`. */
export const FAULT_CODES: readonly CellCode[] = [
  'VALUE_MISSING',
  'VALUE_TOO_LONG',
  'VALUE_CONTROL',
  'EMAIL_MALFORMED',
  'GRADE_MISSING',
  'GRADE_UNKNOWN',
];

export interface CellTable {
  /**
   * The number of the canonical value, counted from 0, or a fault below zero. Notes what had to
   * be put right in the cell, on `line` or before. `expected`: the value's number that the cell
   * most likely has, below zero if there is none; it changes the pace and nothing else.
   */
  lookup(cell: string, line: number, expected?: number): number;
  /** The number of a canonical value, or -1 if no cell of the file had it. */
  find(value: string): number;
  /** The number of a canonical value, a new one if no cell had it yet. */
  number(value: string): number;
  value(id: number): string;
  size(): number;
}

/** Cells that are not canonical, or wrong, that are remembered at least; twice as many at most. */
const REMEMBERED = 40_000;
const REMEMBERED_LENGTH = 300;

interface Judged {
  readonly id: number;
  /** One for each thing that had to be put right, which count the rows. */
  readonly changes: readonly RepairCount[];
}
interface Other extends Judged {
  /** As it stands in the file, in memory of its own. */
  readonly cell: string;
}
const NO_CHANGES: readonly RepairCount[] = [];
/** Visible ones: whatever is lower case of them is an address where they are. */
const ASCII = /^[!-~]+$/;
const isEmailColumn = (column: Column): boolean =>
  column === 'teacher_email' || column === 'student_email';

export function cellTable(column: Column, repairs: RepairList): CellTable {
  const isEmail = isEmailColumn(column);
  const values = numbered();
  const others = recent<Other>(REMEMBERED);
  let hasOthers = false;
  // Files are sorted by one thing or another: most cells are the same as the one above.
  let lastCell: string | null = null;
  let lastId = 0;
  let lastChanges = NO_CHANGES;

  /** Of a cell that is no canonical value seen before. */
  const read = (cell: string): number => {
    const result = readCell(column, cell);
    if ('fault' in result) return -1 - FAULT_CODES.indexOf(result.fault);
    const { value } = result;
    if (value !== null) {
      const known = value === cell ? -1 : values.find(value);
      return known >= 0 ? known : values.add(detach(value));
    }
    return -1 - FAULT_CODES.indexOf(cell.trim() === '' ? 'GRADE_MISSING' : 'GRADE_UNKNOWN');
  };
  /** One for each kind of repair that is not listed case by case. */
  const kinds = new Map<RepairCode, RepairCount>();
  const note = (cell: string, value: string, line: number): readonly RepairCount[] => {
    const codes = changesOf(column, cell, value);
    if (codes.length === 0) return NO_CHANGES;
    return codes.map((code) => {
      const known = kinds.get(code);
      if (known !== undefined) return known;
      const opened = repairs.open({ code, line, column, before: cell, after: value });
      if (REPAIRS[code].listed === 'kind') kinds.set(code, opened);
      return opened;
    });
  };
  let lowering: readonly RepairCount[] = NO_CHANGES;
  /** Where all addresses have capitals there are too many to remember each twice. */
  const lowered = (cell: string): Judged | null => {
    if (!isEmail || !ASCII.test(cell)) return null;
    const count = kinds.get('LETTERS_LOWERED');
    if (count !== undefined && lowering === NO_CHANGES) lowering = [count];
    const id = count === undefined ? -1 : values.find(cell.toLowerCase());
    return id < 0 ? null : { id, changes: lowering };
  };
  const isFoundAgain = (cell: string, id: number): boolean => {
    const value = id < 0 ? null : values.value(id);
    return value === cell || (isEmail && ASCII.test(cell) && value === cell.toLowerCase());
  };
  const judge = (cell: string, line: number): Judged => {
    const id = read(cell);
    const changes = id < 0 ? NO_CHANGES : note(cell, values.value(id), line);
    if (cell.length <= REMEMBERED_LENGTH && !isFoundAgain(cell, id)) {
      others.add({ cell: detach(cell), id, changes });
      hasOthers = true;
    }
    return { id, changes };
  };

  const find = (cell: string, line: number): void => {
    // A canonical value is its own canonical form, so finding it is enough.
    const known = values.find(cell);
    lastChanges = NO_CHANGES;
    if (known >= 0) {
      lastId = known;
      return;
    }
    const other = lowered(cell) ?? (hasOthers ? others.get(cell) : undefined) ?? judge(cell, line);
    lastId = other.id;
    lastChanges = other.changes;
  };

  return {
    lookup: (cell, line, expected = -1) => {
      if (cell !== lastCell) {
        lastCell = cell;
        // A canonical value is its own canonical form, so to have it is enough.
        if (expected >= 0 && values.value(expected) === cell) {
          lastId = expected;
          lastChanges = NO_CHANGES;
        } else {
          find(cell, line);
        }
      }
      if (lastChanges !== NO_CHANGES) {
        repairs.noted++;
        for (const change of lastChanges) change.rows++;
      }
      return lastId;
    },
    find: values.find,
    number: values.number,
    value: values.value,
    size: values.size,
  };
}
