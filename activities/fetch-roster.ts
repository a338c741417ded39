import { getDistrict } from '../store/config/districts.js';
import { lastFetch, recordFetch, sameBytes } from '../store/runs.js';
import type { Activities, Fetched, RunRef } from '../workflows/contract.js';
import { type AtWork, atWork } from './at-work.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';
import { SourceProblem } from './ports.js';
import { sourceAddress } from './source-address.js';

/**
 * Brings the district's file into the archive, byte for byte, and notes its hash, size and time.
 * Run again after that, it answers from the note: the district may have uploaded another file
 * since, and one run has one file.
 */
export const fetchRoster =
  (deps: Deps): Activities['fetchRoster'] =>
  ({ district, run }) =>
    atWork(deps.db, district, (tools) => fetchOnce(deps, { district, run }, tools));

async function fetchOnce(deps: Deps, ref: RunRef, tools: AtWork): Promise<Fetched> {
  const to = await deps.archive.pathFor(ref);
  const noted = await lastFetch(deps.db, ref.district, ref.run + 1);
  if (noted?.run === ref.run && (await deps.archive.keep(ref, noted, tools.signal))) {
    return answer(deps, ref, noted);
  }
  try {
    const address = await sourceAddress(deps, await getDistrict(deps.db, ref.district));
    const fetched = await deps.source.fetch(address, to, {
      onProgress: (bytes) => tools.progress({ bytes }),
      signal: tools.signal,
    });
    // Noted is only what every worker can read, whatever becomes of this one.
    if (!(await deps.archive.keep(ref, fetched, tools.signal))) throw failureOf('ARCHIVE_MISSING');
    await recordFetch(deps.db, ref, fetched);
    return await answer(deps, ref, fetched);
  } catch (error) {
    if (error instanceof SourceProblem) return { ok: false, problem: error.code };
    throw error;
  }
}

async function answer(
  { db }: Deps,
  ref: RunRef,
  { sha256, bytes }: { sha256: string; bytes: number },
): Promise<Fetched> {
  const same = await sameBytes(db, ref, sha256);
  return { ok: true, sha256, bytes, ...same };
}
