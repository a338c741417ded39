/** A gzip to its bytes, with the platform's own stream: browsers and Node both have it. */
import { Refusal } from './refusal.js';

/**
 * A roster packs 10 to 30 times smaller. Past the first of these bytes more than RATIO_MAX is a
 * bomb; past BYTES_MAX it is no district.
 */
const RATIO_MAX = 200;
const RATIO_FROM_BYTES = 64 * 1024 * 1024;
const BYTES_MAX = 4 * 1024 * 1024 * 1024;

/** Whether so many bytes may not come out of so many. */
export const isBomb = (given: number, taken: number): boolean =>
  given > BYTES_MAX || (given > RATIO_FROM_BYTES && given > taken * RATIO_MAX);

export const bomb = (): Refusal => new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_BOMB', { line: null });

export const canUnpack = (): boolean => typeof DecompressionStream === 'function';

/**
 * Yields what was compressed, as it comes. Throws Refusal NOT_TEXT_ARCHIVE_BROKEN for damaged or
 * cut bytes, NOT_TEXT_ARCHIVE_BOMB over the limits above, and whatever `source` throws.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!canUnpack()) throw new Refusal('NOT_TEXT', 'NOT_TEXT_PACKED');
  const stream = new DecompressionStream('gzip');
  const reader = stream.readable.getReader();
  let taken = 0;
  let given = 0;
  let broken: { readonly error: unknown } | null = null;
  const pumping = pump(source, stream.writable.getWriter(), {
    taken: (length) => {
      taken += length;
    },
    broken: (error) => {
      broken = { error };
    },
  });
  try {
    for (;;) {
      const piece = await reader.read().catch(() => null);
      if (piece === null) {
        await pumping;
        if (broken !== null) throw (broken as { error: unknown }).error;
        throw new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_BROKEN', { line: null });
      }
      if (piece.done) break;
      given += piece.value.length;
      if (isBomb(given, taken)) throw bomb();
      yield piece.value;
    }
    await pumping;
  } finally {
    // Also ends the pump, whose writes fail from here on.
    await reader.cancel().catch(() => undefined);
    await pumping;
  }
}

interface Pump {
  taken(length: number): void;
  /** The source failed, and not what it gave. */
  broken(error: unknown): void;
}

/** Feeds the stream; never rejects. */
async function pump(
  source: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
  told: Pump,
): Promise<void> {
  // Its rejection is heard where the readable side fails.
  writer.closed.catch(() => undefined);
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        next = await iterator.next();
      } catch (error) {
        told.broken(error);
        await writer.abort(error);
        return;
      }
      if (next.done === true) break;
      told.taken(next.value.length);
      // A copy: the source may use its memory again while the stream still holds on to it.
      await writer.write(next.value.slice());
    }
    await writer.close();
  } catch {
    // The reader gave up, or the bytes are damaged: the readable side says so.
    await Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
