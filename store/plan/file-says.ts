/**
 * What the staged file says beside what the roster has, as temporary tables with one row a key:
 * `file_schools`, `file_teachers`, `file_classes`, `file_students`, `file_class_teachers`,
 * `file_enrollments`. `n` is the file's own number, `key` the roster's; a new thing gets its key
 * here, so that a plan can speak of it before it is there. `action` is what the plan will do, null
 * where nothing changes.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

/**
 * All but pairs. `table`: what the run has staged (staging-table.ts). Of a whole file no statistics
 * are made: what follows joins by hash whatever they say (state.ts). Of a difference they are,
 * for a few milliseconds, as there each join may be a loop.
 */
export async function tellThings(
  trx: Db,
  table: string,
  districtKey: number,
  of: 'whole' | 'difference',
): Promise<void> {
  await tellSchools(trx, table, districtKey);
  await tellPeople(trx, table, districtKey, 'teachers');
  await tellClasses(trx, table, districtKey);
  await tellPeople(trx, table, districtKey, 'students');
  if (of === 'whole') return;
  await run(trx, `analyze ${table}, file_schools, file_teachers, file_classes, file_students`);
}

/** Once it is known which things are the same under another key. */
export async function tellPairs(trx: Db, table: string): Promise<void> {
  await tellPairsOf(trx, table, 'class_teachers', 'teachers', 'teacher_key');
  await tellPairsOf(trx, table, 'enrollments', 'students', 'student_key');
}

const keyOf = (kind: string): string =>
  `coalesce(r.key, nextval(pg_get_serial_sequence('rollcall.${kind}', 'key'))) as key`;

const actionWhere = (changed: string): string =>
  `case when r.key is null then 'added' when not r.active then 'reactivated'
        when ${changed} then 'changed' end as action`;

async function tellSchools(trx: Db, table: string, districtKey: number): Promise<void> {
  await tell(
    trx,
    'schools',
    `select f.n, f.line, f.id as school_id, f.name, r.name as old_name, null::text as old_school_id, ${keyOf('schools')},
            ${actionWhere('f.name <> r.name')}
     from ${table} f
     left join rollcall.schools r on r.district_key = ? and r.school_id = f.id
     where f.kind = 's'`,
    districtKey,
  );
}

async function tellClasses(trx: Db, table: string, districtKey: number): Promise<void> {
  await tell(
    trx,
    'classes',
    `select f.n, f.line, f.id as class_id, f.name, s.key as school_key, s.school_id as school,
            r.name as old_name, r.school_key as old_school_key, null::text as old_class_id,
            ${keyOf('classes')},
            ${actionWhere('f.name <> r.name or s.key <> r.school_key')}
     from ${table} f
     join file_schools s on s.n = f.school
     left join rollcall.classes r on r.district_key = ? and r.class_id = f.id
     where f.kind = 'c'`,
    districtKey,
  );
}

/** A grade that the file does not say stays as it is; nobody knows a new student's. */
async function tellPeople(
  trx: Db,
  table: string,
  districtKey: number,
  kind: 'teachers' | 'students',
): Promise<void> {
  const graded = kind === 'students';
  await tell(
    trx,
    kind,
    `select f.n, f.line, f.id as email, f.name as first_name, f.last_name, s.school_id as school, f.schools,
            r.first_name as old_first_name, r.last_name as old_last_name, null::text as old_email,
            ${
              graded
                ? `coalesce(f.grade_level, r.grade_level, '') as grade_level,
                   r.grade_level as old_grade_level,`
                : ''
            }
            hashtextextended(f.id, 0) as digest, ${keyOf(kind)},
            ${actionWhere(
              `f.name <> r.first_name or f.last_name <> r.last_name
               ${graded ? 'or f.grade_level <> r.grade_level' : ''}`,
            )}
     from ${table} f
     join file_schools s on s.n = f.school
     left join rollcall.${kind} r on r.district_key = ? and r.email = f.id
     where f.kind = '${graded ? 'p' : 't'}'`,
    districtKey,
  );
}

async function tellPairsOf(
  trx: Db,
  table: string,
  pairs: string,
  people: string,
  who: string,
): Promise<void> {
  await run(
    trx,
    `create temp table file_${pairs} on commit drop as
     select c.key as class_key, p.key as ${who}, p.digest
     from (select n, unnest(${people}) as person from ${table} where kind = 'c') f
     join file_classes c on c.n = f.n
     join file_${people} p on p.n = f.person`,
  );
}

async function tell(trx: Db, kind: string, says: string, districtKey: number): Promise<void> {
  await run(trx, `create temp table file_${kind} on commit drop as ${says}`, [districtKey]);
}
