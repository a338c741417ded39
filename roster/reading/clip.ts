/** Texts that are kept beyond the block that they were cut from. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** UTF-16 units, of at most three bytes each. */
const SHORT = 300;
const buffer = new Uint8Array(SHORT * 3);

/**
 * A copy that stands alone. A slice of a string keeps the whole block that it was cut from
 * alive: a hundred thousand addresses would hold the file in memory.
 */
export function detach(text: string): string {
  if (text.length > SHORT) return decoder.decode(encoder.encode(text));
  // Without a new array each time: half of the cost.
  const { written } = encoder.encodeInto(text, buffer);
  return decoder.decode(buffer.subarray(0, written));
}

/** The first half of a character that takes two units. */
const HALF = /[\ud800-\udbff]$/;

/** A detached copy of at most `max` characters, and `…` if there was more. */
export const clip = (value: string, max: number): string =>
  value.length <= max ? detach(value) : `${detach(value.slice(0, max).replace(HALF, ''))}…`;
