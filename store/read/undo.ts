/** What an undo would do, and what one left as it is. Holds keys of people: for support only. */
import { getDistrict } from '../config/districts.js';
import type { Db } from '../db.js';
import { tuneForSets } from '../plan/state.js';
import { districtKey, rows } from '../sql.js';
import type { LeftValue, RunRef } from '../types.js';
import { type WorkedOut, workOutUndo } from '../undo/work-out.js';

export interface UndoPreview extends WorkedOut {
  /** The run that would be undone. */
  readonly undoes: number;
  /** What stays as it is, the first `MOST_LEFT` of them. */
  readonly leftValues: readonly LeftValue[];
}

const MOST_LEFT = 10_000;
/** Runs begin at 1: the plan of none, which is rolled back. */
const NO_RUN = 0;

/**
 * The very plan that undoing the run would make now, by the same statements, all rolled back.
 * @throws StoreError RUN_UNKNOWN, UNDO_NOT_APPLIED, UNDO_NOTHING, UNDO_DONE, DISTRICT_UNKNOWN
 */
export async function previewUndo(db: Db, { district, run }: RunRef): Promise<UndoPreview> {
  const key = await districtKey(db, district);
  const settings = await getDistrict(db, district);
  // One picture of the roster, whatever is applied meanwhile; nobody is kept waiting.
  const trx = await db.transaction({ isolationLevel: 'repeatable read' });
  try {
    await tuneForSets(trx);
    const target = { districtKey: key, run: NO_RUN };
    const plan = await workOutUndo(trx, target, run, settings);
    return { ...plan, undoes: run, leftValues: await leftValues(trx, key, NO_RUN) };
  } finally {
    await trx.rollback();
  }
}

/** What the undo of that run left as it is. @throws StoreError DISTRICT_UNKNOWN */
export async function getLeft(db: Db, { district, run }: RunRef): Promise<LeftValue[]> {
  return leftValues(db, await districtKey(db, district), run);
}

const leftValues = (db: Db, key: number, run: number): Promise<LeftValue[]> =>
  rows<LeftValue>(
    db,
    `select kind, key, other, value, why, by_run as "byRun" from rollcall.plan_left
     where district_key = ? and run = ? order by kind, key, other, value limit ${MOST_LEFT}`,
    [key, run],
  );
