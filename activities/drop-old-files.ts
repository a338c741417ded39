import { dropOldFiles as dropOldFilesIn } from '../store/old-files.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/**
 * Deletes the district's files that are older than it keeps them and not needed any more, and this
 * worker's copies; the other workers look after theirs by themselves (worker/keep-tidy.ts).
 */
export const dropOldFiles =
  ({ db, archive, log }: Deps): Activities['dropOldFiles'] =>
  async ({ district }) => {
    const counts = await dropOldFilesIn(db, district);
    await archive.tidy(district);
    if (counts.files > 0) log.info({ district, ...counts }, 'old files were removed');
    return { counts: { ...counts }, more: false };
  };
