/**
 * Growable arrays of 32-bit integers: four bytes a number, where an object would take forty. In
 * pieces, so that growing neither copies nor doubles what is there.
 */
const BITS = 14;
const PIECE = 1 << BITS;
const MASK = PIECE - 1;

export class Ints {
  readonly #pieces: Int32Array[] = [];
  #length = 0;
  readonly #empty: number;

  /** `empty` is what stands where nothing was set. */
  constructor(empty = 0) {
    this.#empty = empty;
  }
  get length(): number {
    return this.#length;
  }
  get(index: number): number {
    return index < this.#length ? this.#pieces[index >>> BITS]![index & MASK]! : this.#empty;
  }
  set(index: number, value: number): void {
    while (index >>> BITS >= this.#pieces.length) {
      this.#pieces.push(new Int32Array(PIECE).fill(this.#empty));
    }
    if (index >= this.#length) this.#length = index + 1;
    this.#pieces[index >>> BITS]![index & MASK] = value;
  }
  push(value: number): void {
    this.set(this.#length, value);
  }
}
