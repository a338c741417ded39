/** A file's bytes, the next block being read while this one is looked at. */
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** From the page cache a block takes a tenth of a millisecond, and to be told of it as long. */
const BLOCK_BYTES = 1 << 20;

/** From the beginning, wherever the handle stands. A block is good until the next one is asked for. */
export async function* fileBlocks(file: FileHandle): AsyncGenerator<Buffer> {
  const blocks = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)] as const;
  let [at, turn] = [0, 0];
  const begin = () => file.read(blocks[turn % 2]!, 0, BLOCK_BYTES, at);
  let reading = begin();
  try {
    for (;;) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return;
      at += bytesRead;
      turn += 1;
      reading = begin();
      // Its trouble is heard when it is waited for, which may be never.
      reading.catch(() => {});
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // Nobody may close the file, or take its memory, in the middle of it.
    await reading.catch(() => {});
  }
}

/** The same, hashed on the way. */
export async function* hashedBlocks(file: FileHandle, hash: Hash): AsyncGenerator<Buffer> {
  for await (const block of fileBlocks(file)) {
    hash.update(block);
    yield block;
  }
}

/** SHA-256 of all of it, in hex. */
export async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const _ of hashedBlocks(file, hash)) continue;
  return hash.digest('hex');
}
