/** The sample district one night later: what a school week does to a roster. */
import type { Model, SchoolClass, Student } from './model.js';
import { STAFF_DOMAIN, STUDENT_DOMAIN, firstDay } from './first-day.js';

/** Draws without putting back, always the same ones: every so many of the list. */
const everySo = <T>(list: readonly T[], step: number, offset: number, count: number): T[] =>
  list.filter((_, n) => n % step === offset).slice(0, count);

export const LEAVERS = 8;
export const JOINERS = 7;

/** Joins, leavers, renames, moves, another teacher, a new class; less than 10% leave. */
export function nextNight(): Model {
  const { model, more } = firstDay();
  const schools = new Map(model.schools);
  const teachers = new Map(model.teachers);
  const students = new Map(model.students);
  const classes = new Map(model.classes);
  const all = [...model.students.values()];

  const setMembers = (id: string, members: readonly string[]): void => {
    classes.set(id, { ...classes.get(id)!, students: members });
  };
  const withdraw = (email: string): void => {
    for (const { id, students: members } of classes.values()) {
      if (members.includes(email)) {
        setMembers(
          id,
          members.filter((member) => member !== email),
        );
      }
    }
  };
  const enter = (email: string, target: readonly SchoolClass[]): void => {
    for (const { id } of target) setMembers(id, [...classes.get(id)!.students, email]);
  };
  /** The classes of one grade's first section in one school. */
  const classesOf = (school: string, grade: string): SchoolClass[] => {
    const example = [...model.classes.values()].find(
      (one) => one.school === school && model.students.get(one.students[0]!)!.grade === grade,
    )!;
    return [...model.classes.values()].filter((one) => one.students[0] === example.students[0]);
  };
  const change = (student: Student, to: Partial<Student>): void => {
    students.set(student.email, { ...student, ...to });
  };

  for (const { email } of everySo(all, 47, 20, LEAVERS)) {
    withdraw(email);
    students.delete(email);
  }
  const joined = [
    ...(['K', '2', '4', '5'] as const).map((grade) => ['0101', grade] as const),
    ['0102', '7'] as const,
    ['0201', '6'] as const,
    ['0301', '9'] as const,
  ];
  for (const [school, grade] of joined.slice(0, JOINERS)) {
    const student = { ...more.next(STUDENT_DOMAIN), grade };
    students.set(student.email, student);
    enter(student.email, classesOf(school, grade));
  }
  // A family moves across town: same children, same addresses, another school.
  const movers = all.filter(({ grade }, n) => (grade === '2' || grade === '4') && n < 110);
  for (const { email, grade } of everySo(movers, 9, 3, 3)) {
    if (!students.has(email)) continue;
    withdraw(email);
    enter(email, classesOf('0102', grade));
  }
  // Names change and grades are put right.
  const [adopted, hyphened, corrected] = everySo(all, 101, 33, 3) as [Student, Student, Student];
  change(adopted, { last: 'Everhart' });
  change(hyphened, { last: `${hyphened.last}-Lindgren` });
  change(corrected, { first: 'Zoë-Marie' });
  const promoted = all.find(({ grade }, n) => grade === '6' && n > 200)!;
  change(promoted, { grade: '7' });

  const married = [...model.teachers.values()][4]!;
  teachers.set(married.email, { ...married, last: `${married.last}-Ashgrove` });

  // A teacher on leave: somebody new takes over one of the biology classes.
  const biology = [...model.classes.values()].find(({ name }) => name.startsWith('Biology'))!;
  const substitute = more.next(STAFF_DOMAIN);
  teachers.set(substitute.email, substitute);
  classes.set(biology.id, { ...classes.get(biology.id)!, teachers: [substitute.email] });

  const english = [...model.classes.values()].find(({ name }) => name.startsWith('English 11'))!;
  classes.set(english.id, { ...classes.get(english.id)!, name: 'World Literature, Period 1' });

  const science8 = [...classes.values()].find(
    ({ school, name }) => school === '0201' && name.startsWith('Science 8'),
  )!;
  classes.set('0201901', {
    id: '0201901',
    name: 'Robotics "Gears & Co."',
    school: '0201',
    teachers: [science8.teachers[0]!],
    students: science8.students.slice(0, 9),
  });
  schools.set('0009', 'The "Little Red" Schoolhouse & Garden');
  return { schools, teachers, students, classes };
}
