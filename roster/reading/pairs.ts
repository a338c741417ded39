/** Numbers pairs of small integers: the first pair is 0, a new one gets the next number. */
export class Pairs {
  #keys = new Float64Array(1024).fill(-1);
  #ids = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The pair's number; equal to the size before the call if the pair is new. */
  add(a: number, b: number): number {
    if (this.#size * 10 >= this.#keys.length * 7) this.#grow();
    // Exact: both are far below 2^26, and a double holds integers up to 2^53.
    const key = a * 67_108_864 + b;
    const slot = this.#slot(this.#keys, key, a, b);
    if (this.#keys[slot] === key) return this.#ids[slot]!;
    this.#keys[slot] = key;
    this.#ids[slot] = this.#size;
    return this.#size++;
  }

  #slot(keys: Float64Array, key: number, a: number, b: number): number {
    const mask = keys.length - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2).fill(-1);
    const ids = new Int32Array(keys.length);
    this.#keys.forEach((key, from) => {
      if (key === -1) return;
      const a = Math.floor(key / 67_108_864);
      const slot = this.#slot(keys, key, a, key - a * 67_108_864);
      keys[slot] = key;
      ids[slot] = this.#ids[from]!;
    });
    this.#keys = keys;
    this.#ids = ids;
  }
}
