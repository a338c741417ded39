/**
 * What can be put back without breaking the roster: no active pair of an inactive class or person,
 * no active class of an inactive school, no key twice. Whatever stands against that is left (`why` is `needed`),
 * until nothing does; as leaving a value is always possible, and never undone, that comes to an end.
 *
 * A pair that leaves never stands in the way, nor does a school or person that returns. What the
 * run deactivated and what it brought cannot stand against each other, as before the run the roster
 * was whole: only what later runs did can.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { KEYS, type Undone } from './values.js';

/** Stands for the district's key. */
const D = ':district';

const back = (kind: string, attr: string, before: string): string =>
  `select a from undo_values where kind = '${kind}' and attr = '${attr}'
     and before = '${before}' and why is null`;

/** Keys that will be active. */
const active = (kind: string): string => `
  select key from rollcall.${kind} where district_key = ${D}
    and (active or key in (${back(kind, 'active', 'true')}))
    and key not in (${back(kind, 'active', 'false')})`;

/** All schools, each with the id that it will have. */
const schools = `
  select s.key, coalesce(v.before, s.school_id) as school_id from rollcall.schools s
  left join undo_values v on v.kind = 'schools' and v.a = s.key and v.attr = 'school_id'
                         and v.why is null
  where s.district_key = ${D}`;

/** Active classes, each with the school in which it will be. */
const classes = `
  select c.key, coalesce(s.key, c.school_key) as school_key
  from rollcall.classes c
  left join undo_values m on m.kind = 'classes' and m.a = c.key and m.attr = 'school_id'
                         and m.why is null
  left join (${schools}) s on s.school_id = m.before
  where c.key in (${active('classes')})`;

const pairs = (kind: string, table: string, who: string): string => `
  select e.class_key, e.${who} as person from rollcall.${table} e
  left join undo_values v on v.kind = '${kind}' and v.a = e.class_key and v.b = e.${who}
                         and v.before = 'false' and v.why is null
  where e.district_key = ${D} and e.active and v.a is null`;
const TAUGHT = pairs('classTeachers', 'class_teachers', 'teacher_key');
const ENROLLED = pairs('enrollments', 'enrollments', 'student_key');

/** Conditions under which a value `v` is left. */
const RULES: readonly string[] = [
  // Also where the other one is to give the key back: in which order is not to be said.
  ...Object.entries(KEYS).map(
    ([kind, key]) =>
      `v.kind = '${kind}' and v.attr = '${key}' and exists (
         select from rollcall.${kind} r
         where r.district_key = ${D} and r.${key} = v.before and r.key <> v.a)`,
  ),
  `v.kind = 'schools' and v.attr = 'active' and v.before = 'false'
     and v.a in (select school_key from (${classes}) c)`,
  `v.kind = 'classes' and v.attr = 'school_id'
     and v.before not in (select school_id from (${schools}) s)`,
  `v.kind = 'classes' and v.attr = 'school_id' and v.a in (${active('classes')})
     and v.before not in (select school_id from (${schools}) s
                          where s.key in (${active('schools')}))`,
  `v.kind = 'classes' and v.attr = 'active' and v.before = 'true'
     and v.a in (select key from (${classes}) c where school_key not in (${active('schools')}))`,
  `v.kind = 'classes' and v.attr = 'active' and v.before = 'false'
     and (v.a in (select class_key from (${TAUGHT}) p) or v.a in (select class_key from (${ENROLLED}) p))`,
  `v.kind = 'teachers' and v.attr = 'active' and v.before = 'false'
     and v.a in (select person from (${TAUGHT}) p)`,
  `v.kind = 'students' and v.attr = 'active' and v.before = 'false'
     and v.a in (select person from (${ENROLLED}) p)`,
  `v.kind = 'classTeachers' and v.before = 'true'
     and (v.a not in (${active('classes')}) or v.b not in (${active('teachers')}))`,
  `v.kind = 'enrollments' and v.before = 'true'
     and (v.a not in (${active('classes')}) or v.b not in (${active('students')}))`,
];

export async function keepWhole(trx: Db, undone: Undone): Promise<void> {
  const key = String(BigInt(undone.districtKey));
  const rules = RULES.map((rule) => rule.replaceAll(D, key));
  for (let left = 1; left > 0;) {
    left = 0;
    for (const rule of rules) {
      left += await run(
        trx,
        `update undo_values v set why = 'needed' where v.why is null and ${rule}`,
      );
    }
  }
}
