/**
 * What the staged file says, as temporary tables with one row a key: `file_schools`,
 * `file_teachers`, `file_classes`, `file_students`, `file_class_teachers`, `file_enrollments`.
 * `accepted`: some accepted row has the key, so it is to be there. `contested`: a rejected row
 * says something else about it, so an active one keeps the attributes that it has.
 */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { first, run } from '../sql.js';

/** @throws StoreError STAGED_CONFLICT if the reader accepted rows that contradict each other */
export async function tellFile(trx: Db, table: string, districtKey: number): Promise<void> {
  await groupRows(trx, table);
  await tellSchools(trx);
  await tellTeachers(trx);
  await tellClasses(trx);
  await tellStudents(trx, table);
  await refuseConflicts(trx);
  await tellClassTeachers(trx, districtKey);
  await tellEnrollments(trx, table, districtKey);
}

/** Rows of one school, class and teacher are many and alike: from here on there are far fewer. */
async function groupRows(trx: Db, table: string): Promise<void> {
  await run(
    trx,
    `create temp table file_groups on commit drop as
     select school_id, class_id, teacher_email, accepted,
            min(school_name) as school_lo, max(school_name) as school_hi,
            min(class_name) as class_lo, max(class_name) as class_hi,
            min(teacher_first_name) as first_lo, max(teacher_first_name) as first_hi,
            min(teacher_last_name) as last_lo, max(teacher_last_name) as last_hi
     from ${table} group by school_id, class_id, teacher_email, accepted`,
  );
  await run(trx, 'analyze file_groups');
}

/**
 * Columns for one attribute that comes as its smallest and largest value in each group: the
 * accepted value, and whether accepted rows (conflict) or all rows (contested) differ in it.
 * Nulls (unknown) differ from nothing.
 */
interface Attribute {
  readonly name: string;
  readonly lo: string;
  readonly hi: string;
}
const value = ({ name, lo }: Attribute) => `min(${lo}) filter (where accepted) as ${name}`;
const differs = (attributes: readonly Attribute[], among: string): string =>
  attributes
    .map(({ lo, hi }) => `coalesce(min(${lo}) ${among} <> max(${hi}) ${among}, false)`)
    .join(' or ');
const columns = (attributes: readonly Attribute[]): string => `
  bool_or(accepted) as accepted,
  ${attributes.map(value).join(', ')},
  ${differs(attributes, 'filter (where accepted)')} as conflict,
  ${differs(attributes, '')} as contested`;

async function tellSchools(trx: Db): Promise<void> {
  await run(
    trx,
    `create temp table file_schools on commit drop as
     select school_id, ${columns([{ name: 'name', lo: 'school_lo', hi: 'school_hi' }])}
     from file_groups where school_id is not null group by school_id`,
  );
  await run(trx, 'analyze file_schools');
}

async function tellTeachers(trx: Db): Promise<void> {
  await run(
    trx,
    `create temp table file_teachers on commit drop as
     select teacher_email as email, min(school_id) filter (where accepted) as school,
            ${columns([
              { name: 'first_name', lo: 'first_lo', hi: 'first_hi' },
              { name: 'last_name', lo: 'last_lo', hi: 'last_hi' },
            ])}
     from file_groups where teacher_email is not null group by teacher_email`,
  );
  await run(trx, 'analyze file_teachers');
}

async function tellClasses(trx: Db): Promise<void> {
  await run(
    trx,
    `create temp table file_classes on commit drop as
     select class_id, ${columns([
       { name: 'school_id', lo: 'school_id', hi: 'school_id' },
       { name: 'name', lo: 'class_lo', hi: 'class_hi' },
     ])}
     from file_groups where class_id is not null group by class_id`,
  );
  await run(trx, 'analyze file_classes');
}

const attribute = (name: string, column: string): Attribute => ({ name, lo: column, hi: column });

async function tellStudents(trx: Db, table: string): Promise<void> {
  await run(
    trx,
    `create temp table file_students on commit drop as
     select student_email as email, min(school_id) filter (where accepted) as school,
            ${columns([
              attribute('first_name', 'student_first_name'),
              attribute('last_name', 'student_last_name'),
              attribute('grade_level', 'student_grade_level'),
            ])}
     from ${table} where student_email is not null group by student_email`,
  );
  await run(trx, 'analyze file_students');
}

/** The reader rejects every row of a contradiction. If it let one pass, nothing is guessed. */
async function refuseConflicts(trx: Db): Promise<void> {
  const found = await first<{ conflicts: number }>(
    trx,
    `select ((select count(*) from file_schools where conflict)
           + (select count(*) from file_teachers where conflict)
           + (select count(*) from file_classes where conflict)
           + (select count(*) from file_students where conflict))::int as conflicts`,
  );
  if (!found?.conflicts) return;
  throw new StoreError(
    'STAGED_CONFLICT',
    `${found.conflicts} keys were accepted with contradicting rows; nothing was changed`,
  );
}

async function tellClassTeachers(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table file_class_teachers on commit drop as
     select f.class_id, f.teacher_email as email, c.key as class_key, t.key as teacher_key
     from (select distinct class_id, teacher_email from file_groups where accepted) f
     left join rollcall.classes c on c.district_key = ? and c.class_id = f.class_id
     left join rollcall.teachers t on t.district_key = ? and t.email = f.teacher_email`,
    [districtKey, districtKey],
  );
  await run(trx, 'analyze file_class_teachers');
}

async function tellEnrollments(trx: Db, table: string, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table file_enrollments on commit drop as
     select f.class_id, f.student_email as email, c.key as class_key, s.key as student_key
     from (select distinct class_id, student_email from ${table} where accepted) f
     left join rollcall.classes c on c.district_key = ? and c.class_id = f.class_id
     left join rollcall.students s on s.district_key = ? and s.email = f.student_email`,
    [districtKey, districtKey],
  );
  await run(trx, 'analyze file_enrollments');
}
