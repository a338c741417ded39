/** A newer file's plan takes the place of older ones that still wait. */
import type { Db } from '../db.js';
import { first, rows } from '../sql.js';
import { dropStaging } from '../staging-table.js';

/**
 * Closes the waiting plans of files that were fetched before this run's; those of the very same
 * bytes, read in the same way and with the same answers about who is who, stand. @returns their runs, with the workflows that wait
 */
export async function supersedeOlder(
  trx: Db,
  districtKey: number,
  run: number,
): Promise<{ run: number; workflowId: string }[]> {
  const closed = await rows<{ run: number; workflow_id: string }>(
    trx,
    `update rollcall.plans p set state = 'superseded', closed_at = now()
     from rollcall.runs older, rollcall.runs mine, rollcall.districts d
     where p.district_key = ? and p.state = 'waiting' and p.run <> ?
       and older.district_key = p.district_key and older.run = p.run
       and mine.district_key = p.district_key and mine.run = ?
       and d.key = p.district_key and older.sha256 is not null
       and (older.sha256 <> mine.sha256 or older.reading <> mine.reading or p.answers <> d.answers)
       and (older.fetched_at, older.run) < (mine.fetched_at, mine.run)
     returning p.run, older.workflow_id`,
    [districtKey, run, run],
  );
  for (const plan of closed) await dropStaging(trx, districtKey, plan.run);
  return closed
    .map((plan) => ({ run: plan.run, workflowId: plan.workflow_id }))
    .sort((a, b) => a.run - b.run);
}

/** True if a file that was fetched later is planned or applied already. */
export async function isOutOfDate(trx: Db, districtKey: number, run: number): Promise<boolean> {
  const found = await first<{ is: boolean }>(
    trx,
    `select exists (
       select from rollcall.plans p
       join rollcall.runs newer on newer.district_key = p.district_key and newer.run = p.run
       join rollcall.runs mine on mine.district_key = p.district_key and mine.run = ?
       where p.district_key = ? and p.state in ('waiting', 'applied')
         and (newer.sha256 <> mine.sha256 or newer.reading <> mine.reading)
         and (newer.fetched_at, newer.run) > (mine.fetched_at, mine.run)) as is`,
    [run, districtKey],
  );
  return found?.is ?? false;
}
