/** What would make room where a plan takes more seats than are allowed. Asked only then. */
import type { Db } from '../db.js';
import { rows, run as execute } from '../sql.js';
import type { Kind, SeatRoom } from '../types.js';
import type { PlanTarget } from './changes.js';
import { withIndexes } from './with-indexes.js';

const MOST_SHOWN = 50;

/**
 * Those who would be active after the plan, and who share name and grade with another one. Who is
 * in the plan has the plan's school; `key` leads to the schools of all others.
 */
const ALIKE = `
  create temp table alike on commit drop as
  with d as not materialized (select ?::int as key, ?::int as run),
  planned as (
    select c.key as email, c.action, c.school, c.new
    from d join rollcall.plan_changes c
      on c.district_key = d.key and c.run = d.run and c.kind = 'students'),
  seated as materialized (
    select s.key, s.email, null as school, lower(s.first_name) as first, lower(s.last_name) as last,
           s.grade_level as grade
    from d join rollcall.students s on s.district_key = d.key and s.active
    where not exists (select from planned p where p.email = s.email)
    union all
    select null, p.email, p.school, lower(p.new->>'first_name'), lower(p.new->>'last_name'),
           p.new->>'grade_level'
    from planned p where p.action <> 'deactivated')
  select s.* from seated s
  join (select first, last, grade from seated group by first, last, grade having count(*) > 1) g
    on (g.first, g.last, g.grade) = (s.first, s.last, s.grade)`;

/** Of them, those who are at one school. */
const DUPLICATES = `
  with placed as (
    select first, last, grade, email, school from alike where school is not null
    union
    select a.first, a.last, a.grade, a.email, s.school_id
    from alike a
    join rollcall.enrollments e on e.student_key = a.key and e.active
    join rollcall.classes c on c.key = e.class_key
    join rollcall.schools s on s.key = c.school_key)
  select distinct array_agg(distinct email order by email) as people
  from placed group by first, last, grade, school having count(distinct email) > 1
  order by 1`;

export async function findRoom(
  trx: Db,
  { districtKey, run }: PlanTarget,
  kept: Readonly<Record<Kind, number>>,
): Promise<SeatRoom> {
  await execute(trx, ALIKE, [districtKey, run]);
  await execute(trx, 'analyze alike');
  const found = await withIndexes(trx, () => rows<{ people: string[] }>(trx, DUPLICATES));
  const people = found.map((one) => one.people);
  return {
    protected: kept.students,
    duplicates: people.reduce((sum, alike) => sum + alike.length - 1, 0),
    people: people.slice(0, MOST_SHOWN),
  };
}
