import { type FileHandle, open } from 'node:fs/promises';
import type { RunRef } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';
import type { FileIdentity } from './ports.js';

/** What was read is not what was fetched. */
export class OtherBytes extends Error {}

/**
 * Reads a run's file from this worker's copy. Where `read` finds that it is not what was fetched,
 * it is read once more from a new copy of what all workers share.
 * @param read throws OtherBytes, and keeps nothing then
 * @throws ApplicationFailure ARCHIVE_MISSING, ARCHIVE_DAMAGED
 */
export async function fromArchive<T>(
  { archive, log }: Pick<Deps, 'archive' | 'log'>,
  ref: RunRef,
  fetched: FileIdentity & { readonly readRun: number },
  signal: AbortSignal,
  read: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const at = { district: ref.district, run: fetched.readRun };
  for (const isDamaged of [false, true]) {
    const path = await archive.copyOf(at, fetched, { isDamaged, signal });
    if (path === null) throw failureOf(isDamaged ? 'ARCHIVE_DAMAGED' : 'ARCHIVE_MISSING');
    const file = await open(path, 'r');
    try {
      return await read(file);
    } catch (error) {
      if (!(error instanceof OtherBytes)) throw error;
      log.warn({ ...ref, isRestored: isDamaged }, 'the copy of a file is not what was fetched');
    } finally {
      await file.close();
    }
  }
  throw failureOf('ARCHIVE_DAMAGED');
}
