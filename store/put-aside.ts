/**
 * Bytes that an undo put aside: those of the undone run, and those that the roster stood for until
 * then. The folder still holds one of them, and the next night must neither call the roster
 * unchanged, as it is not what the file says any more, nor do again what support has just undone.
 * So they are taken for rejected, until another file is applied, the undo is undone, or the
 * district's file is read in another way, which makes other bytes of them. Unlike after a rejection
 * no other setting has them looked at again: more seats must not bring back what was undone.
 */
import type { Db } from './db.js';
import { first } from './sql.js';
import { standingUndos } from './undo/which.js';

/** @returns the undo's run, or null */
export async function putAsideBy(
  db: Db,
  districtKey: number,
  sha256: string,
): Promise<number | null> {
  const now = await first<{ undone: boolean | null; same_reading: boolean }>(
    db,
    `select a.reading = d.reading as same_reading,
            (select r.undoes is not null
             from rollcall.plans p join rollcall.runs r using (district_key, run)
             where p.district_key = s.district_key and p.state = 'applied'
             order by p.roster_version desc, p.run desc limit 1) as undone
     from rollcall.roster_state s
     join rollcall.districts d on d.key = s.district_key
     join rollcall.runs a on a.district_key = s.district_key and a.run = s.accepted_run
     where s.district_key = ?`,
    [districtKey],
  );
  // Another file was applied since, be it in part.
  if (!now?.undone) return null;
  const undo = (await standingUndos(db, districtKey)).find(
    (one) =>
      (one.sameReading && one.sha256 === sha256) || (now.same_reading && one.stoodFor === sha256),
  );
  return undo?.run ?? null;
}
