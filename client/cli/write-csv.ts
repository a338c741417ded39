import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { clean } from './text.js';
import { usage } from '../errors.js';
import { findingsCsv, type FindingLine } from '../../roster/reports/findings-csv.js';

/** Some ten thousand short lines a write. */
const BATCH_CHARACTERS = 1_000_000;

/**
 * Writes all findings to `name`, whole or not at all, readable by its owner only, as it holds
 * what stands in the district's file. @returns the absolute path
 */
export async function writeFindings(
  cwd: string,
  name: string,
  findings: Iterable<FindingLine>,
): Promise<string> {
  const file = path.resolve(cwd, name);
  const part = `${file}.${process.pid}.part`;
  try {
    const handle = await open(part, 'w', 0o600);
    try {
      let batch = '';
      for (const line of findingsCsv(findings)) {
        batch += line;
        if (batch.length < BATCH_CHARACTERS) continue;
        await handle.write(batch);
        batch = '';
      }
      await handle.write(batch);
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return file;
  } catch (error) {
    await rm(part, { force: true });
    const why = (error as NodeJS.ErrnoException).code ?? 'error';
    throw usage('CANNOT_WRITE', `${clean(name)} cannot be written (${why}); give another path.`);
  }
}
