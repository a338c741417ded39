/**
 * Reading and writing files. A new upload is written aside and takes its name when it is closed,
 * in one step: a cut-off upload changes nothing, and whoever reads the old file reads it whole.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import type { Attributes } from 'ssh2';
import { attributesOf } from './attributes.js';
import { WAITING_ROOM, locateBelowHome } from './confine.js';
import type { Place, View } from './confine.js';
import type { OpenFile } from './handles.js';
import { STATUS_CODE, Refusal, badHandle, failure, noSuchFile, toRefusal } from './refusals.js';

const { OPEN_MODE } = ssh2.utils.sftp;
/** More than any client asks for at once; ssh2 takes packets of 256 KiB. */
const LARGEST_READ = 255 * 1024;

/** @param flags SFTP's pflags */
export async function openFile(view: View, wanted: string, flags: number): Promise<OpenFile> {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const writable = has(OPEN_MODE.WRITE) || has(OPEN_MODE.APPEND);
  const place = await locateBelowHome(view, wanted);
  if (place.stats?.isDirectory()) throw failure('it is a folder');
  if (place.stats === null && !(writable && has(OPEN_MODE.CREAT))) throw noSuchFile();
  if (place.stats !== null && has(OPEN_MODE.CREAT) && has(OPEN_MODE.EXCL)) {
    throw failure('it exists already');
  }
  const afresh = writable && (place.stats === null || has(OPEN_MODE.TRUNC));
  const waiting = afresh ? { at: await waitingPlace(view), target: place.path } : null;
  const file = await open(waiting?.at ?? place.path, openFlags(has, writable, afresh), 0o600);
  return {
    kind: 'file',
    file,
    parts: place.parts,
    writable,
    waiting,
    touched: afresh,
    broken: null,
  };
}

function openFlags(has: (flag: number) => boolean, writable: boolean, afresh: boolean): number {
  const both = writable && has(OPEN_MODE.READ);
  const access = both ? constants.O_RDWR : writable ? constants.O_WRONLY : constants.O_RDONLY;
  const append = has(OPEN_MODE.APPEND) ? constants.O_APPEND : 0;
  const make = afresh ? constants.O_CREAT | constants.O_EXCL : 0;
  return access | append | make | constants.O_NOFOLLOW | constants.O_NONBLOCK;
}

async function waitingPlace({ homes }: View): Promise<string> {
  const room = path.join(homes, WAITING_ROOM);
  await mkdir(room, { recursive: true, mode: 0o700 });
  return path.join(room, randomBytes(12).toString('hex'));
}

/** At most `length` bytes from `offset`; a Refusal with status EOF behind the end. */
export async function readFrom(one: OpenFile, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(length, LARGEST_READ));
  const { bytesRead } = await one.file.read(buffer, 0, buffer.length, offset);
  if (bytesRead === 0 && length > 0) throw new Refusal(STATUS_CODE.EOF, 'end of file');
  return buffer.subarray(0, bytesRead);
}

/** @param most bytes that the file may have */
export async function writeTo(
  one: OpenFile,
  offset: number,
  data: Buffer,
  most: number,
): Promise<void> {
  if (!one.writable) throw badHandle();
  one.touched = true;
  try {
    if (offset + data.length > most) throw tooLarge(most);
    let done = 0;
    while (done < data.length) {
      const { bytesWritten } = await one.file.write(data, done, data.length - done, offset + done);
      done += bytesWritten;
    }
  } catch (error) {
    one.broken = toRefusal(error).message;
    throw error;
  }
}

const tooLarge = (most: number): Refusal =>
  failure(`the file is larger than the ${most} bytes that are allowed here`);

/** Times and size; modes and owners are accepted and left alone, as they are the same for all. */
export async function setAttributes(
  one: OpenFile,
  attributes: Partial<Attributes>,
  most: number,
): Promise<void> {
  const { size, atime, mtime } = attributes;
  if (size !== undefined) {
    if (!one.writable) throw badHandle();
    if (size > most) throw tooLarge(most);
    one.touched = true;
    await one.file.truncate(size);
  }
  if (mtime !== undefined) await one.file.utimes(atime ?? mtime, mtime);
}

/** The same for a path: only files have anything to set. */
export async function setAttributesAt(
  place: Place,
  attributes: Partial<Attributes>,
  most: number,
): Promise<void> {
  if (!place.stats?.isFile()) return;
  const writable = attributes.size !== undefined;
  const access = writable ? constants.O_WRONLY : constants.O_RDONLY;
  const file = await open(place.path, access | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { parts } = place;
    const one: OpenFile = {
      kind: 'file',
      file,
      parts,
      writable,
      waiting: null,
      touched: false,
      broken: null,
    };
    await setAttributes(one, attributes, most);
  } finally {
    await file.close();
  }
}

export async function attributesAt(one: OpenFile): Promise<Attributes> {
  return attributesOf(await one.file.stat());
}

/** Closes; a new upload takes its name. @returns whether a whole file was written */
export async function finish(one: OpenFile): Promise<boolean> {
  const { file, waiting } = one;
  try {
    // A second time, as many programs show only what the last answer was.
    if (one.broken !== null) throw failure(one.broken);
    if (one.touched) await file.sync();
    if (waiting) await rename(waiting.at, waiting.target);
    return one.touched;
  } finally {
    await discard(one);
  }
}

/** Closes; what waited is gone. */
export async function discard({ file, waiting }: OpenFile): Promise<void> {
  await file.close();
  if (waiting) await rm(waiting.at, { force: true });
}
