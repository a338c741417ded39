/**
 * What files said line by line ends with its age: a finding, a repair or a note may name somebody
 * whom no key of ours leads to, as whoever stands in a bad row was never taken in. The counts stay
 * with the run. The newest file's stay, too: they are what a district has to mend. A filter names
 * teachers: of an old run it is known only that it had one, and one that was only looked at is
 * forgotten in a day.
 */
import type { Db } from './db.js';
import { lockRoster } from './plan/state.js';
import { districtKey, rows, run as execute } from './sql.js';
import { dropStaging } from './staging-table.js';

/** Runs in one transaction. */
const BATCH = 20;

/** Runs that are older than the district keeps those who are away, and that nothing needs. */
const OLD = `
  select r.district_key, r.run from rollcall.runs r
  join rollcall.districts d on d.key = r.district_key
  join rollcall.roster_state s on s.district_key = r.district_key
  left join rollcall.runs a on a.district_key = r.district_key and a.run = s.accepted_run
  where r.district_key = ? and r.forgotten_at is null
    and r.started_at < now() - make_interval(days => d.purge_after_days)
    and r.run <> coalesce(a.read_run, a.run, 0)
    and r.run <> (select coalesce(max(n.run), 0) from rollcall.runs n
                  where n.district_key = r.district_key and n.row_count is not null)
    and not exists (
      select from rollcall.plans p join rollcall.runs w using (district_key, run)
      where p.district_key = r.district_key and p.state = 'waiting'
        and r.run in (w.run, w.read_run))`;

/**
 * Forgets a batch of old runs, in one transaction. The caller holds the district's lock.
 * @returns how many @throws StoreError DISTRICT_UNKNOWN
 */
export async function forgetBatch(db: Db, district: string, most = BATCH): Promise<number> {
  const key = await districtKey(db, district);
  return db.transaction(async (trx) => {
    await lockRoster(trx, key);
    await execute(
      trx,
      `delete from rollcall.filter_previews
       where district_key = ? and asked_at < now() - interval '1 day'`,
      [key],
    );
    const old = await rows<{ run: number }>(trx, `${OLD} order by r.run limit ?`, [key, most]);
    if (old.length === 0) return 0;
    const runs = old.map(({ run }) => run);
    for (const table of ['findings', 'causes', 'repairs', 'plan_left']) {
      await execute(
        trx,
        `delete from rollcall.${table} where district_key = ? and run = any (?::int[])`,
        [key, runs],
      );
    }
    await execute(
      trx,
      `update rollcall.plans set reason = null, seat_room = seat_room || '{"people": []}'
       where district_key = ? and run = any (?::int[])`,
      [key, runs],
    );
    await execute(
      trx,
      `delete from rollcall.notes n using rollcall.districts d
       where n.district_key = d.key and d.key = ?
         and n.created_at < now() - make_interval(days => d.purge_after_days)`,
      [key],
    );
    for (const run of runs) await dropStaging(trx, key, run);
    await execute(
      trx,
      `update rollcall.runs set forgotten_at = now(),
              reading = case when reading->'filter' is null then reading
                             else reading || '{"filter": {"forgotten": true}}' end
       where district_key = ? and run = any (?::int[])`,
      [key, runs],
    );
    return runs.length;
  });
}

/** How many there are. Without a lock. @throws StoreError DISTRICT_UNKNOWN */
export async function countForgettable(db: Db, district: string): Promise<number> {
  const key = await districtKey(db, district);
  return (await rows(db, OLD, [key])).length;
}
