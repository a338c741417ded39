/**
 * Step 6: cells to numbers. A file says the same few thousand values over and over, so each
 * distinct cell goes through its zod rule once and is remembered by a small integer.
 */
import type { Column } from '../columns.js';
import { readCell } from '../rows.js';
import type { CellFault } from '../rows.js';

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
  /** The number of the canonical value, counted from 0, or a fault below zero. */
  lookup(cell: string): number;
  /** The number of a canonical value, or -1 if no cell of the file had it. */
  find(value: string): number;
  value(id: number): string;
  size(): number;
}

/** Cells that are not canonical, or wrong: remembered as long as there are not too many. */
const REMEMBERED = 50_000;
const REMEMBERED_LENGTH = 300;

export function cellTable(column: Column): CellTable {
  const values: string[] = [];
  const ids = new Map<string, number>();
  const others = new Map<string, number>();
  // Files are sorted by one thing or another: most cells are the same as the one above.
  let lastCell: string | null = null;
  let lastId = 0;

  const intern = (value: string): number => {
    const known = ids.get(value);
    if (known !== undefined) return known;
    const own = detach(value);
    const id = values.push(own) - 1;
    ids.set(own, id);
    return id;
  };
  const read = (cell: string): number => {
    const result = readCell(column, cell);
    if ('fault' in result) return -1 - FAULT_CODES.indexOf(result.fault);
    if (result.value !== null) return intern(result.value);
    return -1 - FAULT_CODES.indexOf(cell.trim() === '' ? 'GRADE_MISSING' : 'GRADE_UNKNOWN');
  };

  const find = (cell: string): number => {
    // A canonical value is its own canonical form, so finding it is enough.
    const known = ids.get(cell) ?? others.get(cell);
    if (known !== undefined) return known;
    const id = read(cell);
    if (cell.length <= REMEMBERED_LENGTH && (id < 0 || values[id] !== cell)) {
      if (others.size >= REMEMBERED) others.clear();
      others.set(detach(cell), id);
    }
    return id;
  };

  return {
    lookup: (cell) => {
      if (cell === lastCell) return lastId;
      lastCell = cell;
      lastId = find(cell);
      return lastId;
    },
    find: (value) => ids.get(value) ?? -1,
    value: (id) => values[id]!,
    size: () => values.length,
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A copy that stands alone. A slice of a string keeps the whole block that it was cut from
 * alive: a hundred thousand addresses would hold the file in memory.
 */
export const detach = (text: string): string => decoder.decode(encoder.encode(text));
