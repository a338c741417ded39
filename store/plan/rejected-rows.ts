/**
 * What is known about the rejected rows, as temporary tables: `rejected` (the different ones, with
 * the roster's keys), `classes_now`, `lost` (how far each leads in the roster) and `frozen`.
 * protect.ts says what follows from them.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export async function tellRejectedRows(trx: Db, table: string, districtKey: number): Promise<void> {
  await tellRejected(trx, table, districtKey);
  await tellClassesNow(trx, districtKey);
  await tellLost(trx, districtKey);
  await tellFreeze(trx);
}

/** The different rejected rows, with the roster's keys of what they name. */
async function tellRejected(trx: Db, table: string, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table rejected on commit drop as
     select r.*, ?::int as district_key, s.key as school_key, t.key as teacher_key, c.key as class_key, p.key as student_key
     from (
       select min(line) as line, school_id, teacher_email, class_id, student_email,
              case when student_email is null then student_first_name end as student_first,
              case when student_email is null then student_last_name end as student_last,
              case when teacher_email is null then teacher_first_name end as teacher_first,
              case when teacher_email is null then teacher_last_name end as teacher_last
       from ${table} group by 2, 3, 4, 5, 6, 7, 8, 9
     ) r
     left join rollcall.schools s on s.district_key = ? and s.school_id = r.school_id
     left join rollcall.teachers t on t.district_key = ? and t.email = r.teacher_email
     left join rollcall.classes c on c.district_key = ? and c.class_id = r.class_id
     left join rollcall.students p on p.district_key = ? and p.email = r.student_email`,
    [districtKey, districtKey, districtKey, districtKey, districtKey],
  );
  await run(trx, 'analyze rejected');
}

/** The active classes, and whether the roster knows anybody in them. */
async function tellClassesNow(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table classes_now on commit drop as
     select c.key as class_key, c.school_key, e.class_key is not null as has_students,
            t.class_key is not null as has_teachers
     from rollcall.classes c
     left join (select distinct class_key from rollcall.enrollments
                where district_key = ? and active) e on e.class_key = c.key
     left join (select distinct class_key from rollcall.class_teachers
                where district_key = ? and active) t on t.class_key = c.key
     where c.district_key = ? and c.active`,
    [districtKey, districtKey, districtKey],
  );
  await run(trx, 'analyze classes_now');
}

/** How far each rejected row leads in the roster. */
async function tellLost(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table lost on commit drop as
     select r.*,
            coalesce(c.has_students, false) as class_has_students,
            coalesce(c.has_teachers, false) as class_has_teachers,
            c.class_key is not null as class_known,
            coalesce(s.has_students, false) as school_has_students,
            coalesce(s.has_teachers, false) as school_has_teachers,
            s.school_key is not null as school_has_classes,
            (e.student_key is not null or t.teacher_key is not null) as person_has_classes
     from rejected r
     left join classes_now c on c.class_key = r.class_key
     left join (select school_key, bool_or(has_students) as has_students,
                       bool_or(has_teachers) as has_teachers
                from classes_now group by school_key) s on s.school_key = r.school_key
     left join (select distinct student_key from rollcall.enrollments
                where district_key = ? and active) e on e.student_key = r.student_key
     left join (select distinct teacher_key from rollcall.class_teachers
                where district_key = ? and active) t on t.teacher_key = r.teacher_key`,
    [districtKey, districtKey],
  );
  await run(trx, 'analyze lost');
}

/** `frozen` (kind, line): kinds that stay as a whole, as nothing narrows down what a lost cell named. */
async function tellFreeze(trx: Db): Promise<void> {
  const kinds = {
    students: 'student_email is null and not class_has_students and not school_has_students',
    teachers: 'teacher_email is null and not class_has_teachers and not school_has_teachers',
    classes: 'class_id is null and not person_has_classes and not school_has_classes',
    schools: 'school_id is null and not class_known and not person_has_classes',
  };
  const everything = `(class_id is null and school_id is null
    and (student_email is null or teacher_email is null))`;
  const frozen = Object.entries(kinds).map(
    ([kind, lost]) => `
      select '${kind}' as kind, min(line) as line from lost where ${everything} or (${lost})
      having count(*) > 0`,
  );
  await run(trx, `create temp table frozen on commit drop as ${frozen.join(' union all ')}`);
}
