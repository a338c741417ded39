/** The first file as an office sends it on a bad day, and what a reader must find in it. */
import { COLUMNS } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import { toLine } from './model.js';
import type { Row } from './model.js';

/** Rows counted from 0; the line in the file is two more. */
const ROW = {
  noEmail: 24,
  noAt: 71,
  grade: 133,
  school: 240,
  fields: 402,
  unknownGrade: 515,
} as const;

/** Codes of the catalogue, and the line where each stands, in the order of lines. */
export interface Mistake {
  readonly code: string;
  readonly line: number;
}

/** The lines of the file after its header, each without its line break. */
export function withMistakes(rows: readonly Row[]): { lines: string[]; mistakes: Mistake[] } {
  const spoilt = rows.map((row) => ({ ...row })) as Record<Column, string>[];
  const row = (n: number): Record<Column, string> => spoilt[n]!;
  row(ROW.noEmail).student_email = '';
  row(ROW.noAt).student_email = row(ROW.noAt).student_email.replace('@', '.');
  row(ROW.unknownGrade).student_grade_level = 'Grade 14';
  // One row of a student says another grade, one row of a class another school.
  const student = row(ROW.grade).student_email;
  row(ROW.grade).student_grade_level = row(ROW.grade).student_grade_level === '4' ? '3' : '4';
  const cls = row(ROW.school).class_id;
  const other = spoilt.find(({ school_id }) => school_id !== row(ROW.school).school_id)!;
  row(ROW.school).school_id = other.school_id;
  row(ROW.school).school_name = other.school_name;

  const lines = spoilt.map((cells, n) => {
    const values = COLUMNS.map((column) => cells[column]);
    return toLine(n === ROW.fields ? values.filter((_, i) => i !== 6) : values);
  });
  const firstLine = (column: Column, value: string): number =>
    spoilt.findIndex((cells) => cells[column] === value) + 2;
  const mistakes: Mistake[] = [
    { code: 'VALUE_MISSING', line: ROW.noEmail + 2 },
    { code: 'EMAIL_MALFORMED', line: ROW.noAt + 2 },
    { code: 'STUDENT_CONFLICT', line: firstLine('student_email', student) },
    { code: 'CLASS_TWO_SCHOOLS', line: firstLine('class_id', cls) },
    { code: 'FIELDS_TOO_FEW', line: ROW.fields + 2 },
    { code: 'GRADE_UNKNOWN', line: ROW.unknownGrade + 2 },
  ];
  return { lines, mistakes: mistakes.sort((a, b) => a.line - b.line) };
}
