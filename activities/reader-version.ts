/** Which reader read a file: what another one found in it may not be told again. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const READER = path.resolve(import.meta.dirname, '../roster');
let known: Promise<string> | null = null;

/** A hash of the reader's own program, so that nobody has to think of counting a version up. */
export const readerVersion = (): Promise<string> => (known ??= hashOf(READER));

async function hashOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((one) => one.isFile() && /\.[jt]s$/.test(one.name) && !one.name.endsWith('.d.ts'))
    .map((one) => path.join(one.parentPath, one.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${path.relative(folder, file)}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}
