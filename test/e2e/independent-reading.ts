/**
 * Reads roster files and works out the views by other means than Rollcall's: plain objects,
 * no streaming, no SQL. For files without mistakes only.
 */
import { parse } from 'csv-parse/sync';

export interface Views {
  readonly schools: string[];
  readonly teachers: string[];
  readonly students: string[];
  readonly classes: string[];
  readonly class_teachers: string[];
  readonly enrollments: string[];
}

type Row = Record<string, string>;

const row = (...cells: (string | undefined)[]): string =>
  cells.map((cell) => cell ?? '').join(' | ');

/** What one clean file says should be active, one sorted line per row of each view. */
export function activeAfter(text: string): Views {
  const rows: Row[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  const collect = (line: (one: Row) => string): string[] => [...new Set(rows.map(line))].sort();
  const mail = (address: string | undefined): string => (address ?? '').trim().toLowerCase();
  return {
    schools: collect((r) => row(r['school_id'], r['school_name'])),
    teachers: collect((r) =>
      row(mail(r['teacher_email']), r['teacher_first_name'], r['teacher_last_name']),
    ),
    students: collect((r) =>
      row(
        mail(r['student_email']),
        r['student_first_name'],
        r['student_last_name'],
        r['student_grade_level'],
      ),
    ),
    classes: collect((r) => row(r['class_id'], r['school_id'], r['class_name'])),
    class_teachers: collect((r) => row(r['class_id'], mail(r['teacher_email']))),
    enrollments: collect((r) => row(r['class_id'], mail(r['student_email']))),
  };
}

/** The views' own query for the same lines. */
export const ACTIVE_LINES: Readonly<Record<keyof Views, string>> = {
  schools: `select concat_ws(' | ', school_id, name) from roster.schools where active and district_id = $1`,
  teachers: `select concat_ws(' | ', email, first_name, last_name) from roster.teachers where active and district_id = $1`,
  students: `select concat_ws(' | ', email, first_name, last_name, grade_level) from roster.students where active and district_id = $1`,
  classes: `select concat_ws(' | ', class_id, school_id, name) from roster.classes where active and district_id = $1`,
  class_teachers: `select concat_ws(' | ', class_id, teacher_email) from roster.class_teachers where active and district_id = $1`,
  enrollments: `select concat_ws(' | ', class_id, student_email) from roster.enrollments where active and district_id = $1`,
};
