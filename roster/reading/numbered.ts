/**
 * Numbers distinct texts: the first is 0, a new one gets the next number. A Map from text to
 * number takes two to three times as long to find one of half a million (docs/decisions/0013),
 * and finding them is most of what reading a file costs.
 */
export interface Numbered {
  /** The number of a text, or -1. */
  find(text: string): number;
  /** Numbers a text that `find` does not find. It is kept as it is: detach a part of a larger one. */
  add(text: string): number;
  /** The number of a text, a new one if it has none yet; it is kept as it is. */
  number(text: string): number;
  value(id: number): string;
  size(): number;
}

const SMALLEST = 1 << 10;

/** Open addressing: where the text's number stands, and its hash beside it. */
export function numbered(): Numbered {
  const values: string[] = [];
  // Another one each time, so that no file can be made whose texts all meet in one place.
  const seed = Math.floor(Math.random() * 0x1_0000_0000);
  let ids = new Int32Array(SMALLEST).fill(-1);
  let hashes = new Int32Array(SMALLEST);

  const put = (id: number, hash: number): void => {
    const mask = ids.length - 1;
    let slot = hash & mask;
    while (ids[slot]! >= 0) slot = (slot + 1) & mask;
    ids[slot] = id;
    hashes[slot] = hash;
  };
  const grow = (): void => {
    const [oldIds, oldHashes] = [ids, hashes];
    ids = new Int32Array(oldIds.length * 2).fill(-1);
    hashes = new Int32Array(ids.length);
    for (let slot = 0; slot < oldIds.length; slot++) {
      if (oldIds[slot]! >= 0) put(oldIds[slot]!, oldHashes[slot]!);
    }
  };

  const findBy = (hash: number, text: string): number => {
    const mask = ids.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = ids[slot]!;
      if (id < 0) return -1;
      if (hashes[slot] === hash && values[id] === text) return id;
    }
  };
  const addBy = (hash: number, text: string): number => {
    if (values.length * 10 >= ids.length * 6) grow();
    const id = values.push(text) - 1;
    put(id, hash);
    return id;
  };

  return {
    find: (text) => findBy(hashOf(text, seed), text),
    add: (text) => addBy(hashOf(text, seed), text),
    number: (text) => {
      const hash = hashOf(text, seed);
      const known = findBy(hash, text);
      return known >= 0 ? known : addBy(hash, text);
    },
    value: (id) => values[id]!,
    size: () => values.length,
  };
}

/** 32 bits; each letter's bits reach all others, as murmur's steps do. */
function hashOf(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x2c1b3c6d);
  return hash ^ (hash >>> 16);
}
