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

/**
 * One rule a line: rows of the table are kept whose `keys` are among those that `by` yields, with the
 * first line of the file that says so; without keys, all of them. Pairs come first.
 */
type Rule = readonly [absent: Absent, keys: readonly string[], by: string, only?: string];

const RULES: readonly Rule[] = [
  ...pairs('absent_enrollments', 'student'),
  ...pairs('absent_class_teachers', 'teacher'),

  ['absent_classes', [], frozen('classes')],
  ['absent_classes', ['key'], `select class_key as key, line from lost`],
  [
    'absent_classes',
    ['key'],
    `select class_key as key, line from absent_enrollments where kept
     union all select class_key, line from absent_class_teachers where kept`,
  ],
  [
    'absent_classes',
    ['key'],
    `select c.class_key as key, l.line from classes_now c join lost l using (school_key)
     where l.class_id is null and not l.person_has_classes`,
  ],

  ...people('absent_students', 'students', 'absent_enrollments', 'enrollments', 'student'),
  ...people('absent_teachers', 'teachers', 'absent_class_teachers', 'class_teachers', 'teacher'),

  ['absent_schools', [], frozen('schools')],
  ['absent_schools', ['key'], `select school_key as key, line from lost`],
  [
    'absent_schools',
    ['key'],
    `select c.school_key as key, k.line from absent_classes k
     join classes_now c on c.class_key = k.key where k.kept`,
  ],
  // A rejected row may keep a class where it is, though accepted rows move it.
  [
    'absent_schools',
    ['key'],
    `select c.school_key as key, l.line from lost l join classes_now c on c.class_key = l.class_key`,
  ],
  ['absent_schools', ['key'], schoolsOf('enrollments', 'student_key')],
  ['absent_schools', ['key'], schoolsOf('class_teachers', 'teacher_key')],
];

function frozen(kind: string): string {
  return `select line from frozen where kind = '${kind}'`;
}

function pairs(absent: Absent, who: 'student' | 'teacher'): readonly Rule[] {
  return [
    [absent, [], frozen(`${who}s`)],
    [absent, ['class_key', `${who}_key`], `select class_key, ${who}_key, line from lost`],
    [absent, ['class_key'], `select class_key, line from lost where ${who}_email is null`],
    [absent, [`${who}_key`], `select ${who}_key, line from lost where class_id is null`],
    [
      absent,
      ['class_key'],
      `select c.class_key, l.line from classes_now c join lost l using (school_key)
       where l.${who}_email is null and not l.class_has_${who}s`,
    ],
  ];
}

function people(
  absent: Absent,
  table: string,
  absentPairs: Absent,
  pairs: string,
  who: 'student' | 'teacher',
): readonly Rule[] {
  return [
    [absent, [], frozen(table)],
    [absent, ['key'], `select ${who}_key as key, line from lost`],
    [absent, ['key'], `select ${who}_key as key, line from ${absentPairs} where kept`],
    [
      absent,
      ['key'],
      `select p.key, l.line from rollcall.${table} p
       join lost l on (l.${who}_first, l.${who}_last) = (p.first_name, p.last_name)
                  and l.district_key = p.district_key`,
    ],
    [
      absent,
      [],
      `select line from lost where ${who}_email is null`,
      `not exists (select from rollcall.${pairs} p where p.${who}_key = a.key and p.active)`,
    ],
  ];
}

/** Where the school id is lost and the class is of no help: the schools of that person's classes. */
function schoolsOf(pairs: string, who: string): string {
  return `select c.school_key as key, l.line from lost l
    join rollcall.${pairs} p on p.${who} = l.${who} and p.active
    join classes_now c on c.class_key = p.class_key
    where l.school_id is null and not l.class_known`;
}

/** Marks `kept`, and the `line` because of which, in the tables of absent.ts. `table` holds the run's rejected rows. */
export async function protectAbsent(trx: Db, table: string, districtKey: number): Promise<void> {
  const some = await first<{ some: boolean }>(trx, `select exists (select from ${table}) as some`);
  if (!some?.some) return;
  await tellRejectedRows(trx, table, districtKey);
  for (const [absent, keys, by, only = 'true'] of RULES) {
    const names = keys.map((key) => `${key}, `).join('');
    const first = `select ${names}min(line) as line from (${by}) one
      ${keys.length === 0 ? 'having count(*) > 0' : `group by ${keys.join(', ')}`}`;
    await run(
      trx,
      `update ${absent} a set kept = true, line = x.line from (${first}) x
       where not a.kept and ${[only, ...keys.map((key) => `a.${key} = x.${key}`)].join(' and ')}`,
    );
  }
}
