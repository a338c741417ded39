/**
 * By what those who are due were called, now and in any plan, as a temporary table: addresses and
 * ids (`due_keys`) and names (`due_names`). History that knows no keys of ours is searched for them.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

const IDS = {
  students: 'email',
  teachers: 'email',
  classes: 'class_id',
  schools: 'school_id',
} as const;

/** An address or id that somebody has who stays is theirs now, and is left. */
export async function tellWords(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `create temp table due_changes on commit drop as
     select c.kind, c.key, c.old, c.new from rollcall.plan_changes c
     join due x on x.kind = c.kind and x.key = c.entity where c.district_key = ?`,
    [districtKey],
  );
  await run(
    trx,
    `create temp table due_keys on commit drop as
     select distinct kind, word from (
       ${Object.entries(IDS)
         .map(
           ([kind, id]) => `
       select '${kind}' as kind, r.${id} as word from rollcall.${kind} r
       join due x on x.kind = '${kind}' and x.key = r.key
       union all
       select c.kind, one.word from due_changes c
       cross join lateral (values (c.key), (c.old->>'${id}'), (c.new->>'${id}')) as one (word)
       where c.kind = '${kind}'`,
         )
         .join(' union all ')}) every
     where word is not null`,
  );
  for (const [kind, id] of Object.entries(IDS)) {
    const isPerson = id === 'email';
    await run(
      trx,
      `delete from due_keys k using rollcall.${kind} r
       where r.district_key = ? and r.${id} = k.word
         and k.kind ${isPerson ? `in ('students', 'teachers')` : `= '${kind}'`}
         and not exists (select from due x where x.kind = '${kind}' and x.key = r.key)`,
      [districtKey],
    );
  }
  await run(
    trx,
    `create temp table due_names on commit drop as
     select distinct one.word from (
       select first_name, last_name from rollcall.students r
       join due x on x.kind = 'students' and x.key = r.key
       union all
       select first_name, last_name from rollcall.teachers r
       join due x on x.kind = 'teachers' and x.key = r.key
       union all
       select v->>'first_name', v->>'last_name' from due_changes c
       cross join lateral (values (c.old), (c.new)) as one (v)
       where c.kind in ('students', 'teachers')) p
     cross join lateral (values (p.first_name), (p.last_name)) as one (word)
     where one.word is not null`,
  );
  await run(trx, 'analyze due_keys, due_names');
}
