/**
 * Fetched files and what was read of them: in Postgres for all workers, in a folder for this one.
 * The folder is a cache and may be emptied at any time.
 */
import { createHash } from 'node:crypto';
import { access, open, readFile, rm } from 'node:fs/promises';
import type { Archive } from '../../activities/ports.js';
import { fileBlocks } from '../../activities/file-blocks.js';
import type { Log } from '../../activities/deps.js';
import type { Db } from '../../store/db.js';
import { StoreError } from '../../store/errors.js';
import {
  CHUNKS_AT_ONCE,
  type Content,
  dropSnapshots,
  fileContent,
  forgetFile,
  keepFile,
  PIECE_BYTES,
} from '../../store/files.js';
import type { RunRef } from '../../workflows/contract.js';
import { copiesIn, placeOf, snapshotPath, writeWhole } from './archive-folder.js';
import { tidyCopies } from './archive-tidy.js';

export interface WorkerArchive extends Archive {
  /** Comes back when what was read is with all workers, as far as it could be brought there. */
  settled(): Promise<void>;
}

/** @param folder absolute; made when the first file comes, readable by this user alone */
export function createArchive(folder: string, db: Db, log: Pick<Log, 'warn'>): WorkerArchive {
  /** One at a time: each takes a connection and some of the processor, and nobody waits for it. */
  let sharing = Promise.resolve();
  const share = (ref: RunRef, file: Content, path: string, oldest: number): void => {
    sharing = sharing
      .then(async () => {
        await keepFile(db, ref, 'snapshot', file, () => bytesOf(path));
        await dropSnapshots(db, ref.district, oldest);
      })
      .catch(() => {
        const { district, run } = ref;
        log.warn({ district, run }, 'what was read could not be kept for other workers');
      });
  };
  const fileOf = async (ref: RunRef): Promise<string> => `${await placeOf(folder, ref)}.csv`;
  return {
    pathFor: fileOf,

    async keep(ref, file, signal) {
      const path = await fileOf(ref);
      return unlessMissing(false, () =>
        keepFile(db, ref, 'roster', file, () => bytesOf(path), signal),
      );
    },

    async copyOf(ref, file, { isDamaged, signal }) {
      const path = await fileOf(ref);
      if (!isDamaged && (await isThere(path))) return path;
      const content = await fileContent(db, ref.district, 'roster', file.sha256);
      if (content === null) return null;
      try {
        await writeWhole(path, content, () => path, signal);
      } catch (error) {
        if (error instanceof StoreError && error.code === 'ARCHIVE_DAMAGED') {
          await forgetFile(db, ref.district, 'roster', file.sha256);
        }
        throw error;
      }
      return path;
    },

    async contentHere(ref) {
      const path = await fileOf(ref);
      return (await isThere(path)) ? blocksOf(path) : null;
    },

    async snapshotOf(ref, sha256) {
      const path = snapshotPath(await placeOf(folder, ref), sha256);
      const here = await unlessMissing(null, () => readFile(path));
      if (here !== null && hashOf(here) === sha256) return here;
      const content = await fileContent(db, ref.district, 'snapshot', sha256);
      return content && wholeOf(content);
    },

    async keepSnapshot(ref, pieces, oldest) {
      const place = await placeOf(folder, ref);
      let content: Content = { sha256: '', bytes: 0 };
      const hashed = hashing(pieces, (whole) => (content = whole));
      const name = (): string => snapshotPath(place, content.sha256);
      const path = await writeWhole(`${place}.snapshot`, hashed, name);
      for (const copy of await copiesIn(folder, ref.district)) {
        if (copy.snapshot !== null && copy.run < oldest) await rm(copy.path, { force: true });
      }
      share(ref, content, path, oldest);
      return content.sha256;
    },

    tidy: (district) => tidyCopies(db, folder, district),
    settled: () => sharing,
  };
}

/**
 * In chunks of memory that is used again when as many others have been asked for: a stream's, of
 * which each is new, would lie about until they are collected, all of a large file.
 */
async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const chunks = Array.from({ length: CHUNKS_AT_ONCE }, () => Buffer.allocUnsafe(PIECE_BYTES));
  const file = await open(path, 'r');
  try {
    for (let [turn, at] = [0, 0]; ; turn++) {
      const chunk = chunks[turn % CHUNKS_AT_ONCE]!;
      let filled = 0;
      for (let read = -1; filled < PIECE_BYTES && read !== 0; filled += read) {
        const left = PIECE_BYTES - filled;
        ({ bytesRead: read } = await file.read(chunk, filled, left, at + filled));
      }
      if (filled === 0) return;
      at += filled;
      yield chunk.subarray(0, filled);
    }
  } finally {
    await file.close();
  }
}

/** Hands on the pieces; `done` hears what they were. */
function* hashing(
  pieces: Iterable<Uint8Array>,
  done: (content: Content) => void,
): Generator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  done({ sha256: hash.digest('hex'), bytes });
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* blocksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    yield* fileBlocks(file);
  } finally {
    await file.close();
  }
}

async function wholeOf(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function unlessMissing<T, M>(missing: M, work: () => Promise<T>): Promise<T | M> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing;
    throw error;
  }
}
