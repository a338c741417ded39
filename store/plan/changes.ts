/**
 * Writes the plan's changes: the difference between what the file says and the roster, less what
 * is kept. Numbered through in a fixed order (kind by kind, keys byte by byte, or, where all is new,
 * as the file has them), so that the same difference always gives the same list.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export interface PlanTarget {
  readonly districtKey: number;
  readonly run: number;
}

/** More than a file can have of anything (roster/reading/pairs.ts). */
export const NUMBERS = 2 ** 26;

export async function writeChanges(trx: Db, target: PlanTarget): Promise<void> {
  await writeThings(trx, target);
  await writePairs(trx, target, 'classTeachers', 'class_teachers', 'teachers', 'teacher_key');
  await writePairs(trx, target, 'enrollments', 'enrollments', 'students', 'student_key');
}

type Things = 'schools' | 'teachers' | 'classes' | 'students';

/**
 * All but pairs. @returns how many changes there are of each kind
 * @param base where all is new: keys less this are the file's numbers, and give the order at once
 */
export async function writeThings(
  trx: Db,
  target: PlanTarget,
  base: number | null = null,
): Promise<Readonly<Record<Things, number>>> {
  const of = BigInt(target.districtKey);
  const all: readonly (readonly [Things, string])[] = [
    ['schools', schoolChanges(of)],
    ['teachers', people(of, 'teachers', 'class_teachers', 'teacher')],
    ['classes', classChanges(of)],
    ['students', people(of, 'students', 'enrollments', 'student')],
  ];
  const written = { schools: 0, teachers: 0, classes: 0, students: 0 };
  let after = 0;
  for (const [kind, changes] of all) {
    written[kind] = await write(trx, target, { after, base }, kind, changes);
    after += base === null ? written[kind] : NUMBERS;
  }
  return written;
}

/**
 * `changes` yields (action, entity, key, school, old, new, line). That they tell the district again,
 * as a number, has the tables of all others left out (migration 025).
 */
function write(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  { after, base }: { readonly after: number; readonly base: number | null },
  kind: Things,
  changes: string,
): Promise<number> {
  const [seq, order] =
    base === null
      ? ['row_number() over (order by c.key)', 'order by c.key']
      : [`(c.entity - ${BigInt(base)})::int + 1`, ''];
  return run(
    trx,
    `insert into rollcall.plan_changes
       (district_key, run, seq, kind, action, entity, key, school, old, new, line)
     select ?::int, ?::int, ?::int + ${seq}, ?::text, c.* from (${changes}) c ${order}`,
    [districtKey, number, after, kind],
  );
}

/** Of texts; half of what `jsonb_build_object` takes, which asks for the type of each. */
const object = (values: Readonly<Record<string, string>>): string =>
  `jsonb_object(array[${Object.entries(values)
    .map(([name, value]) => `'${name}', ${value}`)
    .join(', ')}])`;

/** Attributes, and the natural key where that is what changes. */
const withKey = (attributes: Readonly<Record<string, string>>, key: string, value: string) =>
  `case when f.old_${key} is null then ${object(attributes)}
        else ${object({ ...attributes, [key]: value })} end`;

const schoolChanges = (district: bigint): string => `
  select f.action, f.key as entity, f.school_id as key, f.school_id as school,
         case when f.action <> 'added'
              then ${withKey({ name: 'f.old_name' }, 'school_id', 'f.old_school_id')} end as old,
         ${withKey({ name: 'f.name' }, 'school_id', 'f.school_id')} as new,
         f.line
  from file_schools f where f.action is not null
  union all
  select 'deactivated', r.key, r.school_id, r.school_id, ${object({ name: 'r.name' })}, null, null
  from absent_schools a join rollcall.schools r on r.key = a.key and r.district_key = ${district}
  where not a.kept`;

const classChanges = (district: bigint): string => `
  select f.action, f.key as entity, f.class_id as key, f.school,
         case when f.action <> 'added'
              then ${withKey({ name: 'f.old_name', school_id: 's.school_id' }, 'class_id', 'f.old_class_id')} end as old,
         ${withKey({ name: 'f.name', school_id: 'f.school' }, 'class_id', 'f.class_id')} as new,
         f.line
  from file_classes f left join rollcall.schools s on s.key = f.old_school_key
  where f.action is not null
  union all
  select 'deactivated', r.key, r.class_id, s.school_id,
         ${object({ name: 'r.name', school_id: 's.school_id' })}, null, null
  from absent_classes a join rollcall.classes r on r.key = a.key and r.district_key = ${district}
  join rollcall.schools s on s.key = r.school_key where not a.kept`;

function people(
  district: bigint,
  table: string,
  pairTable: string,
  who: 'teacher' | 'student',
): string {
  const attributes = (of: string): Readonly<Record<string, string>> => ({
    first_name: `${of}first_name`,
    last_name: `${of}last_name`,
    ...(who === 'student' && { grade_level: `${of}grade_level` }),
  });
  return `
  select f.action, f.key as entity, f.email as key, f.school,
         case when f.action <> 'added'
              then ${withKey(attributes('f.old_'), 'email', 'f.old_email')} end as old,
         ${withKey(attributes('f.'), 'email', 'f.email')} as new,
         f.line
  from file_${table} f where f.action is not null
  union all
  select 'deactivated', r.key, r.email, w.school, ${object(attributes('r.'))}, null, null
  from absent_${table} a join rollcall.${table} r on r.key = a.key and r.district_key = ${district}
  left join (
    select p.${who}_key, min(s.school_id) as school from absent_${pairTable} p
    join rollcall.classes c on c.key = p.class_key and c.district_key = ${district}
    join rollcall.schools s on s.key = c.school_key
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
         from absent_${pairs} a join rollcall.${people} p on p.key = a.${who} and p.district_key = ? where not a.kept
       ) one group by action, class_key
     ) g
     left join file_classes f on f.key = g.class_key and g.action <> 'deactivated'
     left join rollcall.classes c on c.key = g.class_key and c.district_key = ?
     left join rollcall.schools s on s.key = c.school_key`,
    [districtKey, number, kind, districtKey, districtKey, districtKey],
  );
}
