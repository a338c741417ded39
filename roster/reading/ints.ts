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
  /** A copy in one piece. */
  flat(): Int32Array {
    const all = new Int32Array(this.#length);
    let at = 0;
    for (const view of this.views()) {
      all.set(view, at);
      at += view.length;
    }
    return all;
  }
  /** The first `length` numbers as they lie in memory: good until the next one is set. */
  *views(length = this.#length): Generator<Int32Array> {
    for (let at = 0; at < length; at += PIECE) {
      const piece = this.#pieces[at >>> BITS];
      const left = Math.min(PIECE, length - at);
      yield piece === undefined ? new Int32Array(left).fill(this.#empty) : piece.subarray(0, left);
    }
  }
}

/** Growable flags, a bit each; none is set. */
export class Flags {
  readonly #words = new Ints();

  set(index: number): void {
    const word = index >>> 5;
    this.#words.set(word, this.#words.get(word) | (1 << (index & 31)));
  }
  get(index: number): boolean {
    return ((this.#words.get(index >>> 5) >>> (index & 31)) & 1) === 1;
  }
  /** In 32-bit words, for `length` flags. */
  views(length: number): Generator<Int32Array> {
    return this.#words.views((length + 31) >>> 5);
  }
}
export const isFlagged = (words: Int32Array, index: number): boolean =>
  ((words[index >>> 5]! >>> (index & 31)) & 1) === 1;
