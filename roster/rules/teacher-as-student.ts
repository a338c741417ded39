/** Students who have the name of a teacher of their own class: typed into the wrong columns, perhaps. */
import type { Marks } from './marks.js';
import type { Attribute, Said } from './said.js';

export function markTeachersAsStudents(said: Said, marks: Marks): void {
  const teachers = teachersByName(said);
  const known = {
    first: namesOf(said, 'student_first_name', teachers.firsts),
    last: namesOf(said, 'student_last_name', teachers.lasts),
  };
  const students = new Map<number, readonly number[]>();
  for (let id = 0; id < said.table('student_email').size(); id++) {
    const first = known.first.get(said.attribute('student_first_name', id));
    const last = known.last.get(said.attribute('student_last_name', id));
    if (first === undefined || last === undefined) continue;
    const same = teachers.byName.get(`${first} ${last}`);
    if (same !== undefined) students.set(id, same);
  }
  for (const student of onOneRow(said, students)) {
    const value = `${said.text('student_first_name', student)} ${said.text('student_last_name', student)}`;
    const subject = said.table('student_email').value(student);
    marks
      .add({ code: 'TEACHER_AS_STUDENT', column: 'student_last_name', value, subject })
      .on('student', student);
  }
}

function teachersByName(said: Said) {
  const byName = new Map<string, number[]>();
  const firsts = new Set<string>();
  const lasts = new Set<string>();
  for (let id = 0; id < said.table('teacher_email').size(); id++) {
    const first = said.attribute('teacher_first_name', id);
    const last = said.attribute('teacher_last_name', id);
    if (first < 0 || last < 0) continue;
    const a = said.folded('teacher_first_name', first);
    const b = said.folded('teacher_last_name', last);
    firsts.add(a);
    lasts.add(b);
    const name = `${a} ${b}`;
    const others = byName.get(name);
    if (others === undefined) byName.set(name, [id]);
    else others.push(id);
  }
  return { byName, firsts, lasts };
}

/** Of the distinct names of students, those that a teacher has, folded. */
function namesOf(said: Said, column: Attribute, wanted: ReadonlySet<string>): Map<number, string> {
  const found = new Map<number, string>();
  for (let id = 0; id < said.table(column).size(); id++) {
    const name = said.folded(column, id);
    if (wanted.has(name)) found.set(id, name);
  }
  return found;
}

/** Those who stand on a row with one of these teachers. */
function onOneRow(said: Said, students: ReadonlyMap<number, readonly number[]>): Set<number> {
  const found = new Set<number>();
  if (students.size === 0) return found;
  const { rows } = said;
  // One byte a student: most rows ask in vain, and a Map is slow to say no.
  const isAsked = new Uint8Array(said.table('student_email').size());
  for (const student of students.keys()) isAsked[student] = 1;
  for (let row = 0; row < rows.line.length; row++) {
    const student = rows.student.get(row);
    if (isAsked[student] !== 1) continue;
    if (students.get(student)?.includes(rows.teacher.get(row))) found.add(student);
  }
  return found;
}
