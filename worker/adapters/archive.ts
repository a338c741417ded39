/** Fetched files, one per run, byte for byte: `<folder>/<district>/<run>.csv`. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Archive } from '../../activities/ports.js';

/** What may stand in a path: no separator, no leading dot, so no way out of the archive. */
const DISTRICT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** @param folder absolute; made when the first file comes, readable by this user alone */
export function createArchive(folder: string): Archive {
  return {
    async pathFor({ district, run }) {
      if (!DISTRICT_ID.test(district)) throw new TypeError('this is not the id of a district');
      if (!Number.isSafeInteger(run) || run < 1) throw new TypeError('this is not a run number');
      const home = path.join(folder, district);
      await mkdir(home, { recursive: true, mode: 0o700 });
      // A folder that was there before may be open to others: rosters name children.
      await chmod(home, 0o700);
      return path.join(home, `${run}.csv`);
    },
  };
}
