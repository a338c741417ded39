/** What the rows of a file say of each key, as rules ask for it: numbers of values, and the values. */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { CellTable } from '../reading/cell-table.js';
import type { SeenRows } from './marks.js';
import { fold } from './names.js';

/** An attribute that belongs to one key: a name or a grade. */
export const ATTRIBUTES = [
  { column: 'school_name', key: 'school_id' },
  { column: 'teacher_first_name', key: 'teacher_email' },
  { column: 'teacher_last_name', key: 'teacher_email' },
  { column: 'class_name', key: 'class_id' },
  { column: 'student_first_name', key: 'student_email' },
  { column: 'student_last_name', key: 'student_email' },
  { column: 'student_grade_level', key: 'student_email' },
] as const satisfies readonly { column: Column; key: KeyColumn }[];
export type Attribute = (typeof ATTRIBUTES)[number]['column'];

export interface Said {
  readonly rows: SeenRows;
  table(column: Column): CellTable;
  /**
   * The number, in that column's table, of what the rows say of a key. Below zero: no row says
   * it, or rows disagree; so it does not depend on the order of rows.
   */
  attribute(column: Attribute, key: number): number;
  /** The value itself; null where `attribute` is below zero. */
  text(column: Attribute, key: number): string | null;
  /** A value by its number, without case, accents and signs; each is folded once. */
  folded(column: Attribute, id: number): string;
}

export function saidBy(
  rows: SeenRows,
  tables: readonly CellTable[],
  attribute: Said['attribute'],
): Said {
  const table = (column: Column): CellTable => tables[COLUMNS.indexOf(column)]!;
  const folded = new Map<Attribute, (string | undefined)[]>();
  return {
    rows,
    table,
    attribute,
    text: (column, key) => {
      const id = attribute(column, key);
      return id < 0 ? null : table(column).value(id);
    },
    folded: (column, id) => {
      const known = folded.get(column) ?? [];
      folded.set(column, known);
      return (known[id] ??= fold(table(column).value(id)));
    },
  };
}
