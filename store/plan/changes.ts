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

/** @returns how many changes there are */
export async function writeChanges(trx: Db, target: PlanTarget): Promise<number> {
  let seq = await write(trx, target, 0, 'schools', SCHOOLS);
  seq = await write(trx, target, seq, 'teachers', people('teachers', 'class_teachers', 'teacher'));
  seq = await write(trx, target, seq, 'classes', CLASSES);
  seq = await write(
    trx,
    target,
    seq,
    'classTeachers',
    pairs('teachers', 'class_teachers', 'teacher'),
  );
  seq = await write(trx, target, seq, 'students', people('students', 'enrollments', 'student'));
  return write(trx, target, seq, 'enrollments', pairs('students', 'enrollments', 'student'));
}

/** `changes` yields (action, key, other, school, old, new) and takes :district as d.key. */
async function write(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  after: number,
  kind: string,
  changes: string,
): Promise<number> {
  const written = await run(
    trx,
    `with d as (select ?::int as key), c as (${changes})
     insert into rollcall.plan_changes
       (district_key, run, seq, kind, action, key, other, school, old, new)
     select d.key, ?::int, ?::int + row_number() over (order by c.key, c.other), ?::text, c.*
     from c cross join d
     order by c.key, c.other`,
    [districtKey, number, after, kind],
  );
  return after + written;
}

const ACTION = `case when r.key is null then 'added' when not r.active then 'reactivated'
                     else 'changed' end`;

const SCHOOLS = `
  select ${ACTION} as action, f.school_id as key, null as other, f.school_id as school,
         case when r.key is not null then jsonb_build_object('name', r.name) end as old,
         jsonb_build_object('name', f.name) as new
  from file_schools f cross join d
  left join rollcall.schools r on r.district_key = d.key and r.school_id = f.school_id
  where f.accepted and (r.key is null or not r.active or (not f.contested and f.name <> r.name))
  union all
  select 'deactivated', r.school_id, null, r.school_id, jsonb_build_object('name', r.name), null
  from absent_schools a join rollcall.schools r on r.key = a.key where not a.kept`;

const CLASSES = `
  select ${ACTION} as action, f.class_id as key, null as other, f.school_id as school,
         case when r.key is not null
              then jsonb_build_object('name', r.name, 'school_id', s.school_id) end as old,
         jsonb_build_object('name', f.name, 'school_id', f.school_id) as new
  from file_classes f cross join d
  left join rollcall.classes r on r.district_key = d.key and r.class_id = f.class_id
  left join rollcall.schools s on s.key = r.school_key
  where f.accepted and (r.key is null or not r.active
    or (not f.contested and (f.name, f.school_id) is distinct from (r.name, s.school_id)))
  union all
  select 'deactivated', r.class_id, null, s.school_id,
         jsonb_build_object('name', r.name, 'school_id', s.school_id), null
  from absent_classes a join rollcall.classes r on r.key = a.key
  join rollcall.schools s on s.key = r.school_key where not a.kept`;

/** A grade that the file does not say stays as it is; nobody knows a new student's. */
function people(table: string, pairTable: string, who: 'teacher' | 'student'): string {
  const graded = who === 'student';
  const attributes = (names: string, grade: string): string =>
    `jsonb_build_object('first_name', ${names}.first_name, 'last_name', ${names}.last_name
       ${graded ? `, 'grade_level', ${grade}` : ''})`;
  const newGrade = `coalesce(f.grade_level, r.grade_level, '')`;
  return `
  select ${ACTION} as action, f.email as key, null as other, f.school,
         case when r.key is not null then ${attributes('r', 'r.grade_level')} end as old,
         ${attributes('f', newGrade)} as new
  from file_${table} f cross join d
  left join rollcall.${table} r on r.district_key = d.key and r.email = f.email
  where f.accepted and (r.key is null or not r.active or (not f.contested and (
    f.first_name <> r.first_name or f.last_name <> r.last_name
    ${graded ? `or f.grade_level <> r.grade_level` : ''})))
  union all
  select 'deactivated', r.email, null, w.school, ${attributes('r', 'r.grade_level')}, null
  from absent_${table} a join rollcall.${table} r on r.key = a.key
  left join (
    select p.${who}_key, min(s.school_id) as school from absent_${pairTable} p
    join rollcall.classes c on c.key = p.class_key join rollcall.schools s on s.key = c.school_key
    group by p.${who}_key) w on w.${who}_key = a.key
  where not a.kept`;
}

function pairs(table: string, pairTable: string, who: 'teacher' | 'student'): string {
  return `
  select case when r.class_key is null then 'added' else 'reactivated' end as action,
         f.class_id as key, f.email as other, c.school_id as school,
         null::jsonb as old, null::jsonb as new
  from file_${pairTable} f cross join d
  join file_classes c on c.class_id = f.class_id
  left join rollcall.${pairTable} r on r.district_key = d.key
        and r.class_key = f.class_key and r.${who}_key = f.${who}_key
  where r.class_key is null or not r.active
  union all
  select 'deactivated', c.class_id, p.email, s.school_id, null, null
  from absent_${pairTable} a
  join rollcall.classes c on c.key = a.class_key join rollcall.schools s on s.key = c.school_key
  join rollcall.${table} p on p.key = a.${who}_key
  where not a.kept`;
}
