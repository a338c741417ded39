/** The numbers of a plan, counted from its written changes, and its hash. */
import { KINDS, NO_CHANGE } from '../../roster/plan-types.js';
import type { Action, ChangeTotals, Kind, SchoolChanges } from '../types.js';
import type { Db } from '../db.js';
import { first, rows } from '../sql.js';
import type { PlanTarget } from './changes.js';
import { TABLES } from '../tables.js';

export interface Count {
  kind: Kind;
  action: Action;
  count: number;
}

export const byKind = (counts: readonly Count[]): ChangeTotals => {
  const totals = Object.fromEntries(KINDS.map((kind) => [kind, { ...NO_CHANGE }]));
  for (const { kind, action, count } of counts) {
    totals[kind] = { ...(totals[kind] ?? NO_CHANGE), [action]: count };
  }
  return totals as Record<Kind, typeof NO_CHANGE>;
};

export async function countChanges(trx: Db, target: PlanTarget): Promise<ChangeTotals> {
  const counts = await rows<Count>(
    trx,
    `with d as not materialized (select ?::int as key, ?::int as run)
     select c.kind, c.action, count(*)::int as count from rollcall.plan_changes c, d
     where c.district_key = d.key and c.run = d.run group by c.kind, c.action
     union all
     select p.kind, p.action, sum(cardinality(p.people))::int from rollcall.plan_pairs p, d
     where p.district_key = d.key and p.run = d.run group by p.kind, p.action`,
    [target.districtKey, target.run],
  );
  return byKind(counts);
}

/** One row with a count for each kind; tables are `prefix` and their name, then `where`. */
const countOfEach = (kinds: readonly Kind[], prefix: string, where: string): string =>
  `select ${kinds
    .map((kind) => `(select count(*)::int from ${prefix}${TABLES[kind]}${where}) as "${kind}"`)
    .join(', ')}`;

/** Active ones of these kinds, as the roster stands. Pairs are many, and few ask for them. */
export async function countActive<K extends Kind>(
  db: Db,
  districtKey: number,
  kinds: readonly K[],
): Promise<Record<K, number>> {
  const found = await first<Record<K, number>>(
    db,
    `with d as not materialized (select ?::int as key)
     ${countOfEach(kinds, 'rollcall.', ', d where district_key = d.key and active')}`,
    [districtKey],
  );
  if (!found) throw new Error('a count always answers');
  return found;
}

/** Absent from the file, and kept all the same. */
export async function countKept(trx: Db): Promise<Record<Kind, number>> {
  const found = await first<Record<Kind, number>>(
    trx,
    countOfEach(KINDS, 'absent_', ' where kept'),
  );
  if (!found) throw new Error('a count always answers');
  return found;
}

/**
 * The changes by school. Schools, classes and pairs belong to one; a person belongs to the
 * schools of all classes: those of the file, or of the roster for one who leaves.
 */
export async function countBySchool(trx: Db, target: PlanTarget): Promise<SchoolChanges[]> {
  const counts = await rows<Count & { school: string; name: string }>(
    trx,
    `with d as not materialized (select ?::int as key, ?::int as run)
     select c.school, coalesce(f.name, s.name, '') as name, c.kind, c.action,
            sum(c.count)::int as count
     from (
       select p.school, p.kind, p.action, count(*) as count from rollcall.plan_changes p, d
       where p.district_key = d.key and p.run = d.run and p.kind in ('schools', 'classes')
       group by 1, 2, 3
       union all
       select p.school, p.kind, p.action, sum(cardinality(p.people)) from rollcall.plan_pairs p, d
       where p.district_key = d.key and p.run = d.run group by 1, 2, 3
       union all ${coming('students')} union all ${coming('teachers')}
       union all ${leaving('students', 'enrollments', 'student')}
       union all ${leaving('teachers', 'class_teachers', 'teacher')}
     ) c
     left join file_schools f on f.school_id = c.school
     left join rollcall.schools s on s.district_key = (select key from d)
                                 and s.school_id = c.school
     where c.school is not null
     group by c.school, 2, c.kind, c.action order by c.school`,
    [target.districtKey, target.run],
  );
  return bySchool(counts);
}

/** @param counts by school, and within it by kind and action */
export function bySchool(
  counts: readonly (Count & { school: string; name: string })[],
): SchoolChanges[] {
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
const coming = (kind: string): string => `
  select f.school, '${kind}', f.action, count(*) from file_${kind} f
  where f.action is not null and f.schools is null group by f.school, f.action
  union all
  select s.school_id, '${kind}', f.action, count(*)
  from file_${kind} f cross join unnest(f.schools) as one (n) join file_schools s on s.n = one.n
  where f.action is not null and f.schools is not null group by s.school_id, f.action`;

/** People who leave: the schools that the roster had them in. */
const leaving = (kind: string, pairs: string, who: string): string => `
  select w.school_id, '${kind}', 'deactivated', 1
  from (select distinct p.${who}_key as key, s.school_id from absent_${pairs} p
        join rollcall.classes c on c.key = p.class_key
        join rollcall.schools s on s.key = c.school_key) w
  join absent_${kind} a on a.key = w.key and not a.kept`;

/**
 * SHA-256 over district, file, scope and the ordered changes, and nothing else: neither times nor
 * run numbers nor keys of ours. Hashed in slices, each kind and action of it by itself, so that a
 * million changes never stand in one value. Tabs part what is said of a change and line ends the
 * changes, as no value holds either (roster/rows.ts).
 * @param file `base`: pairs speak of the file's numbers, which are keys less this (all-new.ts)
 */
export async function hashPlan(
  trx: Db,
  target: PlanTarget,
  file: { district: string; sha256: string; scope?: string; base?: number | null },
): Promise<string> {
  const number = file.base == null ? '' : `|| chr(9) || (entity - ${BigInt(file.base)})`;
  const found = await first<{ hash: string }>(
    trx,
    `with slices as (
       select (seq - 1) / 4096 as slice, kind, action,
              sha256(convert_to(kind || chr(9) || action || chr(10) || string_agg(
                key || chr(9) || coalesce(old::text, '') || chr(9) || coalesce(new::text, '')
                  ${number}, chr(10) order by seq), 'UTF8')) as digest
       from rollcall.plan_changes where district_key = ? and run = ?
       group by 1, 2, 3
       union all
       select -1, '', '', sha256(convert_to(string_agg(
                kind || chr(9) || action || chr(9) || class_id || chr(9) || cardinality(people)
                  || chr(9) || digest, chr(10) order by kind, action, class_id), 'UTF8'))
       from rollcall.plan_pairs where district_key = ? and run = ?)
     select encode(sha256(
       convert_to(jsonb_build_array('rollcall plan 3', ?::text, ?::text)::text || ?::text,
                          'UTF8')
       || coalesce(string_agg(digest, ''::bytea order by slice, kind, action), ''::bytea)), 'hex') as hash
     from slices`,
    [
      ...[target.districtKey, target.run, target.districtKey, target.run],
      ...[file.district, file.sha256, file.scope ?? ''],
    ],
  );
  if (!found) throw new Error('an aggregate always answers');
  return found.hash;
}
