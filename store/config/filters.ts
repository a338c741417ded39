/** Setting a district's filter: it is asked about first, and only what was looked at is set. */
import { canonicalFilter, type RosterFilter } from '../../roster/filter.js';
import type { Db } from '../db.js';
import { newestReadable } from '../filter-file.js';
import { StoreError } from '../errors.js';
import { districtKey, first, run } from '../sql.js';
import type { FilterPreview } from '../read/filter.js';
import type { District } from '../types.js';
import { setDistrict } from './districts.js';

/**
 * Asks for a preview of the filter, in place of any that was asked for before.
 * @returns its id, which confirms it later
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function askPreview(db: Db, district: string, filter: RosterFilter): Promise<string> {
  const key = await districtKey(db, district);
  return db.transaction(async (trx) => {
    await run(trx, 'delete from rollcall.filter_previews where district_key = ?', [key]);
    const asked = await first<{ id: string }>(
      trx,
      `insert into rollcall.filter_previews (district_key, filter) values (?, ?::jsonb)
       on conflict (district_key) do update
         set id = excluded.id, filter = excluded.filter, asked_at = now(), result = null
       returning id`,
      [key, JSON.stringify(canonicalFilter(filter))],
    );
    return asked!.id;
  });
}

/**
 * Sets the filter of that preview.
 * @throws StoreError PREVIEW_UNKNOWN (another was asked for since, or it was set already),
 *   PREVIEW_EMPTY (no class would be left), PREVIEW_BLIND (the file could not be looked at),
 *   PREVIEW_OLD (a newer file has come since), DISTRICT_UNKNOWN
 */
export async function confirmFilter(db: Db, district: string, id: string): Promise<District> {
  const key = await districtKey(db, district);
  return db.transaction(async (trx) => {
    const asked = await first<{ filter: RosterFilter; result: FilterPreview | null }>(
      trx,
      `select filter, result from rollcall.filter_previews
       where district_key = ? and id = ? for update`,
      [key, id],
    );
    if (!asked?.result) {
      throw new StoreError(
        'PREVIEW_UNKNOWN',
        'there is no such preview, or another one was made since; look at the filter again',
      );
    }
    await refuseBlindOnes(trx, key, asked.result);
    await run(trx, 'delete from rollcall.filter_previews where district_key = ?', [key]);
    return setDistrict(trx, district, { filter: asked.filter });
  });
}

async function refuseBlindOnes(trx: Db, key: number, seen: FilterPreview): Promise<void> {
  if (seen.state === 'nothing') {
    throw new StoreError('PREVIEW_EMPTY', 'no class would be left; a filter must keep some');
  }
  if (seen.state === 'gone' || seen.state === 'unreadable') {
    throw new StoreError('PREVIEW_BLIND', 'the newest file could not be looked at with it');
  }
  const newest = await newestReadable(trx, key);
  const looked = seen.state === 'ready' ? seen.file.sha256 : null;
  if ((newest?.sha256 ?? null) === looked) return;
  throw new StoreError('PREVIEW_OLD', 'a newer file has come since; look at the filter again');
}
