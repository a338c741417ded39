/**
 * The rules of one row, as a zod schema: text in, canonical values out. Each rule's message is
 * a code of the catalogue in findings.ts; nothing here says what a cell holds.
 */
import { z } from 'zod';
import type { Column, RosterRow } from './columns.js';
import { EMAIL_MAX, isEmail } from './email.js';
import { GRADE_LEVELS, toGradeLevel } from './grades.js';
import { tidy, tidyMarks } from './tidy.js';

export const ID_MAX = 100;
export const NAME_MAX = 200;

/** Faults that reject the row. */
export const CELL_FAULTS = [
  'VALUE_MISSING',
  'VALUE_TOO_LONG',
  'VALUE_CONTROL',
  'EMAIL_MALFORMED',
] as const;
export type CellFault = (typeof CELL_FAULTS)[number];

// U+FFFD is what another program leaves where it could not read a letter: the name is lost.
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\ufffd]/;
const printable = (text: string): boolean => !UNPRINTABLE.test(text);

const toText = (text: string): string => tidy(text).trim();
/**
 * Any run of white space inside (a line break within quotes, a doubled space) is one space: two
 * rows that look the same in a spreadsheet are the same.
 */
const toName = (text: string): string => toText(text).replace(/\s+/g, ' ');

const id = z
  .string()
  .transform(toText)
  .pipe(
    z
      .string()
      .min(1, 'VALUE_MISSING')
      .max(ID_MAX, 'VALUE_TOO_LONG')
      .refine(printable, 'VALUE_CONTROL'),
  );

const name = z
  .string()
  .transform(toName)
  .pipe(
    z
      .string()
      .min(1, 'VALUE_MISSING')
      .max(NAME_MAX, 'VALUE_TOO_LONG')
      .refine(printable, 'VALUE_CONTROL'),
  );

// Lower case comes last: K with a Kelvin sign turns into an ASCII k, and is no address before.
const email = z
  .string()
  .transform((text) => tidyMarks(text).trim())
  .pipe(
    z
      .string()
      .min(1, 'VALUE_MISSING')
      .max(EMAIL_MAX, 'VALUE_TOO_LONG')
      .refine(isEmail, 'EMAIL_MALFORMED')
      .transform((text) => text.toLowerCase()),
  );

/** Never a fault: an unknown grade drops the value, not the row. */
const grade = z.string().transform((text) => toGradeLevel(tidy(text)));

/** The rule of each column's cell. */
export const CELLS = {
  school_id: id,
  school_name: name,
  teacher_email: email,
  teacher_first_name: name,
  teacher_last_name: name,
  class_id: id,
  class_name: name,
  student_first_name: name,
  student_last_name: name,
  student_email: email,
  student_grade_level: grade,
} as const satisfies Record<Column, z.ZodType<string | null, string>>;

/** A whole row by its columns' names, to the canonical row. */
export const ROW = z.object(CELLS).transform((cells): RosterRow => ({
  schoolId: cells.school_id,
  schoolName: cells.school_name,
  teacherEmail: cells.teacher_email,
  teacherFirstName: cells.teacher_first_name,
  teacherLastName: cells.teacher_last_name,
  classId: cells.class_id,
  className: cells.class_name,
  studentFirstName: cells.student_first_name,
  studentLastName: cells.student_last_name,
  studentEmail: cells.student_email,
  studentGradeLevel: cells.student_grade_level,
}));

const FAULTS: ReadonlySet<string> = new Set(CELL_FAULTS);

/**
 * Most cells are canonical as they stand, which this tells ten times as fast as the schema does:
 * letters and signs of western Europe, one space between them at most. It never says yes where
 * the schema would change or refuse a cell; where it says no, the schema decides.
 */
const PLAIN = /^[!-~\u00a1-\u00ac\u00ae-\u017f]+(?: [!-~\u00a1-\u00ac\u00ae-\u017f]+)*$/;
const LOWER = /^[!-@[-~]+$/;
const PLAIN_GRADES: ReadonlySet<string> = new Set(GRADE_LEVELS);

const ASCII = /^[ -~]*$/;
const isEmailColumn = (column: Column): boolean =>
  column === 'teacher_email' || column === 'student_email';

function isPlain(column: Column, cell: string): boolean {
  switch (column) {
    case 'student_grade_level':
      return PLAIN_GRADES.has(cell);
    case 'teacher_email':
    case 'student_email':
      return LOWER.test(cell) && isEmail(cell);
    case 'school_id':
    case 'class_id':
      return cell.length <= ID_MAX && PLAIN.test(cell);
    default:
      return cell.length <= NAME_MAX && PLAIN.test(cell);
  }
}

/** The canonical value of one cell, or the first rule that it breaks. */
export function readCell(
  column: Column,
  cell: string,
): { readonly value: string | null } | { readonly fault: CellFault } {
  if (isPlain(column, cell)) return { value: cell };
  // The commonest of all repairs; everything else is the schema's.
  const bare = isEmailColumn(column) && ASCII.test(cell) ? cell.trim().toLowerCase() : cell.trim();
  return bare !== cell && isPlain(column, bare) ? { value: bare } : readByRule(column, cell);
}

/** What `readCell` says, by the schema alone. */
export function readByRule(
  column: Column,
  cell: string,
): { readonly value: string | null } | { readonly fault: CellFault } {
  const read = CELLS[column].safeParse(cell);
  if (read.success) return { value: read.data };
  const code = read.error.issues[0]?.message ?? '';
  if (!FAULTS.has(code)) throw new Error(`rule of ${column} has no code`);
  return { fault: code as CellFault };
}
