/**
 * Rows that stand, byte for byte, in the file before: what they say is told again by the numbers
 * of their cells. Only plain ones, of which there is nothing to tell but what they say; all
 * others are read as any row is.
 */
import { COLUMNS } from '../columns.js';
import type { Snapshot } from '../snapshot.js';
import { at, RULES } from './cross-rows.js';
import { isFlagged } from './ints.js';
import type { Renumbering } from './renumber.js';
import { sameLines } from './same-lines.js';
import type { AreSame, Piece } from './same-lines.js';
import type { Table } from './table.js';

const LF = 10;
/** So much of the file must be the same, on average, for each piece that is read. */
const BYTES_A_PIECE = 1_000;
const PIECES_TO_TRY = 64;
/** Fewer plain rows in between are read with the others: to change over takes longer. */
const WORTH_IT = 8;
const BLOCK_BYTES = 65_536;

/** What the reader of the text tells about itself. */
export interface Telling {
  readonly areSame: AreSame | undefined;
  /** Null until the file has shown how it is laid out. */
  table(): Table | null;
  /** Laid out as the file before, as far as it is known. */
  isAlike(): boolean;
  /** The way of all bytes, where nothing can be told. */
  inBlocks(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/**
 * What is left to be decoded and read of a file. One that does not begin as the file before is left
 * as it is: it may be of any kind.
 */
export async function withoutSame(
  now: AsyncIterable<Uint8Array>,
  old: AsyncIterable<Uint8Array>,
  before: Snapshot,
  numbers: Renumbering,
  { table, isAlike, inBlocks, areSame }: Telling,
): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly isTold: boolean }> {
  let [read, seen] = [0, 0];
  let isKnown = true;
  const isWorthIt = (): boolean =>
    isKnown && isAlike() && (read < PIECES_TO_TRY || read * BYTES_A_PIECE < seen);
  const pieces = sameLines(now, old, isWorthIt, areSame)[Symbol.asyncIterator]();
  const first = await pieces.next();
  isKnown = first.done !== true && first.value.was === 1;
  const all = async function* (): AsyncGenerator<Piece> {
    try {
      let next: IteratorResult<Piece, unknown> = first;
      while (next.done !== true) {
        seen += next.value.bytes.length;
        yield next.value;
        next = await pieces.next();
      }
    } finally {
      await pieces.return?.(undefined);
    }
  };
  if (isKnown) {
    const count = (): void => void read++;
    return { bytes: retold(all(), before, numbers, table, isAlike, count), isTold: true };
  }
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of all()) yield piece.bytes;
  };
  return { bytes: inBlocks(bytes()), isTold: false };
}

/**
 * Yields what is to be read, and tells the rest to the table meanwhile: what it yielded before must
 * have come there when it is asked for more.
 */
async function* retold(
  pieces: AsyncIterable<Piece>,
  before: Snapshot,
  numbers: Renumbering,
  table: Telling['table'],
  isAlike: Telling['isAlike'],
  onRead: () => void,
): AsyncGenerator<Uint8Array> {
  const rows = plainRows(before, numbers);
  const ids = new Int32Array(COLUMNS.length);
  for await (const { bytes, lines, was } of pieces) {
    if (was === null) {
      onRead();
      yield bytes;
      continue;
    }
    const ends = lineEnds(bytes);
    for (let done = 0; done < lines;) {
      const to = isAlike() ? table() : null;
      if (to?.isBetween() === true) {
        for (; done < lines; done++) {
          const row = rows.on(was + done);
          if (row < 0) break;
          const isKnown = rows.tell(row, ids);
          const told = to.retell(ids, isKnown);
          if (!isKnown && (told === true || (told !== false && (await told)))) rows.know(row);
          else if (typeof told !== 'boolean') await told;
        }
      }
      if (done === lines) break;
      const from = ends.of(done);
      // At least one line is read, and on to where it is worth it to tell again.
      const isRead = (line: number): boolean =>
        line < lines &&
        ends.of(line) - from < BLOCK_BYTES &&
        (to === null || !rows.areOn(was + line, Math.min(WORTH_IT, lines - line)));
      do done++;
      while (isRead(done));
      onRead();
      yield bytes.subarray(from, ends.of(done));
    }
  }
}

/** Where each line begins; they are asked for in order. */
function lineEnds(bytes: Uint8Array): { of(line: number): number } {
  let [line, at] = [0, 0];
  return {
    of: (wanted) => {
      for (; line < wanted; line++) at = bytes.indexOf(LF, at) + 1;
      return at;
    },
  };
}

interface PlainRows {
  /** The row that began on that line of the file before, or -1; lines mostly come in order. */
  on(line: number): number;
  /** One on each of so many lines. */
  areOn(line: number, lines: number): boolean;
  /**
   * Puts the numbers of its cells into `ids`, in the order of COLUMNS.
   * @returns whether all its keys are known: then only theirs are there
   */
  tell(row: number, ids: Int32Array): boolean;
  /** What is said of its keys is what was said first of them in this file, too. */
  know(row: number): void;
}

function plainRows({ rows, plain, first, values }: Snapshot, numbers: Renumbering): PlainRows {
  const [school, teacher, cls, student] = [
    at('school_id'),
    at('teacher_email'),
    at('class_id'),
    at('student_email'),
  ];
  const attributes = RULES.map(({ key, attribute }, n) => ({
    key: COLUMNS.indexOf(key),
    at: COLUMNS.indexOf(attribute),
    said: first[n]!,
  })).filter((one) => one.at !== school);
  const keys = new Int32Array(COLUMNS.length);
  const flags = (column: number): Uint8Array => new Uint8Array(values[column]!.length);
  const known = {
    school: flags(school),
    teacher: flags(teacher),
    class: flags(cls),
    student: flags(student),
  };
  let next = 0;

  const on = (line: number): number => {
    if (Math.abs(rows.line[next] ?? 0) !== line) next = rowOn(rows.line, line);
    if (Math.abs(rows.line[next] ?? 0) !== line) return -1;
    const row = next++;
    return isFlagged(plain, row) ? row : -1;
  };
  return {
    on,
    areOn: (line, lines) => {
      for (let n = 0; n < lines; n++) if (on(line + n) < 0) return false;
      return true;
    },
    tell: (row, ids) => {
      keys[school] = rows.school[row]!;
      keys[teacher] = rows.teacher[row]!;
      keys[cls] = rows.class[row]!;
      keys[student] = rows.student[row]!;
      ids[school] = numbers.adopt(school, keys[school]);
      ids[teacher] = numbers.adopt(teacher, keys[teacher]);
      ids[cls] = numbers.adopt(cls, keys[cls]);
      ids[student] = numbers.adopt(student, keys[student]);
      if (
        known.student[keys[student]] === 1 &&
        known.class[keys[cls]] === 1 &&
        known.teacher[keys[teacher]] === 1 &&
        known.school[keys[school]] === 1
      ) {
        return true;
      }
      for (const { key, at: column, said } of attributes) {
        ids[column] = numbers.adopt(column, said[keys[key]!]!);
      }
      return false;
    },
    know: (row) => {
      known.school[rows.school[row]!] = 1;
      known.teacher[rows.teacher[row]!] = 1;
      known.class[rows.class[row]!] = 1;
      known.student[rows.student[row]!] = 1;
    },
  };
}

/** The first row on that line or below it. */
function rowOn(lines: Int32Array, line: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Math.abs(lines[middle]!) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
