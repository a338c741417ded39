/**
 * Writes the plan's changes: the difference between what the file says and the roster, less what
 * is kept. Numbered through in a fixed order (kind by kind, keys byte by byte), so that the same
 * difference always gives the same list.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export interface PlanTarget {
  readonly districtKey: number;
  readonly run: number;
}

export async function writeChanges(trx: Db, target: PlanTarget): Promise<void> {
  let seq = await write(trx, target, 0, 'schools', SCHOOLS);
  seq = await write(trx, target, seq, 'teachers', people('teachers', 'class_teachers', 'teacher'));
  seq = await write(trx, target, seq, 'classes', CLASSES);
  await write(trx, target, seq, 'students', people('students', 'enrollments', 'student'));
  await writePairs(trx, target, 'classTeachers', 'class_teachers', 'teachers', 'teacher_key');
  await writePairs(trx, target, 'enrollments', 'enrollments', 'students', 'student_key');
}

/**
 * `changes` yields (action, entity, key, school, old, new, line).
 * @returns the number of the last change
 */
async function write(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  after: number,
  kind: string,
  changes: string,
): Promise<number> {
  const written = await run(
    trx,
    `insert into rollcall.plan_changes
       (district_key, run, seq, kind, action, entity, key, school, old, new, line)
     select ?::int, ?::int, ?::int + row_number() over (order by c.key), ?::text, c.*
     from (${changes}) c order by c.key`,
    [districtKey, number, after, kind],
  );
  return after + written;
}

/** Attributes, and the natural key where that is what changes. */
const withKey = (attributes: string, key: string, value: string): string =>
  `${attributes} || case when f.old_${key} is null then '{}'::jsonb
                         else jsonb_build_object('${key}', ${value}) end`;

const SCHOOLS = `
  select f.action, f.key as entity, f.school_id as key, f.school_id as school,
         case when f.action <> 'added'
              then ${withKey("jsonb_build_object('name', f.old_name)", 'school_id', 'f.old_school_id')} end as old,
         ${withKey("jsonb_build_object('name', f.name)", 'school_id', 'f.school_id')} as new,
         f.line
  from file_schools f where f.action is not null
  union all
  select 'deactivated', r.key, r.school_id, r.school_id, jsonb_build_object('name', r.name), null, null
  from absent_schools a join rollcall.schools r on r.key = a.key where not a.kept`;

const CLASSES = `
  select f.action, f.key as entity, f.class_id as key, f.school,
         case when f.action <> 'added'
              then ${withKey("jsonb_build_object('name', f.old_name, 'school_id', s.school_id)", 'class_id', 'f.old_class_id')} end as old,
         ${withKey("jsonb_build_object('name', f.name, 'school_id', f.school)", 'class_id', 'f.class_id')} as new,
         f.line
  from file_classes f left join rollcall.schools s on s.key = f.old_school_key
  where f.action is not null
  union all
  select 'deactivated', r.key, r.class_id, s.school_id,
         jsonb_build_object('name', r.name, 'school_id', s.school_id), null, null
  from absent_classes a join rollcall.classes r on r.key = a.key
  join rollcall.schools s on s.key = r.school_key where not a.kept`;

function people(table: string, pairTable: string, who: 'teacher' | 'student'): string {
  const attributes = (names: string, prefix = ''): string =>
    `jsonb_build_object('first_name', ${names}.${prefix}first_name,
                        'last_name', ${names}.${prefix}last_name
       ${who === 'student' ? `, 'grade_level', ${names}.${prefix}grade_level` : ''})`;
  return `
  select f.action, f.key as entity, f.email as key, f.school,
         case when f.action <> 'added'
              then ${withKey(attributes('f', 'old_'), 'email', 'f.old_email')} end as old,
         ${withKey(attributes('f'), 'email', 'f.email')} as new,
         f.line
  from file_${table} f where f.action is not null
  union all
  select 'deactivated', r.key, r.email, w.school, ${attributes('r')}, null, null
  from absent_${table} a join rollcall.${table} r on r.key = a.key
  left join (
    select p.${who}_key, min(s.school_id) as school from absent_${pairTable} p
    join rollcall.classes c on c.key = p.class_key join rollcall.schools s on s.key = c.school_key
    group by p.${who}_key) w on w.${who}_key = a.key
  where not a.kept`;
}

/**
 * Who comes into which class and who leaves it: one row a class and action, with people's keys.
 * `digest` stands for their addresses in the plan's hash, as a new person's key is a mere number.
 */
async function writePairs(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  kind: string,
  pairs: string,
  people: string,
  who: string,
): Promise<void> {
  await run(
    trx,
    `insert into rollcall.plan_pairs
       (district_key, run, kind, action, class_key, class_id, school, people, digest)
     select ?::int, ?::int, ?::text, g.action, g.class_key, coalesce(f.class_id, c.class_id),
            coalesce(f.school, s.school_id), g.people, g.digest
     from (
       select action, class_key, array_agg(person) as people, bit_xor(digest) as digest
       from (
         select case when r.class_key is null then 'added' else 'reactivated' end as action,
                p.class_key, p.${who} as person, p.digest
         from file_${pairs} p
         left join rollcall.${pairs} r on r.district_key = ? and r.class_key = p.class_key
                                      and r.${who} = p.${who}
         where r.class_key is null or not r.active
         union all
         select 'deactivated', a.class_key, a.${who}, hashtextextended(p.email, 0)
         from absent_${pairs} a join rollcall.${people} p on p.key = a.${who} where not a.kept
       ) one group by action, class_key
     ) g
     left join file_classes f on f.key = g.class_key and g.action <> 'deactivated'
     left join rollcall.classes c on c.key = g.class_key
     left join rollcall.schools s on s.key = c.school_key`,
    [districtKey, number, kind, districtKey],
  );
}
