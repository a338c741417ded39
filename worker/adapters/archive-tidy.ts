/** A worker's copies hold children's data and take its disk: they go when they are of no use. */
import { rm } from 'node:fs/promises';
import { wantedHere } from '../../store/old-files.js';
import type { Db } from '../../store/db.js';
import { StoreError } from '../../store/errors.js';
import { copiesIn, districtsIn, removeEmpty } from './archive-folder.js';

/** A night and the morning after it; later a copy can be had from Postgres again. */
const KEPT_HERE_FOR_MS = 86_400_000;

/**
 * Deletes copies that are older than a day, but for what a district's next run is compared with
 * or may have to read again. A district that is gone takes all of its copies.
 * @param only this district; without it all that have a folder here
 */
export async function tidyCopies(db: Db, folder: string, only?: string): Promise<void> {
  const districts = only === undefined ? await districtsIn(folder) : [only];
  for (const district of districts) {
    const copies = await copiesIn(folder, district);
    if (copies.length > 0) {
      const wanted = await wantedOf(db, district);
      for (const { path, run, snapshot, writtenAt } of copies) {
        const isWanted =
          snapshot === null ? wanted?.files.includes(run) : wanted?.snapshots.includes(snapshot);
        const isYoung = Date.now() - writtenAt < KEPT_HERE_FOR_MS;
        if (wanted === null || (!isYoung && !isWanted)) await rm(path, { force: true });
      }
    }
    await removeEmpty(folder, district);
  }
}

/** Null: there is no such district any more. */
async function wantedOf(db: Db, district: string) {
  try {
    return await wantedHere(db, district);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'DISTRICT_UNKNOWN') return null;
    throw error;
  }
}
