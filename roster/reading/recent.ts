/** Remembers what was asked for lately: between `size` and twice as many, by their `cell`. */
export interface Recent<T> {
  get(cell: string): T | undefined;
  add(value: T): void;
}

/** Two generations: what is asked for in the older one lives on, the rest goes with it. */
export function recent<T extends { readonly cell: string }>(size: number): Recent<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const add = (value: T): void => {
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(value.cell, value);
  };
  return {
    get: (cell) => {
      const known = young.get(cell);
      if (known !== undefined || old.size === 0) return known;
      const older = old.get(cell);
      if (older !== undefined) add(older);
      return older;
    },
    add,
  };
}
