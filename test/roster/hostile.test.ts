import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HEADER, file, line, read, short, student } from './reading.js';
import { zip } from './zip-file.js';

const MILLION = 1_000_000;

/** A reading that must end soon, also on a busy machine: a stall takes minutes. */
async function soon(content: string | Uint8Array): Promise<string[]> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const began = performance.now();
  const { result } = await read(bytes, { sizes: [65_536] });
  expect(performance.now() - began).toBeLessThan(3_000);
  return short(result);
}

describe('a hostile file ends quickly with a finding', () => {
  it.each([
    ['20 MB of commas in one line', file(','.repeat(20 * MILLION)), ['ROW_TOO_LONG 2']],
    ['20 MB of commas for a header', ','.repeat(20 * MILLION), ['NOT_CSV_HEADER 1']],
    ['a line of commas within the limit', file(`${','.repeat(60_000)}x`), ['FIELDS_TOO_MANY 2']],
    [
      'commas and a quote within the limit',
      file(`""${','.repeat(60_000)}x`),
      ['FIELDS_TOO_MANY 2'],
    ],
    [
      'a cell of a million letters',
      file(line({ class_name: 'x'.repeat(MILLION) })),
      ['ROW_TOO_LONG 2'],
    ],
    [
      'a quoted cell of a million letters',
      file(line({ class_name: `"${'x'.repeat(MILLION)}"` })),
      ['NOT_CSV_QUOTE_OPEN 2'],
    ],
    ['no line end', 'x'.repeat(20 * MILLION), ['NOT_CSV_HEADER 1']],
    ['nothing but quotes', '"'.repeat(20 * MILLION), ['NOT_CSV_QUOTE_OPEN 1']],
    ['an odd number of quotes', file('"'.repeat(10_001)), ['NOT_CSV_QUOTE_OPEN 2']],
    ['20 MB of semicolons', ';'.repeat(20 * MILLION), ['NOT_CSV_HEADER 1']],
    ['20 MB of spaces', ' '.repeat(20 * MILLION), ['NOT_CSV_HEADER 1']],
    ['20 MB of spaces below the header', file(' '.repeat(20 * MILLION)), ['ROW_TOO_LONG 2']],
    ['nothing but curly quotes', '“'.repeat(7 * MILLION), ['NOT_CSV_HEADER 1']],
    ['a row of curly quotes', file(`${'“,'.repeat(30_000)}x`), ['FIELDS_TOO_MANY 2']],
    ['a million lines of banner', 'fall\n'.repeat(MILLION), ['COLUMN_MISSING 1 school_id']],
    [
      'zero-width characters in a cell',
      file(line({ class_name: '\u200b'.repeat(60_000) })),
      ['VALUE_MISSING 2 class_name'],
    ],
    [
      'combining marks in a cell',
      file(line({ class_name: `e${'\u0301'.repeat(50_000)}` })),
      ['VALUE_TOO_LONG 2 class_name'],
    ],
    ['nothing but line breaks', '\n'.repeat(20 * MILLION), ['EMPTY_FILE']],
    ['nothing but carriage returns', '\r'.repeat(5 * MILLION), ['EMPTY_FILE']],
  ])('%s', async (_, content, expected) => {
    expect(await soon(content)).toEqual(expected);
  });

  it('10,000 other columns are one note', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `c${n}`).join(',');
    expect(await soon(`${many},${HEADER}\n${','.repeat(5_000)}${line()}\n`)).toEqual([
      'COLUMNS_IGNORED 1',
    ]);
  });

  it('a hundred thousand bad rows are listed, each with its line', async () => {
    const bad = line({ student_email: 'nobody' });
    const content = new TextEncoder().encode(file(...Array<string>(100_000).fill(bad)));
    const { result } = await read(content);
    if (!result.ok) throw new Error('refused');
    expect(result.totals.errors).toBe(100_000);
    expect(result.findings).toHaveLength(100_000);
    expect(result.findings.at(-1)).toMatchObject({ line: 100_001, value: 'nobody' });
  });

  it.each([
    ['20 MB of NULs', Buffer.alloc(20 * MILLION), 'NOT_TEXT_NUL 1'],
    [
      'NULs below a row',
      Buffer.concat([Buffer.from(file(line())), Buffer.alloc(MILLION)]),
      'NOT_TEXT_NUL 3',
    ],
    [
      'lone surrogates',
      Buffer.from(`\ufeff${'\ud800'.repeat(5 * MILLION)}`, 'utf16le'),
      'NOT_CSV_HEADER 1',
    ],
    [
      'bytes that are almost UTF-8',
      Buffer.alloc(20 * MILLION, Buffer.from([0xe0, 0x80, 0x80])),
      'NOT_CSV_HEADER 1',
    ],
    ['a gzip of a gigabyte of zeros', gzipOf(0, 1_000), 'NOT_TEXT_NUL 1'],
    ['a gzip of a gigabyte of line breaks', gzipOf(10, 1_000), 'NOT_TEXT_ARCHIVE_BOMB'],
    [
      'a zip of line breaks',
      zip({ name: 'a.csv', content: Buffer.alloc(100 * MILLION, '\n') }),
      'NOT_TEXT_ARCHIVE_BOMB',
    ],
    [
      'a zip of 10,000 files',
      zip(...Array.from({ length: 10_000 }, (_, n) => ({ name: `${n}.csv`, content: '' }))),
      'NOT_TEXT_ARCHIVE_CONTENT 1',
    ],
    [
      'a zip of 30,000 files',
      zip(...Array.from({ length: 30_000 }, (_, n) => ({ name: `${n}.csv`, content: '' }))),
      'NOT_TEXT_ARCHIVE_BROKEN',
    ],
    [
      'a zip of nothing but ends',
      Buffer.concat([
        Buffer.from('PK\u0003\u0004'),
        Buffer.alloc(20 * MILLION, 'PK\u0005\u0006PK\u0006\u0006'),
      ]),
      'NOT_TEXT_ARCHIVE_BROKEN',
    ],
  ])('%s', async (_, content, expected) => {
    expect(await soon(content)).toEqual([expected]);
  });

  it.each([
    [
      'bad bytes',
      (n: number) => Buffer.alloc(n * 100, Buffer.from(`${HEADER}\n\xe9\xe9\xe9,\n`, 'latin1')),
    ],
    [
      'a comma too many on every row',
      (n: number) => Buffer.from(file(...Array<string>(n).fill(line({ school_name: 'a, b, c' })))),
    ],
    [
      'a comma too many that stays one',
      (n: number) => Buffer.from(file(...Array<string>(n).fill(line({ class_name: 'a, b, c' })))),
    ],
    [
      'another curly quote on every row',
      (n: number) =>
        Buffer.from(
          file(
            ...Array.from({ length: n }, (_, i) =>
              line({ class_name: `“${i}”`, class_id: `${i}` }),
            ),
          ),
        ),
    ],
    [
      'a quoted line break on every row',
      (n: number) => Buffer.from(file(...Array<string>(n).fill(line({ class_name: '"a\nb"' })))),
    ],
    [
      'a broken quote on every row',
      (n: number) => Buffer.from(file(...Array<string>(n).fill(line({ class_name: 'a"b' })))),
    ],
    [
      'another school for every row of a class',
      (n: number) =>
        Buffer.from(file(...Array.from({ length: n }, (_, i) => line({ school_id: `${i}` })))),
    ],
    [
      'two names in turns for every school, person and class',
      (n: number) =>
        Buffer.from(
          file(
            ...Array.from({ length: n }, (_, i) =>
              student(`s${i % 99}`, {
                school_name: `N${i % 2}`,
                class_name: `C${i % 2}`,
                teacher_last_name: `T${i % 2}`,
                student_last_name: `S${i % 2}`,
              }),
            ),
          ),
        ),
    ],
    [
      '10,000 columns and a comma too many',
      (n: number) =>
        Buffer.from(
          `${HEADER},${'x,'.repeat(10_000)}y\n${`${line()}${',a'.repeat(10_002)}\n`.repeat(n / 200)}`,
        ),
    ],
  ])('%s takes time by its length, and no more', async (_, make) => {
    const time = async (rows: number): Promise<number> => {
      const bytes = make(rows);
      const began = performance.now();
      await read(bytes, { sizes: [65_536] });
      return performance.now() - began;
    };
    await time(1_000);
    const [small, large] = [await time(4_000), await time(32_000)];
    // Eight times as long: eight times the time, and as much again for a busy machine.
    expect(large).toBeLessThan(Math.max(small * 24, 1_500));
  });
});

/** `megabytes` of the same byte, packed. */
function gzipOf(byte: number, megabytes: number): Buffer {
  const one = gzipSync(Buffer.alloc(MILLION, byte));
  return Buffer.concat(Array<Buffer>(megabytes).fill(one));
}
