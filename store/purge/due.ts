/**
 * Who and what is due: away for longer than the district keeps it, and spoken of by nothing that
 * is still to be decided or planned. As temporary tables `spared` and `due` (kind, key).
 */
import type { Db } from '../db.js';
import { rows, run } from '../sql.js';

/** In the order in which they go: a school only with the last of its classes. */
export const PURGED_KINDS = ['students', 'teachers', 'classes', 'schools'] as const;
export type PurgedKind = (typeof PURGED_KINDS)[number];

const PAIRS: Readonly<Record<PurgedKind, readonly (readonly [table: string, key: string])[]>> = {
  students: [['enrollments', 'student_key']],
  teachers: [['class_teachers', 'teacher_key']],
  classes: [
    ['enrollments', 'class_key'],
    ['class_teachers', 'class_key'],
  ],
  schools: [],
};

/** @param most rows in `due`; null: all */
export async function tellDue(
  trx: Db,
  districtKey: number,
  most: number | null,
): Promise<Readonly<Record<PurgedKind, number>>> {
  await tellSpared(trx, districtKey);
  await run(trx, 'create temp table due (kind text not null, key bigint not null) on commit drop');
  const found: Record<PurgedKind, number> = { students: 0, teachers: 0, classes: 0, schools: 0 };
  let left = most;
  for (const kind of PURGED_KINDS) {
    found[kind] = await run(trx, dueOf(kind), [districtKey, left]);
    if (left !== null) left -= found[kind];
  }
  await run(trx, 'analyze due');
  return found;
}

/** Whoever is still in a class is not away, whatever else is said of them. */
const dueOf = (kind: PurgedKind): string => `
  insert into due (kind, key)
  select '${kind}', r.key from rollcall.${kind} r
  join rollcall.districts d on d.key = r.district_key
  where r.district_key = ? and not r.active
    and r.inactive_since < now() - make_interval(days => d.purge_after_days)
    and not exists (select from spared s where s.kind = '${kind}' and s.key = r.key)
    ${PAIRS[kind]
      .map(
        ([table, key]) => `and not exists (
      select from rollcall.${table} e
      where e.district_key = r.district_key and e.${key} = r.key and e.active)`,
      )
      .join(' ')}
    ${
      kind === 'schools'
        ? `and not exists (
      select from rollcall.classes c where c.school_key = r.key
        and not exists (select from due x where x.kind = 'classes' and x.key = c.key))`
        : ''
    }
  order by r.inactive_since, r.key limit ?::int`;

/**
 * What a waiting plan is about, and what is in a file that was read and waits to be planned: it
 * would be planned as something new, and what a person has looked at would not be what is applied.
 */
async function tellSpared(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table spared on commit drop as
     with waiting as (
       select district_key, run from rollcall.plans where district_key = ? and state = 'waiting')
     select c.kind, c.entity as key
     from waiting join rollcall.plan_changes c using (district_key, run)
     union
     select case p.kind when 'enrollments' then 'students' else 'teachers' end, one.person
     from waiting join rollcall.plan_pairs p using (district_key, run)
     cross join unnest(p.people) as one (person)
     union
     select 'classes', p.class_key from waiting join rollcall.plan_pairs p using (district_key, run)
     union
     select 'schools', s.key
     from waiting join rollcall.plan_changes c using (district_key, run)
     join rollcall.schools s on s.district_key = c.district_key
                            and s.school_id in (c.old->>'school_id', c.new->>'school_id')
     where c.kind = 'classes'`,
    [districtKey],
  );
  for (const table of await stagedTables(trx, districtKey)) {
    await run(
      trx,
      `insert into spared (kind, key)
       ${[
         ['students', 'email', 'p'],
         ['teachers', 'email', 't'],
         ['classes', 'class_id', 'c'],
         ['schools', 'school_id', 's'],
       ]
         .map(
           ([kind, id, letter]) => `
       select '${kind}', r.key from ${table} f
       join rollcall.${kind} r on r.district_key = ?::int and r.${id} = f.id and not r.active
       where f.kind = '${letter}'`,
         )
         .join(' union all ')}`,
      [districtKey, districtKey, districtKey, districtKey],
    );
  }
  await run(trx, 'analyze spared');
}

/** What runs of the district have staged; names are made of integers, so they are safe in SQL. */
async function stagedTables(trx: Db, districtKey: number): Promise<string[]> {
  const found = await rows<{ name: string }>(
    trx,
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'rollcall' and c.relkind = 'r'
       and c.relname ~ ('^staged_' || ?::int || '_[0-9]+$')`,
    [districtKey],
  );
  return found.map(({ name }) => `rollcall.${name}`);
}
