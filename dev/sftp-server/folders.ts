/** Listing, making, moving and removing. */
import { lstat, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { FileEntry } from 'ssh2';
import { entryOf } from './attributes.js';
import { WAITING_ROOM, isShown, locate, locateBelowHome, locateExisting } from './confine.js';
import type { View } from './confine.js';
import { failure, noSuchFile } from './refusals.js';

/** Everything in a folder that clients may see, by name. */
export async function list(view: View, wanted: string): Promise<FileEntry[]> {
  const { path: folder, stats } = await locateExisting(view, wanted);
  if (!stats.isDirectory()) throw failure('it is not a folder');
  const entries: FileEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const at = path.join(folder, name);
    if (at === path.join(view.homes, WAITING_ROOM)) continue;
    // It may have gone since the names were read.
    const one = await lstat(at).catch(() => null);
    if (one !== null && isShown(one)) entries.push(entryOf(name, one));
  }
  return entries;
}

export async function makeFolder(view: View, wanted: string): Promise<void> {
  const { path: folder, stats } = await locateBelowHome(view, wanted);
  if (stats !== null) throw failure('it exists already');
  await mkdir(folder, { mode: 0o700 });
}

export async function removeFolder(view: View, wanted: string): Promise<void> {
  const { path: folder, stats } = await locateBelowHome(view, wanted);
  if (stats === null) throw noSuchFile();
  if (!stats.isDirectory()) throw failure('it is not a folder');
  await rmdir(folder);
}

export async function removeFile(view: View, wanted: string): Promise<void> {
  const { path: file, stats } = await locateBelowHome(view, wanted);
  if (stats === null) throw noSuchFile();
  if (stats.isDirectory()) throw failure('it is a folder');
  await unlink(file);
}

/**
 * A file takes the place of another in one step. (SFTP's draft would refuse; OpenSSH replaces
 * through an extension that ssh2 cannot announce. A script that uploads beside the old file and
 * then renames has to work on its second night too.)
 * @returns the new place below the account's `/`, and whether it is a file
 */
export async function move(
  view: View,
  from: string,
  to: string,
): Promise<{ parts: readonly string[]; isFile: boolean }> {
  const source = await locateBelowHome(view, from);
  if (source.stats === null) throw noSuchFile();
  const target = await locateBelowHome(view, to);
  const isFile = source.stats.isFile();
  if (target.stats !== null && !(isFile && target.stats.isFile())) {
    throw failure('it exists already');
  }
  await rename(source.path, target.path);
  return { parts: target.parts, isFile };
}

/** Makes a district's home, with the folder for reports. Safe to repeat. */
export async function makeHome(homes: string, district: string): Promise<void> {
  const view = { homes, district: null };
  for (const folder of [`/${district}`, `/${district}/reports`]) {
    const { path: at, stats } = await locate(view, folder);
    if (stats === null) await mkdir(at, { recursive: true, mode: 0o700 });
  }
}
