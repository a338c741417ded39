import { describe, expect, it } from 'vitest';
import { HEADER, file, line, read, short } from './reading.js';

const MILLION = 1_000_000;

/** A reading that must end soon, also on a busy machine: a stall takes minutes. */
async function soon(content: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(content);
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

  it('a hundred thousand bad rows are listed up to a limit, and all counted', async () => {
    const bad = line({ student_email: 'nobody' });
    const content = new TextEncoder().encode(file(...Array<string>(100_000).fill(bad)));
    const { result } = await read(content);
    if (!result.ok) throw new Error('refused');
    expect(result.totals.errors).toBe(100_000);
    expect(result.findings).toHaveLength(10_001);
    expect(result.findings.at(-1)).toMatchObject({
      code: 'EMAIL_MALFORMED',
      column: 'student_email',
      line: 10_002,
      rows: 90_000,
      value: null,
    });
    expect(result.findings.at(-1)!.lines).toHaveLength(20);
  });
});
