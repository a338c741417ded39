/**
 * Takes what is due out of the plans of the past. A change stays as one without a key or a value:
 * that there was one, what kind, which attributes. Plans keep their totals and their hash.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { holdsDueAddress, isDueAddress } from './find-words.js';

/** The attributes that the change changed, each without its value. */
const emptied = (values: 'old' | 'new', other: 'old' | 'new'): string => `
  case when c.${values} is not null then coalesce(
    (select jsonb_object_agg(k, null) from jsonb_object_keys(c.${values}) k
     where jsonb_exists(c.${other}, k) and c.old->k is distinct from c.new->k), '{}') end`;

export async function emptyPlans(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `update rollcall.plan_changes c
     set key = null, old = ${emptied('old', 'new')}, new = ${emptied('new', 'old')}, line = null
     from due x where x.kind = c.kind and x.key = c.entity and c.district_key = ?`,
    [districtKey],
  );
  // The digest of a few addresses could be found by trying addresses.
  await run(
    trx,
    `with touched as materialized (
       select p.run, p.kind, p.action, p.class_key, false as is_class
       from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
       join due x on x.key = one.person
         and x.kind = case p.kind when 'enrollments' then 'students' else 'teachers' end
       where p.district_key = ?
       union all
       select p.run, p.kind, p.action, p.class_key, true
       from rollcall.plan_pairs p join due x on x.key = p.class_key and x.kind = 'classes'
       where p.district_key = ?)
     update rollcall.plan_pairs p
     set digest = 0, class_id = case when t.is_class then null else p.class_id end
     from (select run, kind, action, class_key, bool_or(is_class) as is_class
           from touched group by run, kind, action, class_key) t
     where p.district_key = ? and (p.run, p.kind, p.action, p.class_key)
                                = (t.run, t.kind, t.action, t.class_key)`,
    [districtKey, districtKey, districtKey],
  );
  await run(
    trx,
    `delete from rollcall.plan_kept k using due x
     where k.district_key = ? and (
       (k.kind = x.kind and k.entity = x.key)
       or (x.kind = 'classes' and k.kind in ('enrollments', 'classTeachers') and k.entity = x.key)
       or (x.kind = 'students' and k.kind = 'enrollments' and k.person = x.key)
       or (x.kind = 'teachers' and k.kind = 'classTeachers' and k.person = x.key))`,
    [districtKey],
  );
  await run(
    trx,
    `delete from rollcall.plan_left l using due_keys k
     where l.district_key = ? and (
       (l.kind = k.kind and l.key = k.word)
       or (l.kind = 'enrollments' and k.kind = 'students' and l.other = k.word)
       or (l.kind = 'classTeachers' and k.kind = 'teachers' and l.other = k.word)
       or (l.kind in ('enrollments', 'classTeachers') and k.kind = 'classes' and l.key = k.word))`,
    [districtKey],
  );
  // Who may be whom, and who was said to be.
  for (const table of ['plan_links', 'link_answers']) {
    await run(
      trx,
      `delete from rollcall.${table} l
       where l.district_key = ? and (
         exists (select from due x where x.kind = l.kind and x.key = l.entity)
         or exists (select from due_keys k where k.kind = l.kind and k.word = l.new_key))`,
      [districtKey],
    );
  }
  const alike = `jsonb_array_elements(p.seat_room->'people') as one (alike)`;
  const isDue = `exists (select from jsonb_array_elements_text(alike) as a (email)
                         where ${isDueAddress('a.email')})`;
  await run(
    trx,
    `update rollcall.plans p
     set seat_room = jsonb_set(p.seat_room, '{people}', coalesce(
       (select jsonb_agg(alike) from ${alike} where not ${isDue}), '[]'))
     where p.district_key = ? and jsonb_typeof(p.seat_room->'people') = 'array'
       and exists (select from ${alike} where ${isDue})`,
    [districtKey],
  );
  await run(
    trx,
    `update rollcall.plans p set reason = null
     where p.district_key = ? and ${holdsDueAddress('p.reason')}`,
    [districtKey],
  );
  await run(
    trx,
    `delete from rollcall.notes n where n.district_key = ? and ${holdsDueAddress('n.text')}`,
    [districtKey],
  );
}
