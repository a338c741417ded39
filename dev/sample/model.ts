/** The sample district as things and not as rows: what a file is written from. */
import { COLUMNS } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import type { GradeLevel } from '../../roster/grades.js';
import type { Person } from './people.js';

export interface Student extends Person {
  readonly grade: GradeLevel;
}
export interface SchoolClass {
  readonly id: string;
  readonly name: string;
  readonly school: string;
  /** Addresses; co-teachers have the class both. */
  readonly teachers: readonly string[];
  readonly students: readonly string[];
}
export interface Model {
  /** school_id → name. */
  readonly schools: ReadonlyMap<string, string>;
  /** By address. */
  readonly teachers: ReadonlyMap<string, Person>;
  readonly students: ReadonlyMap<string, Student>;
  /** By class_id, in the order of the file. */
  readonly classes: ReadonlyMap<string, SchoolClass>;
}

export type Row = Readonly<Record<Column, string>>;

/** One row per student in a class, and again for each further teacher. */
export function toRows({ schools, teachers, students, classes }: Model): Row[] {
  const rows: Row[] = [];
  for (const { id, name, school, teachers: theirs, students: members } of classes.values()) {
    for (const teacher of theirs.map((email) => teachers.get(email)!)) {
      for (const student of members.map((email) => students.get(email)!)) {
        rows.push({
          school_id: school,
          school_name: schools.get(school)!,
          teacher_email: teacher.email,
          teacher_first_name: teacher.first,
          teacher_last_name: teacher.last,
          class_id: id,
          class_name: name,
          student_first_name: student.first,
          student_last_name: student.last,
          student_email: student.email,
          student_grade_level: student.grade,
        });
      }
    }
  }
  return rows;
}

const cell = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** A line of a CSV file as RFC 4180 has it, without its line break. */
export const toLine = (cells: readonly string[]): string => cells.map(cell).join(',');

/** UTF-8 text, comma, CRLF, the columns in canonical order. */
export const toCsv = (rows: readonly Row[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]
    .map((cells) => `${toLine(cells)}\r\n`)
    .join('');
