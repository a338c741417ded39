/** What an expert would write by hand in psql: bench/rival, timed as whole psql processes. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, 'rival');
const PSQL = ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1'];

/** @throws Error with what psql said; ENOENT where it is not installed */
const psql = (url: string, ...args: string[]): Promise<unknown> =>
  run('psql', [...PSQL, url, ...args]);

export const prepareRival = (url: string): Promise<unknown> =>
  psql(url, '--file', path.join(FOLDER, 'schema.sql'));

/** Seconds from the file on disk to its tables. `merge`: `first.sql` or, later, `merge.sql`. */
export async function loadByRival(
  url: string,
  file: string,
  merge: 'first' | 'merge',
): Promise<number> {
  const began = performance.now();
  await psql(url, '--file', path.join(FOLDER, 'stage.sql'));
  await psql(url, '--command', `\\copy r.stage from '${file}' with (format csv, header true)`);
  await psql(url, '--file', path.join(FOLDER, `${merge}.sql`));
  return (performance.now() - began) / 1000;
}
