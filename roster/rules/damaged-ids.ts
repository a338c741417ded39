/**
 * Ids that a spreadsheet program made something else of. They are errors: loaded as they stand
 * they would be new schools and classes, and the old ones would lose everybody. What such an id
 * meant cannot be read any more, so the row protects as if the cell were unreadable.
 */
import type { FindingCode } from '../findings.js';
import type { Marks } from './marks.js';
import type { Said } from './said.js';

export const ID_COLUMNS = [
  { column: 'school_id', role: 'school' },
  { column: 'class_id', role: 'class' },
] as const;
export type IdColumn = (typeof ID_COLUMNS)[number]['column'];

/** A value of a key column that does not name what its rows are about. */
export interface LostId {
  readonly column: IdColumn;
  readonly value: string;
}

/** One that looks spoilt. Where its finding is accepted and so no error, it is what it says. */
export interface SpoiltId extends LostId {
  readonly code: FindingCode;
}

export interface KnownIds {
  /** Whether the last good file had that very id, so that it is what it says. */
  isKnown(column: IdColumn, id: number): boolean;
}

/** `1.2E+11`, also with a comma. Two ids may have become one. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d{1,3}$/i;

const MONTH = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/** A shape that damage has, and the same shape as honest ids have it. */
const SHAPES: readonly { code: FindingCode; damaged: RegExp; honest: RegExp }[] = [
  { code: 'ID_EXCEL_DATE', damaged: dates('(?:M)-\\d{2}'), honest: /^[A-Z][a-z]{2}-\d{2}$/ },
  { code: 'ID_EXCEL_DATE', damaged: dates('\\d{1,2}-(?:M)'), honest: /^\d{1,2}-[A-Z][a-z]{2}$/ },
  { code: 'ID_DECIMAL', damaged: /^\d+\.0+$/, honest: /^\d+\.\d*[1-9]\d*$/ },
];

function dates(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace('M', MONTH)}$`);
}

export function markShortenedIds(said: Said, marks: Marks, known: KnownIds): SpoiltId[] {
  return ID_COLUMNS.flatMap(({ column, role }) => {
    const code = 'ID_EXCEL_NUMBER';
    const table = said.table(column);
    const spoilt: SpoiltId[] = [];
    for (let id = 0; id < table.size(); id++) {
      const value = table.value(id);
      // Every such id has the sign, and looking for a letter is quicker than for a pattern.
      if (!value.includes('+') || !SHORTENED.test(value) || known.isKnown(column, id)) continue;
      marks.add({ code, column, value, subject: value }).on(role, id);
      spoilt.push({ code, column, value });
    }
    return spoilt;
  });
}

/**
 * A shape is damage only where no id of the column has it honestly: beside 4.1 an id of 4.0 is
 * a section, and beside Kim-12 an id of Jan-12 is a class of Jan. `before`: ids found already.
 */
export function markDamagedIds(
  said: Said,
  marks: Marks,
  known: KnownIds,
  before: readonly LostId[],
): SpoiltId[] {
  return ID_COLUMNS.flatMap(({ column, role }) => {
    const isFound = new Set(
      before.filter((one) => one.column === column).map(({ value }) => value),
    );
    const table = said.table(column);
    const suspects = SHAPES.map((): number[] => []);
    for (let id = 0; id < table.size(); id++) {
      const value = table.value(id);
      if (isFound.has(value)) continue;
      SHAPES.forEach(({ damaged }, n) => damaged.test(value) && suspects[n]!.push(id));
    }
    if (suspects.every((ids) => ids.length === 0)) return [];
    const left = idsLeft(said, role);
    return SHAPES.flatMap(({ code, damaged, honest }, n) => {
      const isScheme = [...left].some((id) => {
        const value = table.value(id);
        return honest.test(value) && !damaged.test(value);
      });
      const spoilt = isScheme ? [] : suspects[n]!.filter((id) => !known.isKnown(column, id));
      return spoilt.map((id): SpoiltId => {
        const value = table.value(id);
        marks.add({ code, column, value, subject: value }).on(role, id);
        return { code, column, value };
      });
    });
  });
}

/** Ids that an accepted row has. */
function idsLeft({ rows }: Said, role: 'school' | 'class'): Set<number> {
  const left = new Set<number>();
  for (let row = 0; row < rows.line.length; row++) {
    if (rows.line.get(row) > 0) left.add(rows[role].get(row));
  }
  return left;
}
