/** The closing guard of an apply: what the roster says of itself must hold, or all is undone. */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { first } from '../sql.js';

/**
 * No active pair of an inactive class or person, no active class of an inactive school, and
 * everything within the district. `of`: the whole roster is looked at, or, since it held before
 * the plan, only what the plan touches: pairs and classes that it brings or brings back, and all
 * that belongs to what it takes away or moves.
 * @throws StoreError ROSTER_INCONSISTENT with counts
 */
export async function checkRoster(
  trx: Db,
  districtKey: number,
  run: number,
  of: 'whole' | 'difference',
): Promise<void> {
  const counts = of === 'whole' ? WHOLE : TOUCHED;
  const found = await first<{ enrollments: number; class_teachers: number; classes: number }>(
    trx,
    `with d as not materialized (select ?::int as key, ?::int as run) ${counts}`,
    [districtKey, run],
  );
  if (!found) throw new Error('a count always answers');
  if (found.enrollments + found.class_teachers + found.classes === 0) return;
  throw new StoreError(
    'ROSTER_INCONSISTENT',
    `the plan would leave ${found.enrollments} enrollments, ${found.class_teachers} class teachers ` +
      `and ${found.classes} classes without what they belong to; nothing was changed`,
  );
}

const wholePairs = (table: string, people: string, who: string): string => `
  (select count(*)::int from rollcall.${table} e join d on d.key = e.district_key
   left join rollcall.classes c on c.key = e.class_key and c.active and c.district_key = d.key
   left join rollcall.${people} p on p.key = e.${who} and p.active and p.district_key = d.key
   where e.active and (c.key is null or p.key is null))`;

const WHOLE = `
  select ${wholePairs('enrollments', 'students', 'student_key')} as enrollments,
         ${wholePairs('class_teachers', 'teachers', 'teacher_key')} as class_teachers,
         (select count(*)::int from rollcall.classes c join d on d.key = c.district_key
          left join rollcall.schools s on s.key = c.school_key and s.active and s.district_key = d.key
          where c.active and s.key is null) as classes`;

function brokenPairs(kind: string, people: string, who: string): string {
  const table = kind === 'classTeachers' ? 'class_teachers' : kind;
  return `
    ((select count(*) from (
        select p.class_key, unnest(p.people) as person from rollcall.plan_pairs p join d
          on d.key = p.district_key and d.run = p.run
        where p.kind = '${kind}' and p.action <> 'deactivated') n
      left join d on true
      left join rollcall.classes c on c.key = n.class_key and c.active and c.district_key = d.key
      left join rollcall.${people} q on q.key = n.person and q.active and q.district_key = d.key
      where c.key is null or q.key is null)
     + (select count(*) from taken t join d on true
        join rollcall.${table} e on e.district_key = d.key and e.class_key = t.entity and e.active
        where t.kind = 'classes')
     + (select count(*) from taken t join d on true
        join rollcall.${table} e on e.${who} = t.entity and e.district_key = d.key and e.active
        where t.kind = '${people}'))::int`;
}

const CLASSES = `
  select (select count(*) from rollcall.plan_changes p join d
            on d.key = p.district_key and d.run = p.run
          join rollcall.classes c on c.key = p.entity and c.active
          left join rollcall.schools s on s.key = c.school_key and s.active and s.district_key = d.key
          where p.kind = 'classes' and p.action <> 'deactivated' and s.key is null)
       + (select count(*) from taken t join rollcall.classes c on c.school_key = t.entity and c.active
          where t.kind = 'schools')`;

const TOUCHED = `,
  taken as (
    select c.kind, c.entity from rollcall.plan_changes c join d
      on d.key = c.district_key and d.run = c.run where c.action = 'deactivated'
  )
  select ${brokenPairs('enrollments', 'students', 'student_key')} as enrollments,
         ${brokenPairs('classTeachers', 'teachers', 'teacher_key')} as class_teachers,
         (${CLASSES})::int as classes`;
