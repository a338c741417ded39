/**
 * A zip archive that is held in memory, read by @zip.js/zip.js at its strictest: what two programs
 * could read differently is refused. Names are looked at, and nothing is ever written under them.
 */
import {
  configure,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_UNSUPPORTED_ENCRYPTION,
  Uint8ArrayReader,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-custom.js';
import type { FileEntry } from '@zip.js/zip.js';
import { Refusal } from './refusal.js';
import { withoutSpareEnd } from './zip-end.js';

const ENTRIES_MAX = 10_000;
const LOCKED: readonly string[] = [
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_UNSUPPORTED_ENCRYPTION,
];

configure({
  // A page's policy may forbid them.
  useWebWorkers: false,
  // A piece of a bomb grows a thousandfold before anybody can stop it.
  chunkSize: 16_384,
  // Without workers too, an archive beyond so many waits until another one ends.
  maxWorkers: 1_000,
});

export interface ZipFile {
  readonly name: string;
  /** Its bytes as they stand in the archive, and unpacked: what the directory says. */
  readonly packed: number;
  readonly size: number;
  /**
   * Throws as `zipFiles` does, also for another size or checksum than the directory has, and
   * NOT_TEXT_ARCHIVE_LOCKED with a password. Never yields more than `size` bytes.
   */
  content(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Its files, without folders. Throws Refusal NOT_TEXT_ARCHIVE_BROKEN for what is cut, damaged, in
 * several parts, beyond 10,000 files, or says one thing here and another there.
 */
export async function zipFiles(archive: Uint8Array): Promise<ZipFile[]> {
  const reader = new ZipReader(new Uint8ArrayReader(withoutSpareEnd(archive)), {
    strictness: 'strict',
    filenameValidation: 'tolerant',
  });
  const files: ZipFile[] = [];
  let seen = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      // Each takes some kilobytes of memory.
      if (++seen > ENTRIES_MAX) throw new RangeError('too many files');
      if (entry.directory) continue;
      files.push({
        name: entry.filename,
        packed: entry.compressedSize,
        size: entry.uncompressedSize,
        content: () => contentOf(entry),
      });
    }
  } catch (error) {
    throw refusal(error);
  }
  return files;
}

async function* contentOf(entry: FileEntry): AsyncGenerator<Uint8Array, void, undefined> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const ended = entry
    .getData(writable, { checkCrc32: true, checkOverlappingEntry: true })
    // What it refuses before the first byte, it does not tell the stream.
    .catch((error: unknown) => writable.abort(error))
    .catch(() => undefined);
  const reader = readable.getReader();
  try {
    for (;;) {
      const piece = await reader.read().catch((error: unknown) => {
        throw refusal(error);
      });
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await ended;
  }
}

/** Where the damage stands among the lines inside depends on chance, so it has no line. */
const refusal = (error: unknown): Refusal =>
  error instanceof Error && LOCKED.includes(error.message)
    ? new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_LOCKED')
    : new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_BROKEN', { line: null });
