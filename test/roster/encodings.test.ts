import { describe, expect, it } from 'vitest';
import { HEADER, file, line, read, readOk, refusal, short, student } from './reading.js';

const NAMES = { student_first_name: 'Zoë', student_last_name: 'Núñez' };
const roster = file(student('al'), line(NAMES));

const utf16 = (text: string, big: boolean, mark: boolean): Uint8Array => {
  const units = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return big ? units.swap16() : units;
};
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const codes = (repairs: readonly { code: string }[]): string[] => repairs.map(({ code }) => code);

describe('UTF-16, as Excel saves "Unicode text"', () => {
  it.each([
    ['with a mark', false, true, 'UTF-16LE'],
    ['big end first, with a mark', true, true, 'UTF-16BE'],
    ['without a mark', false, false, 'UTF-16LE'],
    ['big end first, without a mark', true, false, 'UTF-16BE'],
  ])('%s is read, and said', async (_, big, mark, before) => {
    const { result, rows } = await readOk(utf16(roster, big, mark));
    expect(rows).toEqual((await readOk(roster)).rows);
    expect(result.findings).toEqual([]);
    expect(result.repairs).toEqual([
      { code: 'ENCODING_UTF16', line: 1, before, after: 'UTF-8', rows: 0 },
    ]);
  });

  it('with tabs between its columns is the file that Excel really makes', async () => {
    const { result, rows } = await readOk(utf16(roster.replaceAll(',', '\t'), false, true));
    expect(rows).toHaveLength(2);
    expect(codes(result.repairs)).toEqual(['DELIMITER', 'ENCODING_UTF16']);
  });

  it('with half of a pair rejects the row that has it, with its line', async () => {
    const text = file(student('al'), line({ student_first_name: 'Zo\ud83d' }), student('bo'));
    const { result } = await readOk(utf16(text, false, true));
    expect(short(result)).toEqual(['VALUE_CONTROL 3 student_first_name']);
  });

  it('cut in the middle of a letter rejects the last row', async () => {
    const whole = utf16(file(student('al')) + line({ student_grade_level: '12' }), false, true);
    const { result } = await readOk(whole.subarray(0, whole.length - 1));
    expect(short(result)).toEqual(['GRADE_UNKNOWN 3 student_grade_level']);
  });
});

describe('Windows-1252, as plain "CSV" in older programs', () => {
  it('is read, with a warning at the first line that shows it', async () => {
    const { result, rows } = await readOk(latin(roster));
    expect(rows).toEqual((await readOk(roster)).rows);
    expect(short(result)).toEqual(['ENCODING_WINDOWS_1252 3']);
    expect(result.totals).toEqual({ errors: 0, warnings: 1, notes: 0 });
    expect(result.repairs).toEqual([
      { code: 'ENCODING_WINDOWS_1252', line: 3, before: 'Windows-1252', after: 'UTF-8', rows: 0 },
    ]);
  });

  it('has more letters than Latin-1: the euro, dashes, curly apostrophes', async () => {
    const [first, last] = file(line({ class_name: 'Math X', student_last_name: 'OYBrien' })).split(
      'X',
    );
    const [middle, end] = last!.split('Y');
    const bytes = Buffer.concat([
      latin(first!),
      Buffer.from([0x80, 0x96, 0x9f]),
      latin(middle!.replace('ë', 'e')),
      Buffer.from([0x92]),
      latin(end!),
    ]);
    const { rows } = await readOk(bytes);
    expect(rows[0]).toMatchObject({ row: { className: 'Math €–Ÿ', studentLastName: "O'Brien" } });
  });

  it('rejects a row with a byte that means nothing', async () => {
    const bytes = latin(file(line({ student_last_name: 'It\u0081o' })));
    expect(short((await readOk(bytes)).result)).toContain('VALUE_CONTROL 2 student_last_name');
  });

  it('shows only after fifty megabytes, and is still read right', { timeout: 60_000 }, async () => {
    const { readRoster } = await import('../../roster/read-roster.js');
    const block = Buffer.from(`${student('al')}\n`.repeat(1_000));
    const blocks = Math.ceil(50_000_000 / block.length);
    const late = latin(line({ ...NAMES, class_id: '8' }));
    let last: unknown;
    const result = await readRoster(
      (async function* () {
        yield Buffer.from(`${HEADER}\n`);
        for (let n = 0; n < blocks; n++) yield block;
        yield late;
      })(),
      (row) => {
        last = row;
      },
    );
    expect(last).toMatchObject({ row: { studentFirstName: 'Zoë', studentLastName: 'Núñez' } });
    const found = result.ok ? [...result.findings] : [];
    expect(found.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'DUPLICATE_ROWS 3',
      `ENCODING_WINDOWS_1252 ${blocks * 1_000 + 2}`,
    ]);
  });
});

describe('two encodings in one file', () => {
  const good = Buffer.from(line(NAMES));
  const old = latin(line(NAMES));
  const plain = Buffer.from(student('al').replace('ë', 'e'));
  const join = (...rows: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from(HEADER), ...rows].flatMap((row) => [row, Buffer.from('\n')]));

  it.each([
    ['Windows-1252 below UTF-8', join(good, plain, old), 4],
    ['UTF-8 below Windows-1252', join(plain, old, plain, good), 5],
    ['both on one line', join(plain, Buffer.concat([good, latin('é')])), 3],
  ])('(%s) are refused at the line where the second one begins', async (_, bytes, at) => {
    const expected = { problem: 'NOT_TEXT', code: 'NOT_TEXT_ENCODING', line: at };
    expect(await refusal(bytes)).toEqual(expected);
    for (const size of [1, 3, 17]) {
      const { result } = await read(bytes, { sizes: [size], blockBytes: 16 });
      expect(short(result)).toEqual([`NOT_TEXT_ENCODING ${at}`]);
    }
  });
});
