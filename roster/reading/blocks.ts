/** Step 1: pieces of any size to blocks of one size, so that nothing after it sees a chunk border. */

/** A block holds the longest signature that `decode` looks for. */
const SMALLEST = 16;

/**
 * Yields the same bytes in blocks of `size` bytes, the last one shorter. A block may be a view
 * on what the source handed in: it is good until the next one is asked for.
 */
export async function* blocks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const length = Math.max(SMALLEST, size);
  const block = new Uint8Array(length);
  let filled = 0;
  for await (const piece of source) {
    let at = 0;
    while (at < piece.length) {
      const whole = filled === 0 && piece.length - at >= length;
      if (whole) {
        yield piece.subarray(at, at + length);
        at += length;
        continue;
      }
      const part = piece.subarray(at, at + length - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < length) continue;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
