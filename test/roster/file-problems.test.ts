import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { explain } from '../../roster/findings.js';
import { checkSummary } from '../../roster/report.js';
import { HEADER, file, line, read, readOk, refusal, short, student } from './reading.js';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  );

describe('a file that holds no roster', () => {
  it.each([
    ['nothing', ''],
    ['a byte order mark', '\ufeff'],
    ['line breaks', '\r\n\n\r'],
    ['spaces and commas', '  \n,,,\n'],
  ])('with %s is EMPTY_FILE', async (_, text) => {
    expect(await refusal(text)).toEqual({ problem: 'EMPTY_FILE', code: 'EMPTY_FILE', line: null });
  });

  it.each([HEADER, `${HEADER}\r\n`, `${HEADER}\n\n,,,,,,,,,,\n`])(
    'with a header and no row is HEADER_ONLY (%#)',
    async (text) => {
      expect((await refusal(text)).problem).toBe('HEADER_ONLY');
    },
  );
});

describe('the header', () => {
  it('may have any case, outer spaces, quotes, order, a byte order mark and blank lines above', async () => {
    const order = COLUMNS.toReversed();
    const header = order.map((name, n) => (n % 2 ? `" ${name.toUpperCase()} "` : `${name}\t`));
    const row = line().split(',').toReversed().join(',');
    const { rows } = await readOk(`\ufeff\n${header.join(',')}\n${row}\n`);
    expect(rows).toEqual((await readOk(file(line()))).rows.map((one) => ({ ...one, line: 3 })));
  });

  it('without needed columns names all of them, and quotes the others in the subject only', async () => {
    const header = HEADER.replace('class_id', 'Section Secret').replace('student_email', 'post');
    const { result } = await read(`${header}\n${line()}\n`);
    expect(result).toMatchObject({ ok: false, problem: 'COLUMN_MISSING' });
    if (result.ok) return;
    expect(result.finding).toMatchObject({ line: 1, value: 'class_id, student_email', count: 2 });
    const { message } = explain(result.finding);
    expect(message).toBe(
      'The first line lacks these columns: class_id, student_email; it has 2 columns with other names.',
    );
    const { subject, ...others } = result.finding;
    expect(subject).toBe('class_id, student_email; instead it has: Section Secret, post');
    expect(JSON.stringify({ ...result, finding: others })).not.toMatch(/secret|"post/i);
  });

  it('with a column twice is COLUMN_DUPLICATE where their values differ, whatever the case', async () => {
    const { result } = await read(`${HEADER}, Class_ID\n${line()},007\n${line()},x\n`);
    expect(result).toMatchObject({
      ok: false,
      problem: 'COLUMN_DUPLICATE',
      finding: { value: 'class_id', column: 'class_id', line: 3 },
    });
  });

  it('with names of its own throughout is told all of them, beside those that it lacks', async () => {
    const own = COLUMNS.map((_, n) => `Our own name no. ${n}`).join(',');
    const { result } = await read(`${own}\n${line()}\n`);
    expect(checkSummary(result).causes[0]!.message).toBe(
      `The first line lacks these columns: ${COLUMNS.join(', ')}; instead it has: ${own.replaceAll(',', ', ')}.`,
    );
  });

  it('with other columns, even two of one name, is read and noted once', async () => {
    const { result, rows } = await readOk(
      `Notes,${HEADER},notes\nx,${line()},y\nx,${student('al')},\n`,
    );
    expect(short(result)).toEqual(['COLUMNS_IGNORED 1']);
    expect(result.findings[0]).toMatchObject({ severity: 'note', count: 2 });
    expect(rows.every(({ accepted }) => accepted)).toBe(true);
  });

  it('half parted by one sign and half by another is refused: nothing is guessed', async () => {
    const header = `${COLUMNS.slice(0, 5).join(',')};${COLUMNS.slice(5, 9).join(';')}`;
    expect(await refusal(`${header}\n${line()}\n`)).toMatchObject({
      problem: 'NOT_CSV',
      code: 'NOT_CSV_DELIMITER',
    });
  });

  it('that is no header at all is COLUMN_MISSING: rows without column names', async () => {
    expect((await refusal(`${line()}\n${student('al')}\n`)).problem).toBe('COLUMN_MISSING');
  });

  it.each(['__proto__', 'constructor', 'toString'])('may have a column %s', async (name) => {
    const { result } = await readOk(`${HEADER},${name}\n${line()},x\n`);
    expect(result.accepted).toBe(1);
  });
});

describe('a file that is not text', () => {
  it.each([
    [
      'an old workbook',
      [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0],
      'NOT_TEXT_OLD_WORKBOOK',
    ],
    ['a PDF', [...Buffer.from('%PDF-1.7\n')], 'NOT_TEXT_PDF'],
  ])('%s is recognised', async (_, content, code) => {
    expect(await refusal(bytes(content))).toEqual({ problem: 'NOT_TEXT', code, line: 1 });
  });

  const spoilt = (fault: readonly number[]): Uint8Array =>
    bytes(`${HEADER}\n${line()}\r\n${student('al')}\r`, 'x,Sch', fault, 'ool,\n', line());
  it.each([
    ['Windows-1252 below UTF-8', [0xe9], 'NOT_TEXT_ENCODING'],
    ['an overlong form', [0xc0, 0xaf], 'NOT_TEXT_ENCODING'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], 'NOT_TEXT_ENCODING'],
    ['a code point too high', [0xf4, 0x90, 0x80, 0x80], 'NOT_TEXT_ENCODING'],
    ['a lone continuation', [0x80], 'NOT_TEXT_ENCODING'],
    ['NUL', [0], 'NOT_TEXT_NUL'],
  ])('%s is refused with its line', async (_, fault, code) => {
    expect(await refusal(spoilt(fault))).toEqual({ problem: 'NOT_TEXT', code, line: 4 });
  });

  it('a character cut off at the end is refused', async () => {
    expect(await refusal(bytes(file(line()), 'x,Mapl', [0xc3]))).toMatchObject({
      code: 'NOT_TEXT_ENCODING',
      line: 3,
    });
  });

  it('the first of two faults is the one that is named, whatever the pieces', async () => {
    const both = bytes(file(line()), 'a,b\0\n', [0xff]);
    for (const size of [1, 7, 16, both.length]) {
      const { result } = await read(both, { sizes: [size], blockBytes: 16 });
      expect(short(result)).toEqual(['NOT_TEXT_NUL 3']);
    }
  });

  it('UTF-8 of every length is read, and the byte order mark is a repair', async () => {
    const name = 'é漢😀';
    const { result, rows } = await readOk(`\ufeff${file(line({ student_first_name: name }))}`);
    expect(rows[0]).toMatchObject({ accepted: true, row: { studentFirstName: name } });
    expect(result.repairs).toEqual([
      { code: 'BOM_REMOVED', line: 1, before: 'U+FEFF', after: '', rows: 0 },
    ]);
  });
});

