/** The roster file's columns and the canonical row that a reader makes of one of its rows. */
import type { GradeLevel } from './grades.js';

/** In canonical order; a file may have them in any order, with others among them. */
export const COLUMNS = [
  'school_id',
  'school_name',
  'teacher_email',
  'teacher_first_name',
  'teacher_last_name',
  'class_id',
  'class_name',
  'student_first_name',
  'student_last_name',
  'student_email',
  'student_grade_level',
] as const;
export type Column = (typeof COLUMNS)[number];

/** The four that identify a school, a person or a class. */
export const KEY_COLUMNS = ['school_id', 'teacher_email', 'class_id', 'student_email'] as const;
export type KeyColumn = (typeof KEY_COLUMNS)[number];

/**
 * One student in one class with one of its teachers. Every text is canonical: emails in lower
 * case, ids trimmed with their leading zeros, names trimmed and NFC.
 */
export interface RosterRow {
  readonly schoolId: string;
  readonly schoolName: string;
  readonly teacherEmail: string;
  readonly teacherFirstName: string;
  readonly teacherLastName: string;
  readonly classId: string;
  readonly className: string;
  readonly studentFirstName: string;
  readonly studentLastName: string;
  readonly studentEmail: string;
  /** Null: the file does not say a grade that is known. The roster keeps what it has. */
  readonly studentGradeLevel: GradeLevel | null;
}

/** What could be read of a rejected row; null where a cell could not be, or may be another's. */
export type ReadableCells = { readonly [K in keyof RosterRow]: RosterRow[K] | null };

/** The row's property that a column becomes, in the order of COLUMNS. */
export const FIELD_OF = {
  school_id: 'schoolId',
  school_name: 'schoolName',
  teacher_email: 'teacherEmail',
  teacher_first_name: 'teacherFirstName',
  teacher_last_name: 'teacherLastName',
  class_id: 'classId',
  class_name: 'className',
  student_first_name: 'studentFirstName',
  student_last_name: 'studentLastName',
  student_email: 'studentEmail',
  student_grade_level: 'studentGradeLevel',
} as const satisfies Record<Column, keyof RosterRow>;

const KNOWN: ReadonlySet<string> = new Set(COLUMNS);

export const isColumn = (name: string): name is Column => KNOWN.has(name);
