/** Counts what the rows that are left describe, each thing once, and notes repeated rows. */
import { COLUMNS } from '../columns.js';
import type { KeyColumn } from '../columns.js';
import type { CellTable } from './cell-table.js';
import type { SeenRows } from './cross-rows.js';
import type { FindingList } from './finding-list.js';
import { Pairs } from './pairs.js';

export interface Counts {
  readonly schools: number;
  readonly teachers: number;
  readonly classes: number;
  readonly students: number;
  readonly classTeachers: number;
  readonly enrollments: number;
}

const LINES_MAX = 20;

export function tally(
  rows: SeenRows,
  tables: readonly CellTable[],
  findings: FindingList,
): { readonly accepted: number; readonly counts: Counts } {
  const distinct = (column: KeyColumn): ((id: number) => void) & { count: () => number } => {
    const seen = new Uint8Array(tables[COLUMNS.indexOf(column)]!.size());
    let count = 0;
    const note = (id: number): void => {
      count += 1 - seen[id]!;
      seen[id] = 1;
    };
    return Object.assign(note, { count: () => count });
  };
  const schools = distinct('school_id');
  const teachers = distinct('teacher_email');
  const classes = distinct('class_id');
  const students = distinct('student_email');
  const classTeachers = new Pairs();
  const enrollments = new Pairs();
  const whole = new Pairs();
  const repeated: number[] = [];
  let repeats = 0;
  let accepted = 0;

  for (let row = 0; row < rows.line.length; row++) {
    const line = rows.line.get(row);
    if (line < 0) continue;
    accepted++;
    const [cls, student] = [rows.class.get(row), rows.student.get(row)];
    schools(rows.school.get(row));
    teachers(rows.teacher.get(row));
    classes(cls);
    students(student);
    enrollments.add(cls, student);
    // No two rows that are left disagree, so the same three keys are the same row.
    const before = whole.size;
    if (whole.add(classTeachers.add(cls, rows.teacher.get(row)), student) === before) continue;
    repeats++;
    if (repeated.length < LINES_MAX) repeated.push(line);
  }
  if (repeats > 0) {
    findings.add({ code: 'DUPLICATE_ROWS', line: repeated[0]!, rows: repeats, lines: repeated });
  }
  const counts: Counts = {
    schools: schools.count(),
    teachers: teachers.count(),
    classes: classes.count(),
    students: students.count(),
    classTeachers: classTeachers.size,
    enrollments: enrollments.size,
  };
  return { accepted, counts };
}
