/** Step 7: one row at a time, judged by itself; what is known of it goes on to the cross-row step. */
import { COLUMNS, FIELD_OF } from '../columns.js';
import type { Column, ReadableCells, RosterRow } from '../columns.js';
import { isEmail } from '../email.js';
import { LINES_MAX } from '../findings.js';
import type { FindingCode } from '../findings.js';
import { FAULT_CODES } from './cell-table.js';
import type { CellTable } from './cell-table.js';
import { at } from './cross-rows.js';
import type { CrossRows } from './cross-rows.js';
import { lookUpWith } from './expected.js';
import type { FieldRecord } from './fields.js';
import type { FindingList } from './finding-list.js';
import type { Header } from './header.js';
import { headerMatcher } from './header-again.js';
import { realigner } from './realign.js';
import type { RepairList } from './repair-list.js';

/** What the sink gets. A row that is accepted here may be in `rejectedLines` at the end. */
export type ReadRow =
  | { readonly line: number; readonly accepted: true; readonly row: RosterRow }
  | { readonly line: number; readonly accepted: false; readonly keys: ReadableCells };

export interface RowReader {
  /** Null for what is not to be handed on: also a row of nothing but commas and spaces. */
  read(record: FieldRecord): ReadRow | null;
  /**
   * A row in which nothing was odd when it was read, by the numbers of its cells. `isKnown`: all its
   * keys were told before, so those will do. @returns whether it says of them what was said first
   */
  retell(line: number, ids: Int32Array, isKnown: boolean): boolean;
  readonly rows: () => number;
  readonly blank: () => number;
  /** Lines of blank rows, at most LINES_MAX. */
  readonly blankLines: () => readonly number[];
}

const GRADE = at('student_grade_level');
const STUDENT = at('student_email');
const EMAILS: readonly number[] = [at('teacher_email'), STUDENT];
const NOTHING = Object.freeze(
  Object.fromEntries(COLUMNS.map((column) => [FIELD_OF[column], null])),
) as unknown as ReadableCells;

