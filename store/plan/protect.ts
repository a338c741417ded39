/**
 * The safety of the product: a rejected row is not an absent row.
 *
 * A rejected row describes a school, a teacher, a class, a student, that the teacher has the
 * class and that the student is in it. None of those may be deactivated because of that row.
 * What can be read of it is kept; where a cell is lost, everything that it may have named:
 *
 * | lost            | kept, as far as the roster knows it                                      |
 * |-----------------|--------------------------------------------------------------------------|
 * | student's email | the enrolments of that class, and who is enrolled there                  |
 * | … class unknown | the enrolments of that school, and who is enrolled there                 |
 * | … school unknown| all enrolments and all students                                          |
 * | teacher's email | the same with the class's, then the school's teachers                    |
 * | class id        | the student's enrolments and the teacher's classes, and those classes    |
 * | … both unknown  | the classes of that school; if that is unknown, too, all classes         |
 * | school id       | the class's present school; of an unknown class, the schools of the      |
 * |                 | student's and the teacher's classes; if there are none, all schools      |
 * | email, class id and school id | everything: nothing at all is deactivated in this run      |
 *
 * "Unknown" is lost, or not (or no longer) in the roster: a new class says nothing about whom a
 * lost email meant. Beyond that a lost email keeps people of the same first and last name, if
 * those can be read, and people who are in no class at all, of whom nothing better is known.
 *
 * Last, what a kept thing needs stays with it: a kept enrolment keeps its class and its student,
 * a kept class its school. What is not absent needs no keeping, so only absent rows are marked.
 */
import type { Db } from '../db.js';
import { first, run } from '../sql.js';
import { tellRejectedRows } from './rejected-rows.js';

type Absent =
  | 'absent_enrollments'
  | 'absent_class_teachers'
  | 'absent_classes'
  | 'absent_students'
  | 'absent_teachers'
  | 'absent_schools';

/** One rule a line: rows `a` of that table for which it holds are kept. Pairs come first. */
const RULES: readonly (readonly [Absent, string])[] = [
  ['absent_enrollments', `exists (select from frozen where students)`],
  ['absent_enrollments', `(class_key, student_key) in (select class_key, student_key from lost)`],
  ['absent_enrollments', `class_key in (select class_key from lost where student_email is null)`],
  ['absent_enrollments', `student_key in (select student_key from lost where class_id is null)`],
  [
    'absent_enrollments',
    `class_key in (select c.class_key from classes_now c join lost l using (school_key)
                   where l.student_email is null and not l.class_has_students)`,
  ],

  ['absent_class_teachers', `exists (select from frozen where teachers)`],
  [
    'absent_class_teachers',
    `(class_key, teacher_key) in (select class_key, teacher_key from lost)`,
  ],
  [
    'absent_class_teachers',
    `class_key in (select class_key from lost where teacher_email is null)`,
  ],
  ['absent_class_teachers', `teacher_key in (select teacher_key from lost where class_id is null)`],
  [
    'absent_class_teachers',
    `class_key in (select c.class_key from classes_now c join lost l using (school_key)
                   where l.teacher_email is null and not l.class_has_teachers)`,
  ],

  ['absent_classes', `exists (select from frozen where classes)`],
  ['absent_classes', `key in (select class_key from lost)`],
  ['absent_classes', `key in (select class_key from absent_enrollments where kept)`],
  ['absent_classes', `key in (select class_key from absent_class_teachers where kept)`],
  [
    'absent_classes',
    `key in (select c.class_key from classes_now c join lost l using (school_key)
             where l.class_id is null and not l.person_has_classes)`,
  ],

  ...people('absent_students', 'students', 'absent_enrollments', 'enrollments', 'student'),
  ...people('absent_teachers', 'teachers', 'absent_class_teachers', 'class_teachers', 'teacher'),

  ['absent_schools', `exists (select from frozen where schools)`],
  ['absent_schools', `key in (select school_key from lost)`],
  [
    'absent_schools',
    `key in (select c.school_key from absent_classes k join classes_now c on c.class_key = k.key
             where k.kept)`,
  ],
  // A rejected row may keep a class where it is, though accepted rows move it.
  [
    'absent_schools',
    `key in (select c.school_key from lost l join classes_now c on c.class_key = l.class_key)`,
  ],
  ['absent_schools', schoolsOf('enrollments', 'student_key')],
  ['absent_schools', schoolsOf('class_teachers', 'teacher_key')],
];

function people(
  absent: Absent,
  table: string,
  absentPairs: Absent,
  pairs: string,
  who: 'student' | 'teacher',
): readonly (readonly [Absent, string])[] {
  return [
    [absent, `exists (select from frozen where ${table})`],
    [absent, `key in (select ${who}_key from lost)`],
    [absent, `key in (select ${who}_key from ${absentPairs} where kept)`],
    [
      absent,
      `key in (select p.key from rollcall.${table} p
               join lost l on (l.${who}_first, l.${who}_last) = (p.first_name, p.last_name)
                          and l.district_key = p.district_key)`,
    ],
    [
      absent,
      `exists (select from lost where ${who}_email is null)
       and not exists (select from rollcall.${pairs} p where p.${who}_key = a.key and p.active)`,
    ],
  ];
}

/** Where the school id is lost and the class is of no help: the schools of that person's classes. */
function schoolsOf(pairs: string, who: string): string {
  return `key in (
    select c.school_key from lost l
    join rollcall.${pairs} p on p.${who} = l.${who} and p.active
    join classes_now c on c.class_key = p.class_key
    where l.school_id is null and not l.class_known)`;
}

/** Marks `kept` in the tables of absent.ts. `table` holds the run's rejected rows. */
export async function protectAbsent(trx: Db, table: string, districtKey: number): Promise<void> {
  const some = await first<{ some: boolean }>(trx, `select exists (select from ${table}) as some`);
  if (!some?.some) return;
  await tellRejectedRows(trx, table, districtKey);
  for (const [absent, rule] of RULES) {
    await run(trx, `update ${absent} a set kept = true where not kept and ${rule}`);
  }
}
