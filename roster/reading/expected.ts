/**
 * What a row's cells will be, judged by its class and its student: a file says the same of each
 * of them on many rows. Comparing with the last one said is quicker than finding the cell among
 * all, and much quicker where the file is sorted by nothing.
 */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import { ATTRIBUTES } from '../rules/said.js';
import type { CellTable } from './cell-table.js';
import { Ints } from './ints.js';

/** Keys before what hangs on them. A class has one teacher and one school on nearly all rows. */
const ORDER: readonly { readonly column: Column; readonly by: KeyColumn | null }[] = [
  { column: 'class_id', by: null },
  { column: 'student_email', by: null },
  { column: 'school_id', by: 'class_id' },
  { column: 'teacher_email', by: 'class_id' },
  ...ATTRIBUTES.map(({ column, key }) => ({ column, by: key })),
];

interface Step {
  readonly at: number;
  /** The column whose number tells what to expect; -1 for the two that nothing tells. */
  readonly by: number;
  readonly table: CellTable;
  readonly last: Ints;
}

/**
 * Puts the numbers of a row's cells into `ids`, in the order of COLUMNS: what `lookup` of each
 * table says, only sooner. `places`: where each column stands in the row.
 */
export function lookUpWith(
  tables: readonly CellTable[],
  places: readonly number[],
): (cells: readonly string[], line: number, ids: Int32Array) => void {
  const steps = ORDER.map(({ column, by }): Step => {
    const at = COLUMNS.indexOf(column);
    return {
      at,
      by: by === null ? -1 : COLUMNS.indexOf(by),
      table: tables[at]!,
      last: new Ints(-1),
    };
  });
  return (cells, line, ids) => {
    for (const { at, by, table, last } of steps) {
      const cell = cells[places[at]!]!;
      const key = by < 0 ? -1 : ids[by]!;
      if (key < 0) {
        ids[at] = table.lookup(cell, line, -1);
        continue;
      }
      const expected = last.get(key);
      const id = table.lookup(cell, line, expected);
      ids[at] = id;
      if (id !== expected && id >= 0) last.set(key, id);
    }
  };
}
