/**
 * What a file says in a form that two nights can be compared in, and kept: of each kind the things
 * as lines of text, in the file's order, and who is in which class by their places in it. Canonical
 * values hold neither tabs nor line ends (roster/rows.ts), which part them.
 */
import type { FileSays } from './file-says.js';

/** Class number `c` has `who[from[c]]` to `who[from[c + 1] - 1]`, by their places. */
export interface Members {
  readonly from: Int32Array;
  readonly who: Int32Array;
}
export interface Snapshot {
  /** `school_id, name` */
  readonly schools: readonly string[];
  /** `email, first name, last name` */
  readonly teachers: readonly string[];
  /** `class_id, name, school_id` */
  readonly classes: readonly string[];
  /** `email, first name, last name, grade level` */
  readonly students: readonly string[];
  readonly classTeachers: Members;
  readonly enrollments: Members;
}

/** With it the file's number of each thing, in the same order. */
export interface Numbered {
  readonly snapshot: Snapshot;
  readonly numbers: Readonly<Record<'schools' | 'teachers' | 'classes' | 'students', number[]>>;
}

/** The natural key at the beginning of a line. */
export const keyOf = (line: string): string => line.slice(0, line.indexOf('\t'));

export function takeSnapshot(says: FileSays): Numbered {
  const numbers = { schools: [], teachers: [], classes: [], students: [] } as {
    [kind in keyof Numbered['numbers']]: number[];
  };
  const list = <T extends { readonly n: number }>(
    kind: keyof typeof numbers,
    all: Iterable<T>,
    line: (one: T) => string,
  ): string[] => {
    const lines: string[] = [];
    for (const one of all) {
      lines.push(line(one));
      numbers[kind].push(one.n);
    }
    return lines;
  };
  const schools = list('schools', says.schools(), (one) => `${one.schoolId}\t${one.name}`);
  const teachers = list(
    'teachers',
    says.teachers(),
    (one) => `${one.email}\t${one.firstName}\t${one.lastName}`,
  );
  const students = list(
    'students',
    says.students(),
    (one) => `${one.email}\t${one.firstName}\t${one.lastName}\t${one.gradeLevel ?? ''}`,
  );
  const [schoolAt, teacherAt, studentAt] = [
    placesOf(numbers.schools),
    placesOf(numbers.teachers),
    placesOf(numbers.students),
  ];
  const [taught, attended] = [new Growing(), new Growing()];
  const classes = list('classes', says.classes(), (one) => {
    taught.add(one.teachers, teacherAt);
    attended.add(one.students, studentAt);
    return `${one.classId}\t${one.name}\t${keyOf(schools[schoolAt[one.school]!]!)}`;
  });
  const snapshot = {
    schools,
    teachers,
    classes,
    students,
    classTeachers: taught.members(),
    enrollments: attended.members(),
  };
  return { snapshot, numbers };
}

/** Number → place in the list. */
function placesOf(numbers: readonly number[]): Int32Array {
  const places = new Int32Array(numbers.reduce((most, n) => Math.max(most, n), -1) + 1);
  numbers.forEach((n, place) => (places[n] = place));
  return places;
}

class Growing {
  #who = new Int32Array(1024);
  readonly #from = [0];
  #length = 0;

  add(numbers: ArrayLike<number>, places: Int32Array): void {
    while (this.#length + numbers.length > this.#who.length) {
      const more = new Int32Array(this.#who.length * 2);
      more.set(this.#who);
      this.#who = more;
    }
    for (let at = 0; at < numbers.length; at++) this.#who[this.#length++] = places[numbers[at]!]!;
    this.#from.push(this.#length);
  }
  members(): Members {
    return { from: Int32Array.from(this.#from), who: this.#who.subarray(0, this.#length) };
  }
}

/** Another version of this form is another word: what it wrote is of no use then. */
const MAGIC = 'rollcall snapshot 1';
const KINDS = ['schools', 'teachers', 'classes', 'students'] as const;
const MEMBERS = ['classTeachers', 'enrollments'] as const;
const encoder = new TextEncoder();

/** As bytes: a line of JSON that says how long each part is, then the parts. */
export function* snapshotBytes(snapshot: Snapshot): Generator<Uint8Array> {
  const parts = [
    ...KINDS.map((kind) => encoder.encode(snapshot[kind].join('\n'))),
    ...MEMBERS.flatMap((kind) => [bytesOf(snapshot[kind].from), bytesOf(snapshot[kind].who)]),
  ];
  const counts = KINDS.map((kind) => snapshot[kind].length);
  const head = { magic: MAGIC, counts, lengths: parts.map(({ length }) => length) };
  yield encoder.encode(`${JSON.stringify(head)}\n`);
  yield* parts;
}

const bytesOf = (numbers: Int32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Null if the bytes are not whole, or of another version: then nobody may rely on them. */
export function readSnapshot(bytes: Uint8Array): Snapshot | null {
  const headEnd = bytes.indexOf(10);
  const head = headOf(bytes.subarray(0, Math.max(headEnd, 0)));
  if (head === null) return null;
  let at = headEnd + 1;
  const parts = head.lengths.map((length) => bytes.subarray(at, (at += length)));
  if (at !== bytes.length) return null;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const lists = KINDS.map((_, n) =>
    head.counts[n] === 0 ? [] : decoder.decode(parts[n]).split('\n'),
  ) as [string[], string[], string[], string[]];
  if (lists.some((list, n) => list.length !== head.counts[n])) return null;
  const members = (n: number): Members => ({
    from: numbersOf(parts[KINDS.length + 2 * n]!),
    who: numbersOf(parts[KINDS.length + 2 * n + 1]!),
  });
  const [schools, teachers, classes, students] = lists;
  const [classTeachers, enrollments] = [members(0), members(1)];
  return { schools, teachers, classes, students, classTeachers, enrollments };
}

interface Head {
  readonly counts: readonly number[];
  readonly lengths: readonly number[];
}
function headOf(bytes: Uint8Array): Head | null {
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes)) as Head & { magic?: unknown };
    const isOurs =
      head.magic === MAGIC && head.lengths.length === KINDS.length + 2 * MEMBERS.length;
    return isOurs ? head : null;
  } catch {
    return null;
  }
}

/** A copy, as a part of a file need not begin where numbers may. */
function numbersOf(bytes: Uint8Array): Int32Array {
  const numbers = new Int32Array(bytes.length >>> 2);
  new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength));
  return numbers;
}
