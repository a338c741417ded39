/**
 * Keeps every request inside its account's home. A path is taken apart first, with `..` stopping
 * at the home as in a chroot, and then walked component by component: nothing on the way may be a
 * symbolic link, and what is opened is opened with O_NOFOLLOW.
 */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { noSuchFile, notAllowed } from './refusals.js';

/** What an account sees as `/`. */
export interface View {
  /** Absolute; the folder of all homes. */
  readonly homes: string;
  /** The district whose home it is; null for the worker's account, which sees them all. */
  readonly district: string | null;
}

export interface Place {
  /** On this machine. */
  readonly path: string;
  /** Below the account's `/`; empty for `/` itself. */
  readonly parts: readonly string[];
  /** Null if nothing is there. A file or a folder, never a link or a device. */
  readonly stats: Stats | null;
}

/** Uploads wait here, on the same file system, until they are whole. Nobody sees it. */
export const WAITING_ROOM = '.uploads';

/** What may name a home: one component, and none that is hidden. */
export const isHomeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);

/** The components of a client's path; relative ones start at `/`. */
export function partsOf(wanted: string): string[] {
  if (wanted.includes('\0')) throw noSuchFile();
  const parts: string[] = [];
  for (const part of wanted.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** The path as the client sees it. */
export const asSeen = (parts: readonly string[]): string => `/${parts.join('/')}`;

/** Throws a Refusal, or ENOENT and the like, if there is no way to its folder. */
export async function locate(view: View, wanted: string): Promise<Place> {
  const parts = partsOf(wanted);
  const steps = view.district === null ? parts : [view.district, ...parts];
  if (steps[0] === WAITING_ROOM) throw noSuchFile();
  let at = view.homes;
  for (const [nth, step] of steps.entries()) {
    at = path.join(at, step);
    const last = nth === steps.length - 1;
    const stats = await lookAt(at);
    if (last) return { path: at, parts, stats };
    // What OpenSSH answers too for a path that leads through a file.
    if (!stats?.isDirectory()) throw noSuchFile();
  }
  return { path: at, parts, stats: await lstat(at) };
}

async function lookAt(at: string): Promise<Stats | null> {
  try {
    const stats = await lstat(at);
    if (!isShown(stats)) throw notAllowed('only files and folders can be reached here');
    return stats;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Links, devices and pipes are not for clients, and so not in listings either. */
export const isShown = (one: { isFile(): boolean; isDirectory(): boolean }): boolean =>
  one.isFile() || one.isDirectory();

/** As {@link locate}, for what has to be there. */
export async function locateExisting(
  view: View,
  wanted: string,
): Promise<Place & { stats: Stats }> {
  const place = await locate(view, wanted);
  if (place.stats === null) throw noSuchFile();
  return { ...place, stats: place.stats };
}

/** As {@link locate}, for what is going to be made, moved or removed: the home itself stays. */
export async function locateBelowHome(view: View, wanted: string): Promise<Place> {
  const place = await locate(view, wanted);
  if (place.parts.length === 0) throw notAllowed('this is the home folder itself');
  return place;
}

const TEMPORARY = /(^\.|\.(filepart|part|tmp|swp)$|~$)/i;

/** Names that programs give to files which are not whole yet. */
export const isTemporary = (name: string): boolean => TEMPORARY.test(name);
