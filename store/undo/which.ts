/** Which runs can be undone, and which undos count. */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { first, rows, unknownRun } from '../sql.js';
import type { Undone } from './values.js';

/** @throws StoreError RUN_UNKNOWN, UNDO_NOT_APPLIED, UNDO_NOTHING */
export async function toBeUndone(db: Db, districtKey: number, run: number): Promise<Undone> {
  const found = await first<{ applied: boolean | null; version: string | null; some: boolean }>(
    db,
    `select p.state = 'applied' as applied, p.roster_version as version,
            exists (select from rollcall.plan_changes c
                    where c.district_key = r.district_key and c.run = r.run)
            or exists (select from rollcall.plan_pairs c
                       where c.district_key = r.district_key and c.run = r.run) as some
     from rollcall.runs r left join rollcall.plans p using (district_key, run)
     where r.district_key = ? and r.run = ?`,
    [districtKey, run],
  );
  if (!found) throw unknownRun(run);
  if (found.applied !== true) {
    throw new StoreError(
      'UNDO_NOT_APPLIED',
      `run ${run} was not applied, so there is nothing of it to undo`,
    );
  }
  if (!found.some) throw new StoreError('UNDO_NOTHING', `run ${run} changed nothing`);
  return { districtKey, run, version: Number(found.version) };
}

export interface Undo {
  readonly run: number;
  readonly undoes: number;
  /** The bytes that the roster stood for until then. */
  readonly stoodFor: string | null;
  /** Those of the undone run; null if that was an undo itself. */
  readonly sha256: string | null;
  /** Whether those are read today as that run read them. */
  readonly sameReading: boolean;
}

/** The undos that were applied and are not undone themselves, newest first. */
export async function standingUndos(db: Db, districtKey: number): Promise<Undo[]> {
  const all = await rows<Undo>(
    db,
    `select r.run, r.undoes, r.stood_for as "stoodFor", u.sha256,
            u.reading = d.reading as "sameReading"
     from rollcall.runs r join rollcall.districts d on d.key = r.district_key
     join rollcall.plans p on p.district_key = r.district_key and p.run = r.run
     join rollcall.runs u on u.district_key = r.district_key and u.run = r.undoes
     where r.district_key = ? and r.undoes is not null and p.state = 'applied'
     order by p.roster_version desc, r.run desc`,
    [districtKey],
  );
  const undone = new Set<number>();
  return all.filter((one) => {
    if (undone.has(one.run)) return false;
    undone.add(one.undoes);
    return true;
  });
}
