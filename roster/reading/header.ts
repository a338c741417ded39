/** Step 5: the first record, to where each of our columns stands. */
import { COLUMNS, isColumn } from '../columns.js';
import type { Column } from '../columns.js';
import { Refusal } from './refusal.js';

export interface Header {
  readonly line: number;
  /** Fields of the header, and so of a row. */
  readonly width: number;
  /** Fields up to the last one that has a name; those after it come from trailing commas. */
  readonly named: number;
  /** Position of each of COLUMNS. */
  readonly at: readonly number[];
  /** Named columns that are none of ours. */
  readonly ignored: number;
}

const OTHER_DELIMITERS = [';', '\t', '|'];

/** A name without case, outer spaces or a stray byte order mark (which `trim` takes for a space). */
const canonical = (name: string): string => name.trim().toLowerCase();

/**
 * Throws Refusal COLUMN_MISSING or COLUMN_DUPLICATE with all of their names, or NOT_CSV if the
 * columns are parted by something other than commas.
 */
export function readHeader(cells: readonly string[], line: number): Header {
  const names = cells.map(canonical);
  const ours = names.filter(isColumn);
  const missing = COLUMNS.filter((column) => !ours.includes(column));
  if (missing.length > 0) {
    if (ours.length === 0 && partedOtherwise(cells)) {
      throw new Refusal('NOT_CSV', 'NOT_CSV_DELIMITER', { line });
    }
    const count = names.filter((name) => name !== '' && !isColumn(name)).length;
    throw new Refusal('COLUMN_MISSING', 'COLUMN_MISSING', {
      line,
      columns: missing.join(', '),
      count,
    });
  }
  const twice = COLUMNS.filter((column) => ours.indexOf(column) !== ours.lastIndexOf(column));
  if (twice.length > 0) {
    throw new Refusal('COLUMN_DUPLICATE', 'COLUMN_DUPLICATE', { line, columns: twice.join(', ') });
  }
  return {
    line,
    width: names.length,
    named: names.findLastIndex((name) => name !== '') + 1,
    at: COLUMNS.map((column: Column) => names.indexOf(column)),
    ignored: names.filter((name) => name !== '' && !isColumn(name)).length,
  };
}

const partedOtherwise = (cells: readonly string[]): boolean =>
  OTHER_DELIMITERS.some(
    (delimiter) => cells.join(',').split(delimiter).map(canonical).filter(isColumn).length >= 2,
  );
