/**
 * What the staged file says where the roster has nothing of the district: all of it is new, so
 * nothing has to be looked up. The keys of new things are a number of the plan's own and the file's
 * numbers on top of it (`base + n`), so who is in which class is known in our keys as it was staged.
 *
 * The same names as in file-says.ts and absent.ts, but as views: what reads them need not know, and
 * half a million pairs are never written down twice.
 */
import type { Db } from '../db.js';
import { first, rows, run as execute } from '../sql.js';
import { TABLES } from '../tables.js';
import type { ChangeTotals, SchoolChanges } from '../types.js';
import { NUMBERS, writeThings, type PlanTarget } from './changes.js';
import { byKind, bySchool, type Count } from './totals.js';

/** Neither active nor inactive ones. */
export async function hasNothing(trx: Db, districtKey: number): Promise<boolean> {
  const found = await first<{ is: boolean }>(
    trx,
    `with d as not materialized (select ?::int as key)
     select ${['schools', 'teachers', 'classes', 'students']
       .map((kind) => `not exists (select from rollcall.${kind}, d where district_key = d.key)`)
       .join(' and ')} as is`,
    [districtKey],
  );
  return found?.is ?? false;
}

/** @returns `base` */
export async function tellAllNew(trx: Db, table: string): Promise<number> {
  const block = await first<{ block: string }>(
    trx,
    `select nextval('rollcall.key_blocks') as block`,
  );
  const base = Number(block?.block) * NUMBERS;
  if (!Number.isSafeInteger(base)) throw new Error('there are no keys left');
  await execute(
    trx,
    `create temp table file_schools on commit drop as
     select n, line, id as school_id, name, null::text as old_name, null::text as old_school_id,
            ${base} + n as key, 'added'::text as action
     from ${table} where kind = 's'`,
  );
  for (const [name, says] of views(table, base)) {
    await execute(trx, `create temp view ${name} as ${says}`);
  }
  return base;
}

const views = (table: string, base: number): readonly (readonly [string, string])[] => [
  [
    'file_classes',
    `select f.n, f.line, f.id as class_id, f.name, s.key as school_key, s.school_id as school,
            null::text as old_name, null::bigint as old_school_key, null::text as old_class_id,
            ${base} + f.n as key, 'added'::text as action
     from ${table} f join file_schools s on s.n = f.school where f.kind = 'c'`,
  ],
  ['file_teachers', people(table, base, 't')],
  ['file_students', people(table, base, 'p')],
  ['file_class_teachers', pairs(table, base, 'teachers', 'teacher_key')],
  ['file_enrollments', pairs(table, base, 'students', 'student_key')],
  ...Object.values(TABLES).map((kind) => {
    const who = { class_teachers: 'teacher_key', enrollments: 'student_key' }[kind];
    const keys = (who ? ['class_key', who] : ['key']).map((key) => `null::bigint as ${key}`);
    return [`absent_${kind}`, `select ${keys.join(', ')}, false as kept where false`] as const;
  }),
];

const people = (table: string, base: number, kind: 't' | 'p'): string => `
  select f.n, f.line, f.id as email, f.name as first_name, f.last_name, s.school_id as school,
         f.schools, null::text as old_first_name, null::text as old_last_name,
         null::text as old_email,
         ${kind === 'p' ? `coalesce(f.grade_level, '') as grade_level, null::text as old_grade_level,` : ''}
         ${base} + f.n as key, 'added'::text as action
  from ${table} f join file_schools s on s.n = f.school where f.kind = '${kind}'`;

const pairs = (table: string, base: number, people: string, who: string): string => `
  select ${base} + f.n as class_key, ${base} + one.n as ${who}, hashint4extended(one.n, 0) as digest
  from ${table} f cross join unnest(f.${people}) as one (n) where f.kind = 'c'`;