export function rowReader(
  header: Header,
  tables: readonly CellTable[],
  cross: CrossRows,
  findings: FindingList,
  repairs: RepairList,
  delimiter: string,
  rejectedOnly: boolean,
): RowReader {
  const lookUp = lookUpWith(tables, header.at);
  const realign = realigner(header, delimiter);
  const repeatsHeader = headerMatcher(header);
  const blankLines: number[] = [];
  const ids = new Int32Array(COLUMNS.length);
  const named = new Map<string, Uint8Array>();
  let rows = 0;
  let blank = 0;

  /** 1 for the first finding of this kind, a code and a column, about a student, then 0. */
  const newPerson = (kind: string, student: number): number => {
    if (student < 0) return 1;
    let seen = named.get(kind);
    if (seen === undefined || student >= seen.length) {
      const more = new Uint8Array(Math.max(1024, student * 2));
      if (seen !== undefined) more.set(seen);
      named.set(kind, more);
      seen = more;
    }
    const fresh = 1 - seen[student]!;
    seen[student] = 1;
    return fresh;
  };

  const text = (i: number): string | null => (ids[i]! < 0 ? null : tables[i]!.value(ids[i]!));
  // Written out, as one is made for every row of a file.
  const cellsOf = (): ReadableCells & RosterRow =>
    ({
      schoolId: text(0),
      schoolName: text(1),
      teacherEmail: text(2),
      teacherFirstName: text(3),
      teacherLastName: text(4),
      classId: text(5),
      className: text(6),
      studentFirstName: text(7),
      studentLastName: text(8),
      studentEmail: text(9),
      studentGradeLevel: text(10),
    }) satisfies Record<keyof RosterRow, string | null> as ReadableCells & RosterRow;

  /** Nothing in the row can be trusted, not even its keys. */
  const reject = (line: number, code: FindingCode, count?: number): ReadRow => {
    findings.add({ code, line, people: 1, ...(count === undefined ? {} : { count }) });
    ids.fill(-1);
    cross.see(line, ids, false, false);
    return { line, accepted: false, keys: NOTHING };
  };

  const noteBareQuotes = (cells: readonly string[], line: number): void => {
    cells.forEach((value, place) => {
      if (!value.includes('"')) return;
      const column = COLUMNS[header.at.indexOf(place)];
      const after = `"${value.replaceAll('"', '""')}"`;
      const draft = { code: 'QUOTE_IN_VALUE', line, before: value, after } as const;
      repairs.open(column === undefined ? draft : { ...draft, column }).rows++;
    });
  };

  const report = (line: number, column: Column, code: FindingCode, cell: string): void => {
    const value = cell.trim() === '' ? null : cell;
    findings.add({
      code,
      line,
      column,
      value,
      people: newPerson(`${code} ${column}`, ids[STUDENT]!),
    });
  };

  return {
    rows: () => rows,
    blank: () => blank,
    blankLines: () => blankLines,
    retell: (line, told, isKnown) => {
      rows++;
      if (!isKnown) return cross.see(line, told, true, true);
      cross.hear(line, told);
      return true;
    },
    read: ({ line, cells: found, plain, fault, breaks, bareQuotes }) => {
      if (found === null) {
        rows++;
        return reject(line, fault!);
      }
      if (isBlankRow(found)) {
        blank++;
        if (blankLines.length < LINES_MAX) blankLines.push(line);
        return null;
      }
      rows++;
      const { width, named: namedWidth } = header;
      const mended = plain && found.length > namedWidth ? realign(found) : null;
      const cells = mended?.cells ?? found;
      if (cells.length < namedWidth) return reject(line, 'FIELDS_TOO_FEW', cells.length);
      if (cells.length > width && !isBlankRow(cells.slice(width))) {
        return reject(line, 'FIELDS_TOO_MANY', cells.length);
      }
      if (breaks > 0 && swallowsRows(cells, width)) {
        return reject(line, 'QUOTE_SWALLOWS_ROWS', breaks + 1);
      }
      let faults = 0;
      const noted = repairs.noted;
      lookUp(cells, line, ids);
      for (let i = 0; i < ids.length; i++) if (ids[i]! < 0 && i !== GRADE) faults++;
      if (mended !== null) {
        if (faults > 0) return reject(line, 'FIELDS_TOO_MANY', found.length);
        for (const { column, value } of mended.joined) {
          const after = `"${value}"`;
          const draft = { code: 'COMMA_IN_VALUE', line, before: value, after } as const;
          repairs.open(column === null ? draft : { ...draft, column }).rows++;
        }
      }
      // Fields that the first line does not name: an honest row has them empty and no fault.
      if (cells.length !== width || width !== namedWidth) {
        const rest = !isBlankRow(cells.slice(namedWidth));
        if (rest || (cells.length !== width && (faults > 0 || ids[GRADE]! < 0))) {
          const code = cells.length > namedWidth ? 'FIELDS_TOO_MANY' : 'FIELDS_TOO_FEW';
          return reject(line, code, cells.length);
        }
      }
      if (faults > 0 && repeatsHeader(cells)) {
        // It describes nobody, so it must not protect anybody either.
        rows--;
        findings.add({ code: 'HEADER_REPEATED', line });
        return null;
      }
      if (faults > 0 && isShifted(ids, cells, header)) return reject(line, 'ROW_SHIFTED');
      if (faults > 0 || ids[GRADE]! < 0) {
        for (let i = 0; i < COLUMNS.length; i++) {
          if (ids[i]! >= 0) continue;
          report(line, COLUMNS[i]!, FAULT_CODES[-1 - ids[i]!]!, cells[header.at[i]!]!);
        }
      }
      if (bareQuotes) noteBareQuotes(cells, line);
      const accepted = faults === 0;
      const isOdd = ids[GRADE]! < 0 || mended !== null || bareQuotes === true || breaks > 0;
      cross.see(line, ids, accepted, accepted && !isOdd && repairs.noted === noted);
      if (accepted && rejectedOnly) return null;
      return accepted ? { line, accepted, row: cellsOf() } : { line, accepted, keys: cellsOf() };
    },
  };
}

/** Nothing but white space between the delimiters. */
export const isBlankRow = (cells: readonly string[]): boolean => {
  for (const cell of cells) if (cell.trim() !== '') return false;
  return true;
};

/** An address is not where it should be, and one stands where none should be. */
function isShifted(ids: Int32Array, cells: readonly string[], header: Header): boolean {
  if (EMAILS.every((i) => ids[i]! >= 0)) return false;
  return COLUMNS.some((_, i) => !EMAILS.includes(i) && isEmail(cells[header.at[i]!]!.trim()));
}

const commas = (text: string): number => text.split(',').length - 1;

/**
 * A quotation mark that was never closed ends at the next one, lines below. What lies between
 * is the rest of its own row, rows, and the beginning of another: at least as many commas
 * before the first line break and after the last one as the column's place asks for.
 */
function swallowsRows(cells: readonly string[], width: number): boolean {
  return cells.some((cell, place) => {
    const lines = cell.split(/\r\n|\r|\n/);
    if (lines.length < 2) return false;
    return commas(lines[0]!) >= width - 1 - place && commas(lines.at(-1)!) >= place;
  });
}
