/** Who says what of a key, on which lines: eight bytes a row while it is collected, then four. */
import { Ints } from './ints.js';
import { Pairs } from './pairs.js';

/** One value of a key and every line that says it, ascending. */
export interface Side {
  readonly value: number;
  readonly lines: Int32Array;
}

export interface Sides {
  /** In the order of lines. */
  add(key: number, value: number, line: number): void;
  /** Key → its sides, in the order of their first lines. */
  finish(): Map<number, Side[]>;
}

export function sides(): Sides {
  const pairs = new Pairs();
  /** By the number of the pair of key and value. */
  const keys = new Ints();
  const values = new Ints();
  const counts = new Ints();
  /** By row. */
  const pairOf = new Ints();
  const lineOf = new Ints();

  return {
    add: (key, value, line) => {
      const pair = pairs.add(key, value);
      if (pair === keys.length) {
        keys.push(key);
        values.push(value);
      }
      counts.set(pair, counts.get(pair) + 1);
      pairOf.push(pair);
      lineOf.push(line);
    },
    finish: () => {
      const all = new Int32Array(lineOf.length);
      const next = new Int32Array(keys.length);
      for (let pair = 1; pair < next.length; pair++) {
        next[pair] = next[pair - 1]! + counts.get(pair - 1);
      }
      for (let row = 0; row < all.length; row++) all[next[pairOf.get(row)]!++] = lineOf.get(row);
      const byKey = new Map<number, Side[]>();
      for (let pair = 0; pair < next.length; pair++) {
        const lines = all.subarray(next[pair]! - counts.get(pair), next[pair]);
        const side = { value: values.get(pair), lines };
        const others = byKey.get(keys.get(pair));
        if (others === undefined) byKey.set(keys.get(pair), [side]);
        else others.push(side);
      }
      return byKey;
    },
  };
}
