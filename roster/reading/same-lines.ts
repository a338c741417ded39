/**
 * Which lines of a file stand in the file before, too. Both are read side by side, a piece at a
 * time; where they part, the next lines that they share are looked for, first near by and then
 * further on. What is not found is new: that costs time and changes nothing else.
 */

/** Whole lines of the file, in its order; only the last piece may lack its line feed. */
export interface Piece {
  /** Good until the next one is asked for. */
  readonly bytes: Uint8Array;
  /** Line feeds in it. */
  readonly lines: number;
  /** The line of the file before, counted from 1, with which the same lines begin there; or null. */
  readonly was: number | null;
}

const LF = 10;
/** Bytes of each file that are at hand: what moved further than this is not found again. */
const WINDOW = 1 << 22;
/** Lines that are looked at for the next shared one, and so on until one is found. */
const REACHES = [8, 64, 512, Number.POSITIVE_INFINITY] as const;

export type AreSame = (a: Uint8Array, b: Uint8Array) => boolean;

/**
 * @param isWorthIt asked before each comparison; once it says no, all that is left is new
 * @param areSame whether two arrays of one length are, if that can be told quicker than byte by byte
 */
export async function* sameLines(
  now: AsyncIterable<Uint8Array>,
  before: AsyncIterable<Uint8Array>,
  isWorthIt: () => boolean,
  areSame?: AreSame,
): AsyncGenerator<Piece> {
  const [a, b] = [window(before), window(now)];
  try {
    for (;;) {
      await b.fill();
      if (b.isDone()) return;
      if (!isWorthIt()) {
        yield { bytes: b.take(b.bytes().length), lines: 0, was: null };
        continue;
      }
      await a.fill();
      const same = sharedLines(a.bytes(), b.bytes(), areSame);
      if (same.bytes > 0) {
        const was = a.line();
        a.skip(same);
        yield { bytes: b.take(same.bytes), lines: same.lines, was };
        continue;
      }
      const [old, fresh] = untilShared(a.bytes(), b.bytes());
      a.skip(old);
      // Lines that are the same again: the next turn finds them.
      if (fresh.bytes > 0) yield { bytes: b.take(fresh.bytes), lines: fresh.lines, was: null };
    }
  } finally {
    await a.close();
    await b.close();
  }
}

interface Stretch {
  readonly bytes: number;
  readonly lines: number;
}

interface Window {
  fill(): Promise<void>;
  /** All that is at hand. */
  bytes(): Uint8Array;
  /** There is no more, neither here nor to come. */
  isDone(): boolean;
  /** The line with which the bytes begin. */
  line(): number;
  take(bytes: number): Uint8Array;
  skip(stretch: Stretch): void;
  close(): Promise<void>;
}

function window(source: AsyncIterable<Uint8Array>): Window {
  const pieces = source[Symbol.asyncIterator]();
  let buffer = new Uint8Array(2 * WINDOW);
  let [from, to] = [0, 0];
  let ended = false;
  let line = 1;
  const put = (piece: Uint8Array): void => {
    if (to + piece.length > buffer.length) {
      const left = buffer.subarray(from, to);
      const fits = left.length + piece.length <= buffer.length;
      const next = fits ? buffer : new Uint8Array(2 * (left.length + piece.length));
      next.set(left);
      [buffer, from, to] = [next, 0, left.length];
    }
    buffer.set(piece, to);
    to += piece.length;
  };
  const isOpen = (): boolean => !ended && to - from < WINDOW;
  return {
    fill: async () => {
      while (isOpen()) {
        const next = await pieces.next();
        if (next.done === true) ended = true;
        else put(next.value);
      }
    },
    bytes: () => buffer.subarray(from, to),
    isDone: () => ended && from === to,
    line: () => line,
    take: (bytes) => buffer.subarray(from, (from += bytes)),
    skip: ({ bytes, lines }) => {
      from += bytes;
      line += lines;
    },
    close: async () => {
      await pieces.return?.();
    },
  };
}

