/**
 * Writes an undo's plan out of `undo_values`: changes and pairs in the shape of any other plan
 * (plan/changes.ts), and what is left as it is, in `plan_left`. Two things only an undo does: what
 * becomes inactive may get its old values with it, and a value of what is inactive may be put back;
 * then `new` says `"active": false`.
 */
import type { PlanTarget } from '../plan/changes.js';
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { KEYS } from './values.js';

/** As they are; of a class the school by the id that it will have, by which apply finds it. */
const VALUES: Readonly<Record<string, string>> = {
  schools: `jsonb_build_object('name', r.name)`,
  teachers: `jsonb_build_object('first_name', r.first_name, 'last_name', r.last_name)`,
  classes: `jsonb_build_object('name', r.name, 'school_id', s.school_id)`,
  students: `jsonb_build_object('first_name', r.first_name, 'last_name', r.last_name,
                                'grade_level', r.grade_level)`,
};
const PAIRS = [
  ['classTeachers', 'class_teachers', 'teachers', 'teacher_key'],
  ['enrollments', 'enrollments', 'students', 'student_key'],
] as const;

export async function writeUndo(trx: Db, target: PlanTarget): Promise<void> {
  await tellSchools(trx, target.districtKey);
  await tellPlaces(trx, target.districtKey);
  let seq = 0;
  for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
    seq += await writeThings(trx, target, seq, kind);
  }
  for (const [kind, , people] of PAIRS) await writePairs(trx, target, kind, people);
  await writeLeft(trx, target);
}

/** `undo_schools`: all schools, each with the id that it will have. */
async function tellSchools(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table undo_schools on commit drop as
     select s.key, coalesce(v.before, s.school_id) as school_id, s.name
     from rollcall.schools s
     left join undo_values v on v.kind = 'schools' and v.a = s.key and v.attr = 'school_id'
                            and v.why is null
     where s.district_key = ?`,
    [districtKey],
  );
}

/** `undo_places`: the schools of all classes that a person of the plan is or will be in. */
async function tellPlaces(trx: Db, districtKey: number): Promise<void> {
  const ofKind = ([kind, table, people, who]: (typeof PAIRS)[number]): string => `
    select distinct '${people}' as kind, p.person, s.school_id
    from (select e.class_key, e.${who} as person from rollcall.${table} e
          where e.district_key = d.key and e.active
          union all
          select a, b from undo_values where kind = '${kind}' and before = 'true' and why is null) p
    join (select distinct a from undo_values where kind = '${people}' and why is null) w
      on w.a = p.person
    join rollcall.classes c on c.key = p.class_key and c.district_key = d.key
    join undo_schools s on s.key = c.school_key`;
  await run(
    trx,
    `create temp table undo_places on commit drop as
     select one.* from (select ?::int as key) d
     cross join lateral (${PAIRS.map(ofKind).join(' union all ')}) one`,
    [districtKey],
  );
}

/** @returns how many there are */
function writeThings(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  after: number,
  kind: keyof typeof KEYS,
): Promise<number> {
  const school = {
    schools: `coalesce(g.back->>'school_id', r.school_id)`,
    classes: `coalesce(g.back->>'school_id', s.school_id)`,
    teachers: 'w.school_id',
    students: 'w.school_id',
  }[kind];
  return run(
    trx,
    `insert into rollcall.plan_changes
       (district_key, run, seq, kind, action, entity, key, school, old, new)
     select ?::int, ?::int, ?::int + row_number() over (order by c.key), '${kind}', c.*
     from (
       select case g.active when 'true' then 'reactivated' when 'false' then 'deactivated'
                            else 'changed' end as action,
              r.key as entity, coalesce(g.back->>'${KEYS[kind]}', r.${KEYS[kind]}) as key,
              ${school} as school,
              ${VALUES[kind]} || case when jsonb_exists(g.back, '${KEYS[kind]}')
                then jsonb_build_object('${KEYS[kind]}', r.${KEYS[kind]}) else '{}' end as old,
              case when g.active = 'false' and g.back is null then null
                   else ${VALUES[kind]} || coalesce(g.back, '{}')
                     || case when g.active is null and not r.active
                             then '{"active": false}'::jsonb else '{}' end end as new
       from (select a, max(before) filter (where attr = 'active') as active,
                    jsonb_object_agg(attr, before) filter (where attr <> 'active') as back
             from undo_values where kind = '${kind}' and why is null group by a) g
       join rollcall.${kind} r on r.key = g.a and r.district_key = ${BigInt(districtKey)}
       ${kind === 'classes' ? 'join undo_schools s on s.key = r.school_key' : ''}
       left join (select person, min(school_id) as school_id from undo_places
                  where kind = '${kind}' group by person) w on w.person = r.key
     ) c order by c.key`,
    [districtKey, number, after],
  );
}

async function writePairs(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  kind: string,
  people: string,
): Promise<void> {
  await run(
    trx,
    `insert into rollcall.plan_pairs
       (district_key, run, kind, action, class_key, class_id, school, people, digest)
     select ?::int, ?::int, '${kind}', g.action, c.key, c.class_id, s.school_id, g.people, g.digest
     from (select a, case before when 'true' then 'reactivated' else 'deactivated' end as action,
                  array_agg(b order by b) as people,
                  bit_xor(hashtextextended(p.email, 0)) as digest
           from undo_values join rollcall.${people} p
             on p.key = b and p.district_key = ${BigInt(districtKey)}
           where kind = '${kind}' and why is null group by 1, 2) g
     join rollcall.classes c on c.key = g.a and c.district_key = ${BigInt(districtKey)}
     join undo_schools s on s.key = c.school_key`,
    [districtKey, number],
  );
}

/** What is left, as people name it; what was purged has no name any more. */
async function writeLeft(trx: Db, { districtKey, run: number }: PlanTarget): Promise<void> {
  const things = Object.entries(KEYS).map(
    ([kind, key]) => `
      select v.kind, r.${key} as key, null as other, v.attr, v.why, v.by_run
      from undo_values v join rollcall.${kind} r on r.key = v.a and r.district_key = ${BigInt(districtKey)}
      where v.kind = '${kind}' and v.why is not null`,
  );
  const pairs = PAIRS.map(
    ([kind, , people]) => `
      select v.kind, c.class_id, p.email, v.attr, v.why, v.by_run
      from undo_values v
      join rollcall.classes c on c.key = v.a and c.district_key = ${BigInt(districtKey)}
      join rollcall.${people} p on p.key = v.b and p.district_key = c.district_key
      where v.kind = '${kind}' and v.why is not null`,
  );
  const purged = PAIRS.map(
    ([kind, , people]) => `
      select v.kind, c.class_id, p.email, v.attr, v.why, v.by_run
      from undo_values v left join rollcall.classes c on c.key = v.a
      left join rollcall.${people} p on p.key = v.b
      where v.kind = '${kind}' and v.why = 'purged'`,
  );
  purged.push(`
      select v.kind, null, null, v.attr, v.why, v.by_run from undo_values v
      where v.kind in ('schools', 'teachers', 'classes', 'students') and v.why = 'purged'`);
  await run(
    trx,
    `insert into rollcall.plan_left (district_key, run, kind, key, other, value, why, by_run)
     select ?::int, ?::int, one.* from (${[...things, ...pairs, ...purged].join(' union all ')}) one`,
    [districtKey, number],
  );
}
