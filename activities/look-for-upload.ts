import { getDistrict } from '../store/config/districts.js';
import { lastFetch, sightUpload } from '../store/runs.js';
import type { District } from '../store/types.js';
import type { Activities, UploadSeen } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { type FileStat, SourceProblem } from './ports.js';
import { showsWholeFiles, sourceAddress } from './source-address.js';

/** One look at the district's file. */
export const lookForUpload =
  (deps: Deps): Activities['lookForUpload'] =>
  async ({ district: id, anyFile }) =>
    look(deps, await getDistrict(deps.db, id), anyFile);

/**
 * Only the one agreed name is looked at, so that temporary names of an upload (`roster.csv.part`,
 * `.filepart`) are never taken for the file. Most servers cannot know when an upload is complete:
 * there the file counts as whole once its size and time stood still for the quiet time, by our
 * clock, as the server's may be anything.
 */
export async function look(deps: Deps, district: District, anyFile = false): Promise<UploadSeen> {
  const stat = await statOf(deps, district);
  if (stat === null) return { state: 'none' };
  if (stat instanceof SourceProblem) return { state: 'problem', problem: stat.code };
  if (stat.kind !== 'file') return { state: 'problem', problem: 'NOT_A_FILE' };

  const modifiedAt = new Date(stat.modifiedAt).toISOString();
  const last = anyFile ? null : await lastFetch(deps.db, district.id);
  if (last && last.bytes === stat.size && Date.parse(last.modifiedAt) === stat.modifiedAt) {
    return { state: 'same' };
  }
  if (showsWholeFiles(deps, district)) return { state: 'ready', bytes: stat.size, modifiedAt };
  const now = deps.clock.now();
  const seen = { size: stat.size, modifiedAt: stat.modifiedAt, now };
  const { stillSince } = await sightUpload(deps.db, district.id, seen);
  if (now - stillSince < district.timings.quietFor) return { state: 'settling' };
  return { state: 'ready', bytes: stat.size, modifiedAt };
}

async function statOf(deps: Deps, district: District): Promise<FileStat | SourceProblem | null> {
  try {
    return await deps.source.stat(await sourceAddress(deps, district));
  } catch (error) {
    if (error instanceof SourceProblem) return error;
    throw error;
  }
}
