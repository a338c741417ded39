/**
 * Of which of its values the undone run is still the one that made them what they are. The last
 * run that touched a value made it so, unless that was an undo: what an undo put back was made by
 * whoever had made it before the run that it undid. What another run made so is left (`why` is
 * `changed`, `by_run` that run); what the undone run's own undo put back is done and forgotten;
 * and what is not as any run left it (`outside`) is left, too.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import type { Undone } from './values.js';

/** @returns how many values were put back by earlier undos of the same run */
export async function findOwners(trx: Db, { version }: Undone): Promise<number> {
  // A step a chain of undos: each time the search goes on below the run that was undone.
  while ((await stepBack(trx, version)) > 0);
  const done = await run(trx, `delete from undo_values where why = 'done'`);
  await run(trx, `delete from undo_values where why is null and now = before`);
  await run(
    trx,
    `update undo_values set why = 'outside' where why is null and now is distinct from after`,
  );
  return done;
}

const stepBack = (trx: Db, version: number): Promise<number> =>
  run(
    trx,
    `with last as (
       select distinct on (v.kind, v.a, v.b, v.attr) v.kind, v.a, v.b, v.attr, l.run, l.undoes
       from undo_values v join undo_later l using (kind, a, b, attr)
       where v.why is null and (v.bound is null or l.version < v.bound)
       order by v.kind, v.a, v.b, v.attr, l.version desc)
     update undo_values v set
       bound = case when last.undoes > d.version then last.undoes end,
       why = case when last.undoes > d.version then null
                  when last.undoes = d.version then 'done' else 'changed' end,
       by_run = case when last.undoes > d.version then null else last.run end
     from last, (select ?::bigint as version) d
     where (v.kind, v.a, v.b, v.attr) = (last.kind, last.a, last.b, last.attr)`,
    [version],
  );
