/**
 * Fetched files, one per run, byte for byte: `<folder>/<district>/<run>.csv`; beside them
 * `<run>.snapshot`, what was read of a file.
 */
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Archive } from '../../activities/ports.js';

/** What may stand in a path: no separator, no leading dot, so no way out of the archive. */
const DISTRICT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SNAPSHOT = /^([1-9]\d{0,9})\.snapshot$/;

/** @param folder absolute; made when the first file comes, readable by this user alone */
export function createArchive(folder: string): Archive {
  const placeOf = async ({ district, run }: { district: string; run: number }) => {
    if (!DISTRICT_ID.test(district)) throw new TypeError('this is not the id of a district');
    if (!Number.isSafeInteger(run) || run < 1) throw new TypeError('this is not a run number');
    const home = path.join(folder, district);
    await mkdir(home, { recursive: true, mode: 0o700 });
    // A folder that was there before may be open to others: rosters name children.
    await chmod(home, 0o700);
    return { home, base: path.join(home, String(run)) };
  };
  return {
    pathFor: async (ref) => `${(await placeOf(ref)).base}.csv`,
    snapshotOf: async (ref) => {
      const { base } = await placeOf(ref);
      return readFile(`${base}.snapshot`).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      });
    },
    keepSnapshot: async (ref, pieces, oldest) => {
      const { home, base } = await placeOf(ref);
      const part = `${base}.snapshot.part`;
      const file = await open(part, 'w', 0o600);
      try {
        for (const piece of pieces) await file.write(piece);
      } finally {
        await file.close();
      }
      // Under its name it is whole.
      await rename(part, `${base}.snapshot`);
      for (const name of await readdir(home)) {
        const run = SNAPSHOT.exec(name)?.[1];
        if (run !== undefined && Number(run) < oldest)
          await rm(path.join(home, name), { force: true });
      }
    },
  };
}
