/** The closing guard of an apply: what the roster says of itself must hold, or all is undone. */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { first } from '../sql.js';

/**
 * No active pair of an inactive class or person, no active class of an inactive school, and
 * everything within the district.
 * @throws StoreError ROSTER_INCONSISTENT with counts
 */
export async function checkRoster(trx: Db, districtKey: number): Promise<void> {
  const found = await first<{ enrollments: number; class_teachers: number; classes: number }>(
    trx,
    `with d as (select ?::int as key)
     select
       (select count(*)::int from rollcall.enrollments e join d on d.key = e.district_key
        left join rollcall.classes c on c.key = e.class_key and c.active and c.district_key = d.key
        left join rollcall.students s on s.key = e.student_key and s.active and s.district_key = d.key
        where e.active and (c.key is null or s.key is null)) as enrollments,
       (select count(*)::int from rollcall.class_teachers e join d on d.key = e.district_key
        left join rollcall.classes c on c.key = e.class_key and c.active and c.district_key = d.key
        left join rollcall.teachers t on t.key = e.teacher_key and t.active and t.district_key = d.key
        where e.active and (c.key is null or t.key is null)) as class_teachers,
       (select count(*)::int from rollcall.classes c join d on d.key = c.district_key
        left join rollcall.schools s on s.key = c.school_key and s.active and s.district_key = d.key
        where c.active and s.key is null) as classes`,
    [districtKey],
  );
  if (!found) throw new Error('a count always answers');
  if (found.enrollments + found.class_teachers + found.classes === 0) return;
  throw new StoreError(
    'ROSTER_INCONSISTENT',
    `the plan would leave ${found.enrollments} enrollments, ${found.class_teachers} class teachers ` +
      `and ${found.classes} classes without what they belong to; nothing was changed`,
  );
}
