import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { bareQuotes } from '../../roster/reading/bare-quotes.js';
import { fieldReader } from '../../roster/reading/fields.js';
import { recordSplitter } from '../../roster/reading/records.js';
import { HEADER, cells, file, line, readOk, short, student } from './reading.js';

describe('a quotation mark inside a value that is not quoted', () => {
  it('is a letter where the row can be read in one way only, and is listed as put right', async () => {
    const { result, rows } = await readOk(
      file(
        line({ student_first_name: 'Robert "Bob"' }),
        line({ student_first_name: 'Robert "Bob"', class_id: '8', class_name: '"Science"' }),
        student('al', { class_name: 'the "A" and "B" group', class_id: '9' }),
      ),
    );
    expect(result).toMatchObject({ findings: [], accepted: 3 });
    expect(rows[1]).toMatchObject({
      row: { studentFirstName: 'Robert "Bob"', className: 'Science', studentGradeLevel: '7' },
    });
    expect(result.repairs).toEqual([
      {
        code: 'QUOTE_IN_VALUE',
        line: 2,
        column: 'student_first_name',
        before: 'Robert "Bob"',
        after: '"Robert ""Bob"""',
        rows: 2,
      },
      expect.objectContaining({ line: 4, column: 'class_name', before: 'the "A" and "B" group' }),
    ]);
  });

  it('spoils no other check of its row', async () => {
    const name = { student_first_name: 'Robert "Bob"' };
    const { result } = await readOk(
      file(
        line({ ...name, student_email: 'nobody' }),
        line({ ...name, class_name: '' }),
        // An address stands where none may be.
        line({ ...name, student_email: 'x', class_name: 'zoe.ito@students.example' }),
        student('al'),
      ),
    );
    expect(short(result)).toEqual([
      'EMAIL_MALFORMED 2 student_email',
      'VALUE_MISSING 3 class_name',
      'ROW_SHIFTED 4',
    ]);
  });

  it('is one in a column that nobody reads, too', async () => {
    const { result } = await readOk(`${HEADER},Notes\n${line()},says "hi" often\n`);
    expect(result).toMatchObject({ accepted: 1, repairs: [{ code: 'QUOTE_IN_VALUE', line: 2 }] });
    expect(result.repairs[0]).not.toHaveProperty('column');
  });

  it.each([
    ['a "b",c', ['a "b"', 'c']],
    ['a "b" c "d","e"', ['a "b" c "d"', 'e']],
    ['a"b"c,', ['a"b"c', '']],
    ['a "b, c" d', null],
    ['a "b,c', null],
    ['a "b",c,d', null],
    ['a "b"', null],
    ['a ""b"",c', null],
    ['"a" b,c', null],
    [' "a",c', null],
    ['"a "b"",c', null],
  ])('%s: %j', (text, expected) => {
    expect(bareQuotes(text, ',', 2)).toEqual(expected);
  });
});

describe('any text', () => {
  const csv = fc.string({
    unit: fc.constantFrom('a', 'b', ',', ',', '"', '"', '"', ' ', '\n', '\r\n'),
    maxLength: 40,
  });
  const fields = (text: string, width?: number) => {
    const splitter = recordSplitter();
    return [...fieldReader(',', width)([...splitter.push(text), ...splitter.end()])];
  };
  const tried = <T>(make: () => T): T | null => {
    try {
      return make();
    } catch {
      return null;
    }
  };

  it('that is well formed is read as before, whatever the width', () => {
    let wellFormed = 0;
    fc.assert(
      fc.property(csv, fc.integer({ min: 1, max: 4 }), (text, width) => {
        const options = { relax_column_count: true, skip_empty_lines: true };
        const expected = tried(() => parse(text, { ...options, record_delimiter: ['\r\n', '\n'] }));
        if (expected === null) return;
        wellFormed++;
        expect(fields(text, width)).toEqual(fields(text));
        expect(fields(text, width).map((record) => record.cells)).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(wellFormed).toBeGreaterThan(300);
  });

  it('gives no other record than a broken one, and that letter by letter', () => {
    fc.assert(
      fc.property(csv, fc.integer({ min: 1, max: 4 }), (text, width) => {
        const [plain, mended] = [tried(() => fields(text)), tried(() => fields(text, width))];
        expect(mended === null).toBe(plain === null);
        mended?.forEach((record, n) => {
          if (record.bareQuotes === undefined) {
            expect(record).toEqual(plain![n]);
            return;
          }
          expect(plain![n]).toMatchObject({ fault: 'QUOTE_BROKEN', line: record.line });
          expect(record.cells).toHaveLength(width);
          const written = record.raw!.text.split(',');
          record.cells!.forEach((cell, place) => {
            expect([cell, `"${cell}"`]).toContain(written[place]);
          });
        });
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a roster with nicknames', () => {
  const name = fc.constantFrom('Bo', 'Robert "Bob"', 'the "A" team', 'x"y"z', 'a "b" c "d" e');
  const rows = fc.array(
    fc.record({ class_name: name, student_first_name: name, student_last_name: name }),
    { minLength: 1, maxLength: 6 },
  );

  it('is read as if they were written as the grammar asks', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (changes) => {
        const all = changes.map((change, n) =>
          cells({ ...change, class_id: `${n}`, student_email: `s${n}@s.example` }),
        );
        const write = (cell: (text: string) => string): string =>
          file(...all.map((row) => COLUMNS.map((column) => cell(row[column])).join(',')));
        const bare = await readOk(write((text) => text));
        const quoted = await readOk(write((text) => `"${text.replaceAll('"', '""')}"`));
        expect(bare.rows).toEqual(quoted.rows);
        expect(bare.result.findings).toEqual(quoted.result.findings);
        const marks = all.flatMap((row) => Object.values(row)).filter((text) => text.includes('"'));
        const put = bare.result.repairs.reduce((sum, repair) => sum + repair.rows, 0);
        expect(put).toBe(marks.length);
      }),
      { numRuns: 200 },
    );
  });
});