/** The whole lines with which both go on. */
function sharedLines(old: Uint8Array, fresh: Uint8Array, areSame?: AreSame): Stretch {
  const bytes = sharedBytes(old, fresh, areSame);
  const end = bytes === 0 ? 0 : fresh.lastIndexOf(LF, bytes - 1) + 1;
  let lines = 0;
  for (let at = 0; at < end; at = fresh.indexOf(LF, at) + 1) lines++;
  return { bytes: end, lines };
}

/** What is compared at once, and where that differs, in halves down to this. */
const LARGEST = 1 << 16;
const SMALLEST = 1 << 6;

function sharedBytes(old: Uint8Array, fresh: Uint8Array, areSame?: AreSame): number {
  const length = Math.min(old.length, fresh.length);
  let at = 0;
  for (let size = areSame ? LARGEST : 0; size >= SMALLEST; size >>>= 1) {
    const isSameAt = (): boolean =>
      areSame!(old.subarray(at, at + size), fresh.subarray(at, at + size));
    while (at + size <= length && isSameAt()) at += size;
  }
  while (at < length && old[at] === fresh[at]) at++;
  return at;
}

/** How far each goes until they share a line; all that is at hand, if they do not. */
function untilShared(old: Uint8Array, fresh: Uint8Array): [old: Stretch, fresh: Stretch] {
  let [oldEnds, freshEnds]: [number[], number[]] = [[], []];
  for (const reach of REACHES) {
    oldEnds = lineEnds(old, reach);
    freshEnds = lineEnds(fresh, reach);
    const met = meet(old, oldEnds, fresh, freshEnds);
    if (met !== null) return [stretch(oldEnds, met.old), stretch(freshEnds, met.fresh)];
    if (oldEnds.length < reach && freshEnds.length < reach) break;
  }
  // A line without an end has not come to it yet, or is the last one.
  const all = { bytes: fresh.length, lines: freshEnds.length };
  return [
    stretch(oldEnds, oldEnds.length),
    freshEnds.length === 0 ? all : stretch(freshEnds, freshEnds.length),
  ];
}

const stretch = (ends: readonly number[], lines: number): Stretch => ({
  bytes: lines === 0 ? 0 : ends[lines - 1]!,
  lines,
});

/** Where the first `most` lines end, line feeds included. */
function lineEnds(bytes: Uint8Array, most: number): number[] {
  const ends: number[] = [];
  for (let at = 0; ends.length < most;) {
    const end = bytes.indexOf(LF, at);
    if (end < 0) break;
    ends.push((at = end + 1));
  }
  return ends;
}

/** The first fresh line that is an old one, too, and which that is. */
function meet(
  old: Uint8Array,
  oldEnds: readonly number[],
  fresh: Uint8Array,
  freshEnds: readonly number[],
): { readonly old: number; readonly fresh: number } | null {
  const lines = new Map<number, number>();
  for (let n = oldEnds.length - 1; n >= 0; n--) {
    lines.set(hashOf(old, oldEnds[n - 1] ?? 0, oldEnds[n]!), n);
  }
  for (let n = 0; n < freshEnds.length; n++) {
    const [from, end] = [freshEnds[n - 1] ?? 0, freshEnds[n]!];
    const found = lines.get(hashOf(fresh, from, end));
    if (found === undefined) continue;
    const begin = oldEnds[found - 1] ?? 0;
    if (isSame(old, begin, oldEnds[found]!, fresh, from, end)) return { old: found, fresh: n };
  }
  return null;
}

function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function isSame(
  a: Uint8Array,
  aFrom: number,
  aEnd: number,
  b: Uint8Array,
  bFrom: number,
  bEnd: number,
): boolean {
  if (aEnd - aFrom !== bEnd - bFrom) return false;
  for (let at = aFrom; at < aEnd; at++) if (a[at] !== b[bFrom + at - aFrom]) return false;
  return true;
}
