/**
 * The folder in which a worker has its copies: `<folder>/<district>/<run>.csv`, a fetched file byte
 * for byte, and `<run>-<sha256>.snapshot`, what was read of one.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunRef } from '../../workflows/contract.js';

/** What may stand in a path: no separator, no leading dot, so no way out of the archive. */
const DISTRICT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Ours, whole or in the making; nothing else in such a folder is touched. */
const OURS = /^([1-9]\d{0,9})(?:-?([0-9a-f]*)\.snapshot|\.csv)(?:\.[A-Za-z0-9]+)*$/;

/** Makes the folder if it is missing. @throws TypeError for what is no district or no run */
export async function placeOf(folder: string, { district, run }: RunRef): Promise<string> {
  if (!DISTRICT_ID.test(district)) throw new TypeError('this is not the id of a district');
  if (!Number.isSafeInteger(run) || run < 1) throw new TypeError('this is not a run number');
  const home = path.join(folder, district);
  await mkdir(home, { recursive: true, mode: 0o700 });
  // A folder that was there before may be open to others: rosters name children.
  await chmod(home, 0o700);
  return path.join(home, String(run));
}

export function snapshotPath(place: string, sha256: string): string {
  if (!SHA256.test(sha256)) throw new TypeError('this is not the hash of a snapshot');
  return `${place}-${sha256}.snapshot`;
}

/**
 * Writes `beside` under another name and renames it to what `to` says in the end: under its name it
 * is whole. Readable by this user alone. @returns its path
 */
export async function writeWhole(
  beside: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  to: () => string,
  signal?: AbortSignal,
): Promise<string> {
  // Another process may be at the same: neither may take the other's half for its own.
  const part = `${beside}.${randomBytes(4).toString('hex')}.part`;
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    const path = to();
    await rename(part, path);
    return path;
  } finally {
    await rm(part, { force: true });
  }
}

export interface Copy {
  readonly path: string;
  readonly run: number;
  /** Its hash; null: a file. Empty: from before they were told apart. */
  readonly snapshot: string | null;
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** Ours in the folder of a district. */
export async function copiesIn(folder: string, district: string): Promise<Copy[]> {
  const home = path.join(folder, district);
  const copies: Copy[] = [];
  for (const name of await namesIn(home)) {
    const [, run, snapshot] = OURS.exec(name) ?? [];
    if (run === undefined) continue;
    const found = await stat(path.join(home, name)).catch(() => null);
    if (!found?.isFile()) continue;
    const facts = { run: Number(run), snapshot: snapshot ?? null, writtenAt: found.mtimeMs };
    copies.push({ path: path.join(home, name), ...facts });
  }
  return copies;
}

/** The folders that may be a district's. */
export const districtsIn = async (folder: string): Promise<string[]> =>
  (await namesIn(folder)).filter((name) => DISTRICT_ID.test(name));

/** A folder with something in it stays. */
export const removeEmpty = (folder: string, district: string): Promise<void> =>
  rmdir(path.join(folder, district)).catch(() => {});

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
