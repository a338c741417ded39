/** The file that a filter is tried on. */
import type { Db } from './db.js';
import { first } from './sql.js';

export interface ReadableFile {
  readonly run: number;
  /** The run under whose number it is kept. */
  readonly readRun: number;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The newest one that was fetched and, as far as is known, can be read; null if there is none. One
 * that was refused only as no class of it was inside the filter is just what another filter is for.
 */
export async function newestReadable(db: Db, districtKey: number): Promise<ReadableFile | null> {
  const found = await first<{ run: number; read_run: number; sha256: string; bytes: string }>(
    db,
    `select run, coalesce(read_run, run) as read_run, sha256, bytes from rollcall.runs
     where district_key = ? and sha256 is not null
       and (outcome is distinct from 'refused' or problem = 'FILTER_EMPTY')
     order by run desc limit 1`,
    [districtKey],
  );
  if (found === null) return null;
  const { run, read_run: readRun, sha256, bytes } = found;
  return { run, readRun, sha256, bytes: Number(bytes) };
}
