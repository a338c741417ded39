/** Students who have the name of a teacher of their own class: typed into the wrong columns, perhaps. */
import type { Marks } from './marks.js';
import type { Attribute, Said } from './said.js';

export function markTeachersAsStudents(said: Said, marks: Marks): void {
  const teachers = teachersByName(said);
  const known = {
    first: namesOf(said, 'student_first_name', teachers.firsts),
    last: namesOf(said, 'student_last_name', teachers.lasts),
  };
  const size = said.table('student_email').size();
  /** By the number of a student: teachers of that name. */
  const students: (readonly number[] | undefined)[] = Array.from({ length: size });
  const met = new Map<number, readonly number[] | undefined>();
  let hasAny = false;
  for (let id = 0; id < size; id++) {
    const firstId = said.attribute('student_first_name', id);
    const lastId = said.attribute('student_last_name', id);
    const first = known.first.get(firstId);
    const last = known.last.get(lastId);
    if (first === undefined || last === undefined) continue;
    // Many have the same name. Exact: both are below 2^26, and a double holds integers up to 2^53.
    const name = firstId * 67_108_864 + lastId;
    const done = met.get(name);
    const same = done ?? teachers.byName.get(`${first} ${last}`);
    if (same === undefined) continue;
    if (done === undefined) met.set(name, same);
    students[id] = same;
    hasAny = true;
  }
  if (!hasAny) return;
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
function onOneRow(
  { rows }: Said,
  students: readonly (readonly number[] | undefined)[],
): Set<number> {
  const found = new Set<number>();
  for (let row = 0; row < rows.line.length; row++) {
    const student = rows.student.get(row);
    if (student < 0) continue;
    const teachers = students[student];
    if (teachers !== undefined && teachers.includes(rows.teacher.get(row))) found.add(student);
  }
  return found;
}
