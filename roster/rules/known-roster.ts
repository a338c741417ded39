/**
 * What the last accepted file said, as far as rules compare a new one with it. The store gives
 * it; `check FILE` goes without. It comes in batches, so that a reading holds the new file only.
 */

export interface KnownSchool {
  readonly id: string;
  readonly name: string;
  /** Active students in its active classes, each once. */
  readonly students: number;
}
export interface KnownClass {
  readonly id: string;
  readonly name: string;
  readonly students: number;
}
export interface KnownTeacher {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}
export interface KnownStudent extends KnownTeacher {
  readonly gradeLevel: string;
}

/** Active ones only, canonical as the reader makes them, each once, in any order. */
export interface KnownRoster {
  schools(): AsyncIterable<readonly KnownSchool[]>;
  teachers(): AsyncIterable<readonly KnownTeacher[]>;
  classes(): AsyncIterable<readonly KnownClass[]>;
  students(): AsyncIterable<readonly KnownStudent[]>;
}

/** The same by the numbers that values have in the new file, -1 for one that it does not have. */
export interface KnownPlace {
  readonly id: number;
  /** The id itself. */
  readonly value: string;
  readonly name: number;
  readonly students: number;
}
export interface KnownPerson {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  /** Students only. */
  readonly grade: number | null;
  readonly firstName: string;
  readonly lastName: string;
}
export interface Known {
  schools(): AsyncIterable<Iterable<KnownPlace>>;
  teachers(): AsyncIterable<Iterable<KnownPerson>>;
  classes(): AsyncIterable<Iterable<KnownPlace>>;
  students(): AsyncIterable<Iterable<KnownPerson>>;
}
