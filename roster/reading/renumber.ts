/** From the numbers of values in the file before to those in this one. */
import type { Snapshot } from '../snapshot.js';
import type { CellTable } from './cell-table.js';

export interface Renumbering {
  /** The number here of a value that stands in this file, too; it gets one if it has none yet. */
  adopt(column: number, id: number): number;
  /** The number here, or -1. To be asked when this file has been read. */
  find(column: number, id: number): number;
}

const UNASKED = -2;

/** `tables` and columns in the order of COLUMNS. */
export function renumbering(before: Snapshot, tables: readonly CellTable[]): Renumbering {
  const known = before.values.map((values) => new Int32Array(values.length).fill(UNASKED));
  return {
    adopt: (column, id) => {
      const here = known[column]![id]!;
      if (here >= 0) return here;
      return (known[column]![id] = tables[column]!.number(before.values[column]![id]!));
    },
    find: (column, id) => {
      const here = known[column]![id]!;
      if (here !== UNASKED) return here;
      return (known[column]![id] = tables[column]!.find(before.values[column]![id]!));
    },
  };
}
