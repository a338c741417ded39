/** Texts that are kept beyond the block that they were cut from. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A copy that stands alone. A slice of a string keeps the whole block that it was cut from
 * alive: a hundred thousand addresses would hold the file in memory.
 */
export const detach = (text: string): string => decoder.decode(encoder.encode(text));

/** The first half of a character that takes two units. */
const HALF = /[\ud800-\udbff]$/;

/** A detached copy of at most `max` characters, and `…` if there was more. */
export const clip = (value: string, max: number): string =>
  value.length <= max ? detach(value) : `${detach(value.slice(0, max).replace(HALF, ''))}…`;
