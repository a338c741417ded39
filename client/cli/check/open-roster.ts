/** Opens the file of `check`: a plain one, that stays the same from the first byte to the last. */
import type { Stats } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { usage } from '../../errors.js';
import { clean } from '../text.js';
import { assertReplaceable } from '../whole-files.js';

export interface OpenRoster {
  /** Absolute. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** From the first byte, as often as it is asked for. */
  bytes(): AsyncIterable<Uint8Array>;
  /** @throws RollcallError FILE_CHANGED */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** @throws RollcallError NO_FILE, NOT_A_FILE, UNREADABLE */
export async function openRoster(cwd: string, name: string): Promise<OpenRoster> {
  const file = path.resolve(cwd, name);
  try {
    // Looked at before it is opened: a pipe that nobody writes to would never open.
    refuseOddKinds(await stat(file), name);
    const handle = await open(file, 'r');
    const before = await handle.stat();
    refuseOddKinds(before, name);
    return {
      file,
      size: before.size,
      bytes: () => read(handle, name),
      assertUnchanged: () => assertUnchanged(file, handle, before, name),
      close: () => handle.close(),
    };
  } catch (error) {
    throw inWords(error, name);
  }
}

function refuseOddKinds(found: Stats, name: string): void {
  if (found.isDirectory()) throw bad('NOT_A_FILE', name, 'is a folder');
  if (!found.isFile()) throw bad('NOT_A_FILE', name, 'is not a plain file');
}

async function* read(handle: FileHandle, name: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  let at = 0;
  for (;;) {
    let length: number;
    try {
      length = (await handle.read(buffer, 0, CHUNK_BYTES, at)).bytesRead;
    } catch (error) {
      throw inWords(error, name);
    }
    if (length === 0) return;
    at += length;
    yield buffer.subarray(0, length);
  }
}

async function assertUnchanged(
  file: string,
  handle: FileHandle,
  before: Stats,
  name: string,
): Promise<void> {
  const after = await handle.stat();
  // A program that saves writes another file and gives it the name.
  const named = await stat(file).catch(() => null);
  const isSame =
    after.size === before.size && after.mtimeMs === before.mtimeMs && named?.ino === before.ino;
  if (isSame) return;
  throw usage(
    'FILE_CHANGED',
    `${clean(name)} was changed or removed while it was read; try again when nothing writes to it.`,
  );
}

const bad = (code: string, name: string, what: string) =>
  usage(code, `${clean(name)} ${what}; give the path of a roster file as CSV.`);

/** Errors of Node name the path; ours say it once, cleaned. */
function inWords(error: unknown, name: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return bad('NO_FILE', name, 'does not exist');
  if (code === 'EACCES' || code === 'EPERM')
    return bad('UNREADABLE', name, 'may not be read by you');
  return usage('UNREADABLE', `${clean(name)} cannot be read (${code}); try a copy of it.`);
}

/**
 * Where outputs go, checked before anything is read.
 * @throws RollcallError CANNOT_WRITE if one would overwrite the roster, another one, or what is no plain file
 */
export async function assertApart(
  cwd: string,
  roster: string,
  outputs: readonly (readonly [option: string, name: string])[],
): Promise<void> {
  const taken = new Set([roster, await realpath(roster)]);
  for (const [option, name] of outputs) {
    if (name === '') throw usage('CANNOT_WRITE', `${option}: give the path of a file.`);
    await assertReplaceable(cwd, name);
    const target = path.resolve(cwd, name);
    const real = (await realpath(target).catch(() => null)) ?? target;
    if (taken.has(target) || taken.has(real)) {
      throw usage(
        'CANNOT_WRITE',
        `${option} would overwrite the roster file or another report; give another path.`,
      );
    }
    taken.add(target).add(real);
  }
}
