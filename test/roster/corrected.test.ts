import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRoster } from '../../roster/read-roster.js';
import { writeCorrected } from '../../roster/reports/corrected.js';
import { sampleFile } from '../../dev/sample/index.js';
import { HEADER, file, line, pieces, readOk, student } from './reading.js';

/** Both parts of a file, or null if nothing of it is accepted. */
async function correct(text: string): Promise<{ accepted: string; rejected: string } | null> {
  const bytes = new TextEncoder().encode(text);
  const first = await readRoster(pieces(bytes), () => undefined);
  if (!first.ok || first.accepted === 0) return null;
  const parts = { accepted: '', rejected: '' };
  const counts = await writeCorrected(
    first,
    (sink, options) => readRoster(pieces(bytes), sink, options),
    {
      accepted: (piece) => void (parts.accepted += piece),
      rejected: (piece) => void (parts.rejected += piece),
    },
  );
  expect(counts).toMatchObject({ rejected: first.rejected });
  return parts;
}

const aside = (text: string): Record<string, string>[] =>
  parse(text, { bom: true, columns: true, relax_column_count: true });

describe('a corrected file', () => {
  it('has canonical names, order and values, and what was said twice once', async () => {
    const reversed = HEADER.split(',').toReversed();
    const cells = line({
      student_grade_level: 'Grade 07',
      student_email: ' ZOE.Ito@Students.example',
    })
      .split(',')
      .toReversed();
    const text = [reversed, cells, cells]
      .map((row) => row.join(';').replaceAll(';', ','))
      .join('\r\n');
    expect(await correct(`\ufeff${text}\r\n,,,\r\n`)).toMatchObject({ accepted: file(line()) });
  });

  it('leaves out rejected rows and says of each why, by line or by key', async () => {
    const parts = await correct(
      file(
        line(),
        student('al', { school_name: '' }),
        student('bo', { class_id: '8' }),
        student('cy', { class_id: '8', class_name: 'Art' }),
        student('dee', { class_id: '1.2E+11', class_name: '=1+1' }),
        'x,y',
        'Robert "Bob"',
      ),
    );
    expect(parts!.accepted).toBe(file(line()));
    const rows = aside(parts!.rejected);
    expect(rows.map(({ line: at, code }) => [at, code])).toEqual([
      ['3', 'VALUE_MISSING'],
      ['4', 'CLASS_CONFLICT'],
      ['5', 'CLASS_CONFLICT'],
      ['6', 'ID_EXCEL_NUMBER'],
      ['7', 'FIELDS_TOO_FEW'],
      ['8', 'QUOTE_BROKEN'],
    ]);
    expect(rows[0]).toMatchObject({ student_first_name: 'al', school_name: '' });
    expect(rows[3]).toMatchObject({ class_id: '1.2E+11', class_name: "'=1+1" });
    expect(rows.every((row) => row['what to do']!.length > 10)).toBe(true);
  });

  it('puts a row that could not be taken apart aside as it stands', async () => {
    const rows = {
      broken: line({ student_first_name: '"Bob"by' }),
      formula: `=1+1,${line({ student_first_name: 'Bob"by' })}`,
      swallowed: [
        student('al', { class_name: '"Science' }),
        student('bo'),
        student('cy', { class_name: 'Science"' }),
      ].join('\r\n'),
      long: line({ class_name: 'x'.repeat(70_000) }),
      twoLines: line({ school_name: '', class_name: '"Science\n7"' }),
    };
    const parts = await correct(file(line(), ...Object.values(rows)));
    const found = aside(parts!.rejected);
    expect(found.map(({ code, line: at }) => [code, at])).toEqual([
      ['QUOTE_BROKEN', '3'],
      ['QUOTE_BROKEN', '4'],
      ['QUOTE_SWALLOWS_ROWS', '5'],
      ['ROW_TOO_LONG', '8'],
      ['VALUE_MISSING', '9'],
    ]);
    const raw = found.map((row) => row['row as it stands']!);
    expect(raw.slice(0, 3)).toEqual([rows.broken, `'${rows.formula}`, rows.swallowed]);
    expect(rows.long).toHaveLength(70_092);
    expect(raw[3]).toBe(`${rows.long.slice(0, 29_999)}… (the beginning of 70,092 characters)`);
    // Cells that are what was meant stand in their columns, and nowhere else.
    expect(found.map((row) => row['student_email'])).toEqual([
      ...[undefined, undefined, undefined, undefined],
      'zoe.ito@students.example',
    ]);
    expect(found[4]).toMatchObject({ 'row as it stands': '', class_name: 'Science\n7' });
  });

  it('of the sample district with mistakes holds all of its other rows', async () => {
    const { result } = await readOk(sampleFile('mistakes'));
    const parts = await correct(sampleFile('mistakes'));
    const again = await readOk(parts!.accepted);
    expect(again.result).toMatchObject({ rejected: 0, accepted: result.accepted });
    expect(aside(parts!.rejected)).toHaveLength(result.rejected);
    expect(aside(parts!.rejected).every(({ code }) => code !== '')).toBe(true);
  });

  it('is told from one that was changed between the two readings', async () => {
    const first = await readRoster(pieces(Buffer.from(file(line()))), () => undefined);
    if (!first.ok) throw new Error('refused');
    const other = Buffer.from(file(line(), student('al')));
    const parts = { accepted: () => undefined, rejected: () => undefined };
    expect(
      await writeCorrected(
        first,
        (sink, options) => readRoster(pieces(other), sink, options),
        parts,
      ),
    ).toBeNull();
  });
});