/** Before anything of it is left out, which views cannot do: tables in their place. */
export async function toTables(trx: Db): Promise<void> {
  for (const name of await viewsLeft(trx)) {
    await execute(trx, `create temp table solid on commit drop as select * from ${name}`);
    await execute(trx, `drop view ${name}`);
    await execute(trx, `alter table solid rename to ${name}`);
  }
}

/** They do not go by themselves at the end of the transaction. */
export async function dropViews(trx: Db): Promise<void> {
  const names = await viewsLeft(trx);
  if (names.length > 0) await execute(trx, `drop view ${names.join(', ')}`);
}

async function viewsLeft(trx: Db): Promise<readonly string[]> {
  const found = await rows<{ name: string }>(
    trx,
    `select relname as name from pg_class
     where relkind = 'v' and relnamespace = pg_my_temp_schema() order by oid`,
  );
  return found.map(({ name }) => name);
}

/**
 * The plan's changes: everything is added. That the rows of `plan_pairs` stand for the people of
 * the file is told by a digest of its numbers, which the plan's hash ties to addresses.
 */
export async function writeAllNew(
  trx: Db,
  target: PlanTarget,
  { table, base }: { readonly table: string; readonly base: number },
): Promise<ChangeTotals> {
  const things = await writeThings(trx, target, base);
  const added = {
    ...things,
    classTeachers: await writePairs(trx, target, table, base, 'classTeachers', 'teachers'),
    enrollments: await writePairs(trx, target, table, base, 'enrollments', 'students'),
  };
  return byKind(
    Object.entries(added).map(([kind, count]) => ({
      ...{ kind: kind as keyof ChangeTotals, action: 'added' as const, count },
    })),
  );
}

/** Everything that the file says, by school: what countBySchool would find, in one pass. */
export async function countNewBySchool(trx: Db, table: string): Promise<SchoolChanges[]> {
  const counts = await rows<Count & { school: string; name: string }>(
    trx,
    `select s.school_id as school, s.name, c.kind, 'added' as action, c.count::int
     from (
       select g.school, v.kind, v.count
       from (select school, kind, count(*) as things,
                    sum(cardinality(teachers)) as teachers, sum(cardinality(students)) as students
             from ${table} where schools is null and kind <> 's' group by school, kind) g
       cross join lateral (values
         (case g.kind when 'c' then 'classes' when 't' then 'teachers' else 'students' end, g.things),
         ('classTeachers', g.teachers), ('enrollments', g.students)) as v (kind, count)
       union all
       select one.n, case f.kind when 't' then 'teachers' else 'students' end, count(*)
       from ${table} f cross join unnest(f.schools) as one (n)
       where f.schools is not null group by 1, 2
       union all
       select n, 'schools', 1 from file_schools
     ) c join file_schools s on s.n = c.school
     where c.count > 0 order by s.school_id`,
  );
  return bySchool(added(counts));
}

/** A person of one school and one of several are counted apart until here. */
function added<T extends Count & { school: string }>(counts: readonly T[]): T[] {
  const sums = new Map<string, T>();
  for (const one of counts) {
    const key = `${one.kind} ${one.school}`;
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** @returns how many pairs there are */
async function writePairs(
  trx: Db,
  { districtKey, run }: PlanTarget,
  table: string,
  base: number,
  kind: string,
  people: string,
): Promise<number> {
  const written = await first<{ count: number }>(
    trx,
    `with written as (
       insert into rollcall.plan_pairs
         (district_key, run, kind, action, class_key, class_id, school, people, digest)
       select ?::int, ?::int, ?::text, 'added', ${base} + f.n, f.id, s.school_id,
              (select array_agg(${base} + one) from unnest(f.${people}) one),
              hash_array_extended(f.${people}, 0)
       from ${table} f join file_schools s on s.n = f.school
       where f.kind = 'c' and cardinality(f.${people}) > 0
       returning cardinality(people) as count)
     select coalesce(sum(count), 0)::int as count from written`,
    [districtKey, run, kind],
  );
  return written?.count ?? 0;
}
