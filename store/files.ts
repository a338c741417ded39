/**
 * Fetched files and what was read of them, where every worker finds them. Each is there whole or
 * not at all: it is written in one transaction, and a crash in the middle leaves nothing.
 */
import type { Db } from './db.js';
import { type Content, readPieces, writePieces } from './files/pieces.js';
import { districtKey, first, run as execute } from './sql.js';
import type { RunRef } from './types.js';

export { CHUNKS_AT_ONCE, PIECE_BYTES, type Content } from './files/pieces.js';

/** `roster`: as it was fetched. `snapshot`: what was read of one (roster/snapshot.ts). */
export type FileKind = 'roster' | 'snapshot';
/** Opens the bytes; asked only if they are not kept yet. In chunks of at most PIECE_BYTES. */
export type Source = () => AsyncIterable<Uint8Array>;

/**
 * Keeps a run's file. Bytes that are kept already are not read, only noted as used today.
 * @returns false if what `source` gave is not `file`: then nothing is kept
 * @throws StoreError DISTRICT_UNKNOWN, and whatever `source` throws
 */
export async function keepFile(
  db: Db,
  ref: RunRef,
  kind: FileKind,
  file: Content,
  source: Source,
  signal?: AbortSignal,
): Promise<boolean> {
  const district = await districtKey(db, ref.district);
  try {
    await db.transaction(async (trx) => {
      const { key, isNew } = await claim(trx, district, ref.run, kind, file);
      if (!isNew) return;
      const { sha256, bytes } = await writePieces(trx, key, source(), signal);
      if (sha256 !== file.sha256 || bytes !== file.bytes) throw new OtherBytes();
    });
    return true;
  } catch (error) {
    if (error instanceof OtherBytes) return false;
    throw error;
  }
}

/** Rolls the transaction back without being an error to anybody. */
class OtherBytes extends Error {}

/** Whoever keeps the same bytes at the same moment waits here for the first, and finds them. */
async function claim(
  trx: Db,
  district: number,
  run: number,
  kind: FileKind,
  { sha256, bytes }: Content,
): Promise<{ key: string; isNew: boolean }> {
  // Only a row that was there before has been locked, which is what xmax says.
  const claimed = await first<{ key: string; is_new: boolean }>(
    trx,
    `insert into rollcall.files as f (district_key, run, kind, sha256, bytes)
     values (?, ?, ?, ?, ?)
     on conflict (district_key, kind, sha256) do update
       set kept_at = now(), run = greatest(f.run, excluded.run)
     returning key, xmax = 0 as is_new`,
    [district, run, kind, sha256, bytes],
  );
  return { key: claimed!.key, isNew: claimed!.is_new };
}

/**
 * The bytes of a kept file, or null if it is not kept. They throw ARCHIVE_DAMAGED, at their end at
 * the latest, if they are not what was kept. @throws StoreError DISTRICT_UNKNOWN
 */
export async function fileContent(
  db: Db,
  district: string,
  kind: FileKind,
  sha256: string,
): Promise<AsyncGenerator<Buffer> | null> {
  const found = await first<{ key: string; bytes: string }>(
    db,
    'select key, bytes from rollcall.files where district_key = ? and kind = ? and sha256 = ?',
    [await districtKey(db, district), kind, sha256],
  );
  return found && readPieces(db, found.key, { sha256, bytes: Number(found.bytes) });
}

/** What is damaged there must not stand in the way of the next fetch of the same bytes. */
export async function forgetFile(
  db: Db,
  district: string,
  kind: FileKind,
  sha256: string,
): Promise<void> {
  await execute(
    db,
    'delete from rollcall.files where district_key = ? and kind = ? and sha256 = ?',
    [await districtKey(db, district), kind, sha256],
  );
}

/** What runs before `oldest` have read is not compared with any more. @throws StoreError DISTRICT_UNKNOWN */
export async function dropSnapshots(db: Db, district: string, oldest: number): Promise<void> {
  await execute(
    db,
    `delete from rollcall.files where district_key = ? and kind = 'snapshot' and run < ?`,
    [await districtKey(db, district), oldest],
  );
}
