/**
 * What a reading leaves behind for the next night: the values of each column by their numbers, and
 * of each row the numbers of its four keys. So the next file's rows that stand in this one need not
 * be read again (reading/retell.ts), and what it says can be compared by numbers (says-delta.ts).
 * Canonical values hold no line ends (rows.ts), which part them here.
 */
import { COLUMNS } from './columns.js';
import type { FileSays } from './file-says.js';
import { RULES } from './reading/cross-rows.js';
import type { ReadNumbers } from './reading/cross-rows.js';

export interface Snapshot {
  /** How the file was laid out; null: its lines cannot be compared with another file's. */
  readonly layout: string | null;
  /** Of each of COLUMNS, by number. A value that only rejected rows have is one, too. */
  readonly values: readonly (readonly string[])[];
  /** Of each of reading/cross-rows.ts's RULES: number of the key → of what was said first, or -1. */
  readonly first: readonly Int32Array[];
  readonly rows: SnapshotRows;
  /** A bit a row: its four keys say all that it does. */
  readonly plain: Int32Array;
  /** By the number of the class: 1 where its accepted rows count. */
  readonly classes: Int32Array;
}
export interface SnapshotRows {
  readonly school: Int32Array;
  readonly teacher: Int32Array;
  readonly class: Int32Array;
  readonly student: Int32Array;
  /** Below zero: the row is rejected. */
  readonly line: Int32Array;
}

/** Another version of this form is another word: what it wrote is of no use then. */
const MAGIC = 'rollcall snapshot 2';
const ROW_PARTS = ['school', 'teacher', 'class', 'student', 'line'] as const;
const encoder = new TextEncoder();
/** Values that are made to bytes at a time. */
const BATCH = 16_384;
const LENGTH_BYTES = 8;

interface Foot {
  readonly magic: string;
  readonly layout: string | null;
  /** Bytes of each part, in their order. */
  readonly lengths: readonly number[];
  readonly counts: readonly number[];
}

/**
 * As bytes: the parts, a line of JSON that says how long each is, and that line's length. A block
 * is good until the next one is asked for.
 * @param says what counts of the file
 */
export function* snapshotBytes(
  numbers: ReadNumbers,
  says: Pick<FileSays, 'classes'>,
  layout: string | null,
): Generator<Uint8Array> {
  const { tables, rows, first, plain } = numbers;
  const lengths: number[] = [];
  const measured = function* (part: Iterable<Uint8Array>): Generator<Uint8Array> {
    let length = 0;
    for (const block of part) {
      length += block.length;
      yield block;
    }
    lengths.push(length);
  };
  for (const { size, value } of tables) yield* measured(valueBytes(size(), value));
  for (const [n, { key }] of RULES.entries()) {
    const keys = tables[COLUMNS.indexOf(key)]!.size();
    yield* measured(bytesOf(first[n]!.views(keys)));
  }
  for (const part of ROW_PARTS) yield* measured(bytesOf(rows[part].views()));
  yield* measured(bytesOf(plain.views(rows.line.length)));
  const counted = new Int32Array(tables[COLUMNS.indexOf('class_id')]!.size());
  for (const { n } of says.classes()) counted[n] = 1;
  yield* measured(bytesOf([counted]));
  const counts = tables.map(({ size }) => size());
  const foot = encoder.encode(
    JSON.stringify({ magic: MAGIC, layout, lengths, counts } satisfies Foot),
  );
  yield foot;
  yield encoder.encode(String(foot.length).padStart(LENGTH_BYTES, '0'));
}

function* valueBytes(size: number, value: (id: number) => string): Generator<Uint8Array> {
  for (let at = 0; at < size; at += BATCH) {
    const texts: string[] = [];
    for (let id = at; id < Math.min(at + BATCH, size); id++) texts.push(value(id));
    yield encoder.encode(at === 0 ? texts.join('\n') : `\n${texts.join('\n')}`);
  }
}

function* bytesOf(views: Iterable<Int32Array>): Generator<Uint8Array> {
  for (const one of views) yield new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
}

/** Null if the bytes are not whole, or of another version: then nobody may rely on them. */
export function readSnapshot(bytes: Uint8Array): Snapshot | null {
  const foot = footOf(bytes);
  if (foot === null) return null;
  const { layout, lengths, counts } = foot;
  let at = 0;
  const parts = lengths.map((length) => bytes.subarray(at, (at += length)));
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const values = counts.map((count, n) =>
    count === 0 ? [] : decoder.decode(parts[n]).split('\n'),
  );
  if (values.some((list, n) => list.length !== counts[n])) return null;
  const rest = parts.slice(values.length).map(numbersOf);
  const first = rest.slice(0, RULES.length);
  const [school, teacher, cls, student, line, plain, classes] = rest.slice(RULES.length);
  const rows = { school: school!, teacher: teacher!, class: cls!, student: student!, line: line! };
  return { layout, values, first, rows, plain: plain!, classes: classes! };
}

const PARTS = COLUMNS.length + RULES.length + ROW_PARTS.length + 2;

function footOf(bytes: Uint8Array): Foot | null {
  const end = bytes.length - LENGTH_BYTES;
  try {
    const decoder = new TextDecoder();
    const length = Number(decoder.decode(bytes.subarray(Math.max(0, end))));
    const begin = end - length;
    if (!(length > 0) || begin < 0) return null;
    const foot = JSON.parse(decoder.decode(bytes.subarray(begin, end))) as Foot;
    const isOurs = foot.magic === MAGIC && foot.lengths.length === PARTS;
    return isOurs && foot.lengths.reduce((sum, one) => sum + one, 0) === begin ? foot : null;
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