describe('broken quoting', () => {
  it('without an end refuses the file: nobody knows which rows it swallowed', async () => {
    const text = file(line(), student('al').replace('Maple', '"Maple'), student('bo'));
    expect(await refusal(text)).toEqual({
      problem: 'NOT_CSV',
      code: 'NOT_CSV_QUOTE_OPEN',
      line: 3,
    });
  });

  it('over several lines refuses the file', async () => {
    const text = file(
      student('al', { school_name: '"Maple' }),
      student('bo', { class_name: '"Art"s' }),
    );
    expect(await refusal(text)).toEqual({
      problem: 'NOT_CSV',
      code: 'NOT_CSV_QUOTE_BROKEN',
      line: 2,
    });
  });

  it.each([
    'Robert "Bob',
    'Robert ""Bob""',
    'Robert "Bob, Jr" Q',
    '"Robert "Bob" Q"',
    '"Robert "Bob""',
    '"Bob"by',
    '"Bob" Smith',
    ' "Bob"',
  ])('within one line, as in %s, rejects that row and trusts none of its keys', async (name) => {
    const { result, rows } = await readOk(file(line({ student_first_name: name }), student('al')));
    expect(short(result)).toEqual(['QUOTE_BROKEN 2']);
    expect(rows[0]).toMatchObject({ line: 2, accepted: false });
    expect(Object.values(rows[0]!.accepted ? {} : rows[0]!.keys)).toEqual(COLUMNS.map(() => null));
    expect(rows[1]).toMatchObject({ line: 3, accepted: true });
  });

  it('that closes again in the same column lines below is told from a value with a line break', async () => {
    const swallowed = file(
      student('al', { class_name: '"Science' }),
      student('bo'),
      student('cy', { class_name: 'Science"' }),
      student('di'),
    );
    const { result, rows } = await readOk(swallowed);
    expect(short(result)).toEqual(['QUOTE_SWALLOWS_ROWS 2']);
    expect(result.findings[0]).toMatchObject({ count: 3, value: null });
    expect(rows[0]).toMatchObject({
      accepted: false,
      keys: { schoolId: null, studentEmail: null },
    });
    expect(rows[1]).toMatchObject({ line: 5, accepted: true });

    for (const [written, read] of [
      ['"Science,\r\nperiod 2,\nroom 5"', 'Science, period 2, room 5'],
      ['"a,b,c,d,e,f,g\nend"', 'a,b,c,d,e,f,g end'],
      ['"begin\na,b,c,d,e,f,g"', 'begin a,b,c,d,e,f,g'],
    ] as const) {
      const { rows: honest } = await readOk(file(student('al', { class_name: written })));
      expect(honest[0]).toMatchObject({ accepted: true, row: { className: read } });
    }
  });

  it('in the header refuses the file', async () => {
    expect(await refusal(file(line()).replace('school_id', 'school"_id'))).toMatchObject({
      problem: 'NOT_CSV',
      code: 'NOT_CSV_HEADER',
    });
  });
});
