/** Writes a roster in any of the ways that a district might. */
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { COLUMNS } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import { GRADE_LEVELS } from '../../roster/grades.js';
import { HEADER_NAMES } from '../../roster/header-names.js';
import { zip } from './zip-file.js';

export const ENCODINGS = ['utf-8', 'utf-8 bom', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
type Encoding = (typeof ENCODINGS)[number];

export interface Style {
  readonly encoding: Encoding;
  readonly mark: boolean;
  readonly delimiter: string;
  /** Ours and one more, which nobody reads. */
  readonly order: readonly string[];
  readonly quoteAll: boolean;
  readonly names: 'ours' | 'upper' | 'synonyms';
  readonly end: string;
  readonly above: readonly string[];
  readonly below: readonly string[];
  readonly packed: 'no' | 'gzip' | 'zip';
}

export const anyStyle: fc.Arbitrary<Style> = fc.record({
  encoding: fc.constantFrom(...ENCODINGS),
  mark: fc.boolean(),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  order: fc.shuffledSubarray([...COLUMNS, 'extra'], { minLength: 12, maxLength: 12 }),
  quoteAll: fc.boolean(),
  names: fc.constantFrom('ours', 'upper', 'synonyms'),
  end: fc.constantFrom('\n', '\r', '\r\n'),
  above: fc.constantFrom([], [], ['Fall roster, "all schools'], ['sep=;', '']),
  below: fc.constantFrom([], [], ['', 'Total: 8'], ['-- end --', 'Page 1 of 1']),
  packed: fc.constantFrom('no', 'no', 'no', 'gzip', 'zip'),
});

/** Canonical rows; every key is used once, so that nothing contradicts anything. */
export function anyRoster(encoding: Encoding): fc.Arbitrary<Record<Column, string>[]> {
  // Ž behind Ñ would be a letter of UTF-8: a file with nothing else is taken for that.
  const far = encoding === 'windows-1252' ? ['ß', 'xŽ'] : ['漢', '😀', 'Ł'];
  const unit = fc.constantFrom('a', 'B', 'é', 'Ñ', "'", '-', '"', ',', ';', '|', ' ', '.', ...far);
  const name = fc
    .string({ unit, maxLength: 12 })
    .map((text) => `N${text}N`.normalize('NFC').replace(/ +/g, ' '));
  const id = fc.string({
    unit: fc.constantFrom('0', '7', 'a', '-', ',', '"'),
    minLength: 1,
    maxLength: 8,
  });
  const entry = fc.record({
    name,
    last: name,
    school: id,
    cls: id,
    grade: fc.constantFrom(...GRADE_LEVELS),
  });
  return fc.array(entry, { minLength: 1, maxLength: 8 }).map((entries) =>
    entries.map(({ name: first, school, cls, last, grade }, n) => ({
      school_id: `${school}${n}`,
      school_name: last,
      teacher_email: `t${n}@district.example`,
      teacher_first_name: last,
      teacher_last_name: first,
      class_id: `${cls}${n}`,
      class_name: first,
      student_first_name: first,
      student_last_name: last,
      student_email: `s${n}@students.example`,
      student_grade_level: grade,
    })),
  );
}

function nameOf(column: string, names: Style['names']): string {
  if (names === 'upper') return ` ${column.toUpperCase().replaceAll('_', ' ')}`;
  return names === 'synonyms' && column !== 'extra' ? HEADER_NAMES[column as Column][0]! : column;
}

/** The bytes, and the line of the first row. */
export function written(
  rows: readonly Record<Column, string>[],
  style: Style,
): { readonly bytes: Buffer; readonly firstLine: number } {
  const { order, delimiter, quoteAll, end, names, above, below } = style;
  const cell = (text: string): string =>
    quoteAll || /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const header = order.map((column) => cell(nameOf(column, names))).join(delimiter);
  const lines = rows.map((row) =>
    order.map((column) => cell(column === 'extra' ? 'x' : row[column as Column])).join(delimiter),
  );
  const text = [...above, header, ...lines, ...below].map((line) => line + end).join('');
  return { bytes: pack(encode(text, style), style.packed), firstLine: above.length + 2 };
}

function encode(text: string, { encoding, mark }: Style): Buffer {
  const marked = mark ? `\ufeff${text}` : text;
  if (encoding === 'utf-16le') return Buffer.from(marked, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16();
  if (encoding !== 'windows-1252')
    return Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`);
  return Buffer.from(text.replaceAll('Ž', '\u008e'), 'latin1');
}

const pack = (bytes: Buffer, packed: Style['packed']): Buffer =>
  packed === 'gzip'
    ? gzipSync(bytes)
    : packed === 'zip'
      ? zip({ name: 'roster.csv', content: bytes })
      : bytes;
