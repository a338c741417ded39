/** One address in both roles: whose it is cannot be told, so neither is touched. */
import type { Column } from '../columns.js';
import type { Marks, SeenRows } from '../rules/marks.js';
import type { CellTable } from './cell-table.js';
import { sideText } from './side-text.js';
import { sides } from './sides.js';
import type { Side } from './sides.js';

/** The sides of such a finding. */
const ROLES = ['teacher_email', 'student_email'] as const;
const [AS_TEACHER, AS_STUDENT] = [0, 1];

export function markSharedAddresses(
  rows: SeenRows,
  marks: Marks,
  table: (column: Column) => CellTable,
): void {
  const [teachers, students] = [table('teacher_email'), table('student_email')];
  /** Number of the address as a teacher's → as a student's, and back. */
  const studentOf = new Map<number, number>();
  const teacherOf = new Map<number, number>();
  for (let teacher = 0; teacher < teachers.size(); teacher++) {
    const student = students.find(teachers.value(teacher));
    if (student < 0) continue;
    studentOf.set(teacher, student);
    teacherOf.set(student, teacher);
  }
  if (studentOf.size === 0) return;
  for (const [teacher, both] of rolesOf(rows, studentOf, teacherOf)) {
    // Known to a table, but in one of the roles only from rows that could not be read.
    if (both.length < ROLES.length) continue;
    const inOrder = both.toSorted((a, b) => a.value - b.value);
    marks
      .add({
        code: 'EMAIL_BOTH_ROLES',
        column: 'teacher_email',
        value: () => sideText(inOrder, (role) => ROLES[role]!),
        subject: teachers.value(teacher),
      })
      .on('teacher', teacher)
      .on('student', studentOf.get(teacher)!);
  }
}

function rolesOf(
  rows: SeenRows,
  studentOf: ReadonlyMap<number, number>,
  teacherOf: ReadonlyMap<number, number>,
): Map<number, Side[]> {
  const found = sides();
  for (let row = 0; row < rows.line.length; row++) {
    const line = Math.abs(rows.line.get(row));
    const teacher = rows.teacher.get(row);
    if (studentOf.has(teacher)) found.add(teacher, AS_TEACHER!, line);
    const other = teacherOf.get(rows.student.get(row));
    if (other !== undefined) found.add(other, AS_STUDENT!, line);
  }
  return found.finish();
}
