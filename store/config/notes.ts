/** What people wrote (why a plan was rejected, why logins fail): kept here, never in a history. */
import type { Db } from '../db.js';
import { districtKey, first, storable } from '../sql.js';

const LONGEST = 20_000;
const REFERENCE = /^note\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @returns the reference `note/<id>` @throws StoreError DISTRICT_UNKNOWN */
export async function keepNote(db: Db, district: string, text: string): Promise<string> {
  const key = await districtKey(db, district);
  const note = await first<{ id: string }>(
    db,
    'insert into rollcall.notes (district_key, text) values (?, ?) returning id',
    [key, storable(text).slice(0, LONGEST)],
  );
  return `note/${note?.id}`;
}

/** Null if this district has no such note; another district's is not read out. */
export async function readNote(db: Db, district: string, ref: string): Promise<string | null> {
  const id = REFERENCE.exec(ref)?.[1];
  if (!id) return null;
  const note = await first<{ text: string }>(
    db,
    `select n.text from rollcall.notes n join rollcall.districts d on d.key = n.district_key
     where d.id = ? and n.id = ?`,
    [storable(district), id],
  );
  return note?.text ?? null;
}
