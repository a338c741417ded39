import * as fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { toFields } from '../../roster/reading/fields.js';
import { HEAD_MAX, RECORD_MAX, recordSplitter } from '../../roster/reading/records.js';
import type { RawRecord } from '../../roster/reading/records.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;

function split(
  text: string,
  sizes: readonly number[] = [text.length],
  delimiter: string = ',',
): RawRecord[] {
  const splitter = recordSplitter(delimiter);
  const records: RawRecord[] = [];
  let at = 0;
  for (let n = 0; at < text.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length]!);
    records.push(...splitter.push(text.slice(at, at + size)));
    at += size;
  }
  return [...records, ...splitter.end()];
}
const shapes = (records: readonly RawRecord[]): [string, number][] =>
  records.map(({ shape, line }) => [shape, line]);

const long = (length: number): string => 'x'.repeat(length);

/** Dense in everything that matters. */
const csvWith = (delimiter: string) =>
  fc.string({
    unit: fc.constantFrom(
      ...['a', delimiter, delimiter, '"', '"', '\n', '\r', '\r\n', ' ', 'é', '😀', ...DELIMITERS],
    ),
    maxLength: 60,
  });
const csv = csvWith(',');

describe('records', () => {
  it('end with LF, CR or CRLF, mixed; lines are counted as an editor counts them', () => {
    expect(split('a\nb\rc\r\n\r\nd\n\re').map(({ text, line }) => [text, line])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 5],
      ['e', 7],
    ]);
  });

  it('run over lines inside quotes, and their line breaks count', () => {
    expect(split('"a\r\nb\rc\nd",x\ny').map(({ line, breaks }) => [line, breaks])).toEqual([
      [1, 3],
      [5, 0],
    ]);
  });

  it('are the same however the text is cut', () => {
    fc.assert(
      fc.property(
        csv,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (text, sizes) => {
          expect(split(text, sizes)).toEqual(split(text));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.each(DELIMITERS)(
    'parted by %j are those of csv-parse, and refused where it refuses',
    (delimiter) => {
      fc.assert(
        fc.property(csvWith(delimiter), (text) => {
          let expected: string[][] | null = null;
          try {
            expected = parse(text, {
              delimiter,
              relax_column_count: true,
              record_delimiter: ['\r\n', '\n', '\r'],
              skip_empty_lines: true,
            });
          } catch {
            // Where and why is not compared: csv-parse stops at the first fault.
          }
          const records = split(text, [text.length], delimiter);
          const wellFormed = records.every(({ shape }) => shape === 'plain' || shape === 'quoted');
          expect(wellFormed).toBe(expected !== null);
          if (expected === null) return;
          expect([...toFields(records, delimiter)].map(({ cells }) => cells)).toEqual(expected);
        }),
        { numRuns: 1500 },
      );
    },
  );

  it.each(DELIMITERS)('that were well written with %j are read back', (delimiter) => {
    const unit = fc.constantFrom('a', 'é', '"', '""', ' ', '\n', '\r\n', ...DELIMITERS);
    const rows = fc.array(
      fc.array(fc.string({ unit, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(rows, fc.boolean(), (table, all) => {
        const cell = (text: string): string =>
          all || /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = table.map((row) => row.map(cell).join(delimiter)).join('\n');
        const records = split(text, [text.length], delimiter);
        expect([...toFields(records, delimiter)].map(({ cells }) => cells)).toEqual(table);
      }),
      { numRuns: 500 },
    );
  });

  it('of any length up to the limit are kept, longer ones left out up to their line end', () => {
    for (const sizes of [[1_000_000], [1000, 70_000]]) {
      expect(shapes(split(`a\n${long(RECORD_MAX)}\nb`, sizes))).toEqual([
        ['plain', 1],
        ['plain', 2],
        ['plain', 3],
      ]);
      expect(shapes(split(`a\n${long(RECORD_MAX + 1)}"\r\nb`, sizes))).toEqual([
        ['plain', 1],
        ['too-long', 2],
        ['plain', 3],
      ]);
      expect(shapes(split(`a\n"x",${long(3 * RECORD_MAX)}`, sizes))).toEqual([
        ['plain', 1],
        ['too-long', 2],
      ]);
    }
  });

  it('that are too long keep their beginning, their length, and the count of their lines', () => {
    const texts = [long(RECORD_MAX + 1), long(3 * RECORD_MAX), `"a\r\nb\nc",${long(80_000)}`];
    for (const text of texts) {
      for (const end of ['', '\n', '\r', '\r\nnext']) {
        const whole = split(`a\n${text}${end}`);
        expect(whole[1]!).toMatchObject({
          shape: 'too-long',
          line: 2,
          text: text.slice(0, HEAD_MAX),
          length: text.length,
        });
        const below = text.includes('\n') ? 5 : 3;
        if (end.endsWith('next')) expect(whole[2]).toMatchObject({ text: 'next', line: below });
        for (const size of [1_000, 65_536, 70_000]) {
          expect(split(`a\n${text}${end}`, [size])).toEqual(whole);
        }
      }
    }
  });

  it('stop for good where a quoted value does not end', () => {
    const text = `a\n"${'x\n'.repeat(RECORD_MAX)}"\nb\n`;
    for (const sizes of [[text.length], [1000], [65_536]]) {
      expect(shapes(split(text, sizes))).toEqual([
        ['plain', 1],
        ['unclosed', 2],
      ]);
    }
    expect(shapes(split('a\n"b\nc'))).toEqual([
      ['plain', 1],
      ['unclosed', 2],
    ]);
  });
});
