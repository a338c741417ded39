/** For what is `needed`: the last run that brought what needs it, or took what it would need. */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { LATER, type Undone } from './values.js';

/** Each yields (kind, a, b, attr, run, version) out of `later` and `needed`. */
const BLAMED: readonly string[] = [
  ...[
    ['teachers', 'classTeachers'],
    ['students', 'enrollments'],
  ].map(
    ([people, pairs]) => `
      select n.kind, n.a, n.b, n.attr, l.run, l.version
      from later l join rollcall.plan_pairs p using (district_key, run)
      cross join unnest(p.people) as one (person)
      join needed n on n.kind = '${people}' and n.a = one.person
      where p.kind = '${pairs}' and p.action <> 'deactivated'
      union all
      select n.kind, n.a, n.b, n.attr, l.run, l.version
      from later l join rollcall.plan_changes c using (district_key, run)
      join needed n on n.kind = '${pairs}' and n.b = c.entity
      where c.kind = '${people}' and c.action = 'deactivated'`,
  ),
  `select n.kind, n.a, n.b, n.attr, l.run, l.version
   from later l join rollcall.plan_changes c using (district_key, run)
   join needed n on n.kind = c.kind and n.before = c.key and n.a <> c.entity
   where c.action <> 'deactivated'`,
  `select n.kind, n.a, n.b, n.attr, l.run, l.version
   from later l join rollcall.plan_pairs p using (district_key, run)
   join needed n on n.kind = 'classes' and n.attr = 'active' and n.a = p.class_key
   where p.action <> 'deactivated'`,
  `select n.kind, n.a, n.b, n.attr, l.run, l.version
   from later l join rollcall.plan_changes c using (district_key, run)
   join needed n on n.kind in ('enrollments', 'classTeachers') and n.a = c.entity
   where c.kind = 'classes' and c.action = 'deactivated'`,
  `select n.kind, n.a, n.b, n.attr, l.run, l.version
   from later l join rollcall.plan_changes c using (district_key, run)
   join rollcall.schools s on s.district_key = c.district_key
                          and s.school_id = c.new->>'school_id'
   join needed n on n.kind = 'schools' and n.a = s.key
   where c.kind = 'classes'`,
  `select n.kind, n.a, n.b, n.attr, l.run, l.version
   from later l join rollcall.plan_changes c using (district_key, run)
   join needed n on n.kind = 'classes' and (n.before = c.key or n.attr = 'active')
   left join rollcall.classes k on k.key = n.a
   where c.kind = 'schools' and c.action = 'deactivated'
     and (n.before = c.key or k.school_key = c.entity)`,
];

export async function blame(trx: Db, { districtKey, version }: Undone): Promise<void> {
  await run(
    trx,
    `with later as (${LATER}),
       needed as (select * from undo_values where why = 'needed'),
       last as (
         select distinct on (kind, a, b, attr) kind, a, b, attr, run
         from (${BLAMED.join(' union all ')}) every
         order by kind, a, b, attr, version desc)
     update undo_values v set by_run = last.run from last
     where (v.kind, v.a, v.b, v.attr) = (last.kind, last.a, last.b, last.attr)`,
    [districtKey, version],
  );
}
