import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Shape, writeRoster } from '../generate.js';

const FILES = path.join(tmpdir(), 'rollcall-bench-files');

/** The same file for every bench on this machine. */
export async function rosterFile(rows: number, shape: Shape): Promise<string> {
  await mkdir(FILES, { recursive: true });
  const file = path.join(FILES, `${rows}-${shape}.csv`);
  if ((await stat(file).catch(() => null)) === null) await writeRoster(file, rows, shape);
  return file;
}
