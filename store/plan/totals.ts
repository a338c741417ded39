/** The numbers of a plan, counted from its written changes, and its hash. */
import { KINDS, NO_CHANGE } from '../../roster/plan-types.js';
import type { Action, ChangeTotals, Kind, SchoolChanges } from '../types.js';
import type { Db } from '../db.js';
import { first, rows, run } from '../sql.js';
import type { PlanTarget } from './changes.js';
import { TABLES } from '../tables.js';

interface Count {
  kind: Kind;
  action: Action;
  count: number;
}

const byKind = (counts: readonly Count[]): ChangeTotals => {
  const totals = Object.fromEntries(KINDS.map((kind) => [kind, { ...NO_CHANGE }]));
  for (const { kind, action, count } of counts) {
    totals[kind] = { ...(totals[kind] ?? NO_CHANGE), [action]: count };
  }
  return totals as Record<Kind, typeof NO_CHANGE>;
};

export async function countChanges(trx: Db, target: PlanTarget): Promise<ChangeTotals> {
  const counts = await rows<Count>(
    trx,
    `select kind, action, count(*)::int as count from rollcall.plan_changes
     where district_key = ? and run = ? group by kind, action`,
    [target.districtKey, target.run],
  );
  return byKind(counts);
}

/** One row with a count for each kind; tables are `prefix` and their name, then `where`. */
const countOfEach = (prefix: string, where: string): string =>
  `select ${KINDS.map(
    (kind) => `(select count(*)::int from ${prefix}${TABLES[kind]}${where}) as "${kind}"`,
  ).join(', ')}`;

/** Active ones of each kind, as the roster stands. */
export async function countActive(db: Db, districtKey: number): Promise<Record<Kind, number>> {
  const found = await first<Record<Kind, number>>(
    db,
    `with d as (select ?::int as key)
     ${countOfEach('rollcall.', ', d where district_key = d.key and active')}`,
    [districtKey],
  );
  if (!found) throw new Error('a count always answers');
  return found;
}

/** Absent from the file, and kept all the same. */
export async function countKept(trx: Db): Promise<Record<Kind, number>> {
  const found = await first<Record<Kind, number>>(trx, countOfEach('absent_', ' where kept'));
  if (!found) throw new Error('a count always answers');
  return found;
}

/**
 * The changes by school. Schools, classes and pairs belong to one; a person belongs to the
 * schools of all classes: those of the file, or of the roster for one who leaves.
 */
export async function countBySchool(
  trx: Db,
  table: string,
  target: PlanTarget,
): Promise<SchoolChanges[]> {
  await tellSchoolsOfPeople(trx, table, target);
  const counts = await rows<Count & { school: string; name: string }>(
    trx,
    `select c.school, coalesce(f.name, s.name, '') as name, c.kind, c.action,
            count(*)::int as count
     from (select school, kind, action from rollcall.plan_changes
           where district_key = ? and run = ? and kind not in ('students', 'teachers')
           union all select school, kind, action from people_schools) c
     left join file_schools f on f.school_id = c.school and f.accepted
     left join rollcall.schools s on s.district_key = ? and s.school_id = c.school
     where c.school is not null
     group by c.school, 2, c.kind, c.action order by c.school`,
    [target.districtKey, target.run, target.districtKey],
  );
  const schools = new Map<string, { name: string; counts: Count[] }>();
  for (const { school, name, ...count } of counts) {
    const known = schools.get(school) ?? { name, counts: [] };
    known.counts.push(count);
    schools.set(school, known);
  }
  return [...schools].map(([school, known]) => ({
    school,
    name: known.name,
    changes: byKind(known.counts),
  }));
}

/** People of the plan that come or stay: the schools that the file puts them in. */
const coming = (kind: string, source: string, email: string): string => `
  select c.kind, c.action, f.school_id as school
  from (select distinct ${email} as email, school_id from ${source} where accepted) f
  join rollcall.plan_changes c on c.key = f.email and c.kind = '${kind}'
  join d on d.key = c.district_key and d.run = c.run
  where c.action <> 'deactivated'`;

/** People who leave: the schools that the roster had them in. */
const leaving = (kind: string, pairs: string, who: string): string => `
  select '${kind}', 'deactivated', w.school_id
  from (select distinct p.${who}_key as key, s.school_id from absent_${pairs} p
        join rollcall.classes c on c.key = p.class_key
        join rollcall.schools s on s.key = c.school_key) w
  join absent_${kind} a on a.key = w.key and not a.kept`;

async function tellSchoolsOfPeople(trx: Db, table: string, target: PlanTarget): Promise<void> {
  await run(
    trx,
    `create temp table people_schools on commit drop as
     with d as (select ?::int as key, ?::int as run)
     ${coming('students', table, 'student_email')}
     union all ${coming('teachers', 'file_groups', 'teacher_email')}
     union all ${leaving('students', 'enrollments', 'student')}
     union all ${leaving('teachers', 'class_teachers', 'teacher')}`,
    [target.districtKey, target.run],
  );
}

/**
 * SHA-256 over district, file and the ordered changes, and nothing else: neither times nor run
 * numbers. Hashed in slices, so that millions of changes never stand in one value.
 */
export async function hashPlan(
  trx: Db,
  target: PlanTarget,
  file: { district: string; sha256: string },
): Promise<string> {
  const found = await first<{ hash: string }>(
    trx,
    `with slices as (
       select (seq - 1) / 4096 as slice,
              sha256(convert_to(string_agg(
                jsonb_build_array(kind, action, key, other, old, new)::text, chr(10) order by seq),
                'UTF8')) as digest
       from rollcall.plan_changes where district_key = ? and run = ?
       group by 1)
     select encode(sha256(
       convert_to(jsonb_build_array('rollcall plan 1', ?::text, ?::text)::text, 'UTF8')
       || coalesce(string_agg(digest, ''::bytea order by slice), ''::bytea)), 'hex') as hash
     from slices`,
    [target.districtKey, target.run, file.district, file.sha256],
  );
  if (!found) throw new Error('an aggregate always answers');
  return found.hash;
}