/** Rows that contradict, spoil and repeat each other, with signs that CSV minds. */
const anyRow = fc
  .record({
    school_id: fc.constantFrom('1', '2', '3.0', '3.1'),
    school_name: fc.constantFrom('A', 'A', 'A', '"Río, K-8"', '=1+1'),
    class_id: fc.constantFrom('1', '2', '4.0', '4.1', '1.2E+11', '1-Feb', '1-Foo', ''),
    class_name: fc.constantFrom('C', 'C', 'C', '"The ""Gears"""', '2-Mar'),
    teacher_email: fc.constantFrom('t1@d.example', 't2@d.example', 'p1@d.example'),
    student_email: fc.constantFrom(
      'p1@d.example',
      'P2@d.example',
      'p3@d.example',
      'p4',
      'a@gmial.com',
    ),
    student_first_name: fc.constantFrom(
      'Zoë',
      'Zoë',
      'Zoe',
      'Zo "Z"',
      'Grace',
      ' Anne \u00a0Marie',
    ),
    student_last_name: fc.constantFrom('Ito', 'Ito', 'Kim', ''),
    student_grade_level: fc.constantFrom('1', '01', 'x', ''),
  })
  .map((cells) => line(cells));
const anyLine = fc.oneof(
  { weight: 12, arbitrary: anyRow },
  fc.constantFrom('x,y', ',,,', HEADER, 'Robert "Bob"', `${line()},,`),
);

describe('any corrected file', () => {
  it('checks without an error, has nothing to repair, and is its own corrected file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 14 }), async (lines) => {
        const parts = await correct(file(...lines));
        if (parts === null) return;
        const { result } = await readOk(parts.accepted);
        expect(result).toMatchObject({ rejected: 0, repairs: [], totals: { errors: 0 } });
        expect((await correct(parts.accepted))!.accepted).toBe(parts.accepted);
      }),
      { numRuns: 400 },
    );
  });

  it('has a reason for every row that it leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 14 }), async (lines) => {
        const parts = await correct(file(...lines));
        for (const { code } of aside(parts?.rejected ?? '')) expect(code).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});

describe('findings', () => {
  it('do not depend on the order of rows, but for lines', async () => {
    const told = async (lines: readonly string[]): Promise<string[]> => {
      const { result } = await readOk(file(...lines));
      return result.findings
        .map(({ code, column, rows, people, subject, severity }) =>
          JSON.stringify({ code, column, rows, people, subject, severity }),
        )
        .sort();
    };
    const shuffled = fc
      .array(anyRow, { minLength: 2, maxLength: 12 })
      .chain((lines) =>
        fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
      );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([lines, other]) => {
        expect(await told(other)).toEqual(await told(lines));
      }),
      { numRuns: 300 },
    );
  });
});
