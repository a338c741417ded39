/** Files that a command writes: whole or not at all, and readable by their owner only. */
import { rmSync } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { clean } from './text.js';
import { usage } from '../errors.js';

/** Some ten thousand short lines a write. */
const BATCH_CHARACTERS = 1_000_000;

export type Put = (text: string) => void | Promise<void>;

/**
 * Writes several files together under other names, and gives them their own when all are whole.
 * They hold what stands in the district's file. If `write` gives null, none of them is made.
 * @param names below `cwd`, or absolute
 * @throws RollcallError CANNOT_WRITE; what `write` throws
 */
export async function writeWhole<T>(
  cwd: string,
  names: readonly string[],
  write: (puts: readonly Put[]) => Promise<T | null>,
): Promise<T | null> {
  const parts: Part[] = [];
  const stop = onStop(() => parts.map(({ at }) => at));
  try {
    for (const name of names) {
      await assertReplaceable(cwd, name);
      parts.push(await openPart(path.resolve(cwd, name), name));
    }
    const result = await write(parts.map((part) => part.put));
    if (result === null) return null;
    for (const part of parts) await part.finish();
    for (const part of parts) await part.keep();
    return result;
  } finally {
    // After they were kept there is nothing left to remove.
    for (const part of parts) await part.discard();
    stop();
  }
}

/** A command that is stopped on the way leaves nothing behind, least of all what names pupils. */
function onStop(partsNow: () => readonly string[]): () => void {
  const ended = (signal: NodeJS.Signals): void => {
    for (const at of partsNow()) rmSync(at, { force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', ended).once('SIGTERM', ended);
  return () => process.off('SIGINT', ended).off('SIGTERM', ended);
}

/**
 * A file that is whole takes the place of what had its name, which must not be /dev/null or a
 * folder. @throws RollcallError CANNOT_WRITE
 */
export async function assertReplaceable(cwd: string, name: string): Promise<void> {
  const found = await stat(path.resolve(cwd, name)).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? 'is a folder' : 'is not a plain file';
  throw usage('CANNOT_WRITE', `${clean(name)} ${what}; give the path of a file to write.`);
}

interface Part {
  /** Its name until it is whole. */
  readonly at: string;
  readonly put: Put;
  finish(): Promise<void>;
  keep(): Promise<void>;
  discard(): Promise<void>;
}

async function openPart(file: string, name: string): Promise<Part> {
  const at = `${file}.${process.pid}.part`;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'error';
      throw usage('CANNOT_WRITE', `${clean(name)} cannot be written (${why}); give another path.`);
    }
  };
  const handle: FileHandle = await guarded(() => open(at, 'w', 0o600));
  let isOpen = true;
  let batch = '';
  const flush = (): Promise<void> => {
    const text = batch;
    batch = '';
    return guarded(() => handle.writeFile(text));
  };
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    at,
    put: (text) => {
      batch += text;
      return batch.length < BATCH_CHARACTERS ? undefined : flush();
    },
    finish: async () => {
      await flush();
      await guarded(() => handle.sync());
      await close();
    },
    keep: () => guarded(() => rename(at, file)),
    discard: async () => {
      await close();
      await rm(at, { force: true });
    },
  };
}
