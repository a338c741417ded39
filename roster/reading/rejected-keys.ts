/** Rows that were accepted by themselves and that a rule about several rows rejects after all. */
import type { RejectedKeys } from '../file-says.js';
import type { RulesResult } from '../rules/apply.js';
import type { Said } from '../rules/said.js';

/** Each different row once. */
export function* rejectedKeys(
  { rows, table, text }: Said,
  { rejectedLines, lostIds }: RulesResult,
): Generator<RejectedKeys> {
  if (rejectedLines.length === 0) return;
  const lines = new Set(rejectedLines);
  const lost = new Set(
    lostIds.map(({ column, value }) => `${column} ${table(column).find(value)}`),
  );
  const id = (column: 'school_id' | 'class_id', n: number): string | null =>
    lost.has(`${column} ${n}`) ? null : table(column).value(n);
  const seen = new Set<string>();
  for (let row = 0; row < rows.line.length; row++) {
    const line = -rows.line.get(row);
    if (line < 0 || !lines.has(line)) continue;
    const [school, teacher, cls, student] = [
      rows.school.get(row),
      rows.teacher.get(row),
      rows.class.get(row),
      rows.student.get(row),
    ];
    const key = `${school} ${teacher} ${cls} ${student}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield {
      line,
      schoolId: id('school_id', school),
      teacherEmail: table('teacher_email').value(teacher),
      classId: id('class_id', cls),
      className: text('class_name', cls),
      studentEmail: table('student_email').value(student),
    };
  }
}
