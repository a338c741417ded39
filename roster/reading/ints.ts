/** Growable arrays of 32-bit integers: four bytes a number, where an object would take forty. */
export class Ints {
  #data: Int32Array;
  #length = 0;
  readonly #empty: number;

  /** `empty` is what stands where nothing was set. */
  constructor(empty = 0) {
    this.#empty = empty;
    this.#data = new Int32Array(1024).fill(empty);
  }
  get length(): number {
    return this.#length;
  }
  get(index: number): number {
    return index < this.#length ? this.#data[index]! : this.#empty;
  }
  set(index: number, value: number): void {
    if (index >= this.#data.length) {
      const more = new Int32Array(Math.max(index + 1, this.#data.length * 2)).fill(this.#empty);
      more.set(this.#data);
      this.#data = more;
    }
    if (index >= this.#length) this.#length = index + 1;
    this.#data[index] = value;
  }
  push(value: number): void {
    this.set(this.#length, value);
  }
}
