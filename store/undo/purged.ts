/**
 * What the undone run changed of somebody or something that has been purged since: it cannot be put
 * back, and which value it was is not known any more, only which attribute. What the run added is
 * gone, as it would be; so only what there was before counts.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { PAIRS, type Undone } from './values.js';

/** Adds to `undo_values` with `purged` as the reason, so that no later step touches them. */
export async function gatherPurged(trx: Db, { districtKey, run: number }: Undone): Promise<void> {
  await run(
    trx,
    `insert into undo_values (kind, a, b, attr, before, why)
     select c.kind, c.entity, 0, one.attr, '', 'purged'
     from rollcall.plan_changes c
     cross join lateral (
       select 'active' as attr where c.action = 'deactivated'
       union all
       select jsonb_object_keys(c.old)) one
     where c.district_key = ? and c.run = ? and c.key is null`,
    [districtKey, number],
  );
  for (const [kind, table, who] of PAIRS) {
    await run(
      trx,
      `insert into undo_values (kind, a, b, attr, before, why)
       select p.kind, p.class_key, one.person, 'active', 'true', 'purged'
       from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
       where p.kind = '${kind}' and p.district_key = ? and p.run = ? and p.action = 'deactivated'
         and not exists (
           select from rollcall.${table} r where r.district_key = p.district_key
             and r.class_key = p.class_key and r.${who} = one.person)`,
      [districtKey, number],
    );
  }
}
