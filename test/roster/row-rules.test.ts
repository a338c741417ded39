import { describe, expect, it } from 'vitest';
import { COLUMNS, FIELD_OF } from '../../roster/columns.js';
import { HEADER, cells, file, line, readOk, short, student } from './reading.js';

const NOTHING = Object.fromEntries(COLUMNS.map((column) => [FIELD_OF[column], null]));

describe('a good row', () => {
  it('comes canonical, whatever its line breaks and blank lines around', async () => {
    const text = `\n${HEADER}\r\r\n${line({ student_grade_level: 'Grade 07' })}\n\n \n,,,,,,,,,,\r${student('al')}`;
    const { result, rows } = await readOk(text);
    expect(rows).toMatchObject([
      { line: 4, accepted: true, row: { studentGradeLevel: '7', classId: '007' } },
      { line: 8, accepted: true, row: { studentFirstName: 'al' } },
    ]);
    expect(short(result)).toEqual(['BLANK_ROWS 6']);
    expect(result.findings[0]).toMatchObject({ severity: 'note', rows: 2 });
  });

  it('may hold commas, quotes, apostrophes and line breaks inside quotes', async () => {
    const { rows } = await readOk(
      file(
        line({
          school_name: '"Río Vista School, K-8"',
          class_name: '"The ""Gears"" club"',
          student_last_name: "O'Brien",
          student_first_name: '"Anne\r\nMarie"',
        }),
      ),
    );
    expect(rows[0]).toMatchObject({
      row: {
        schoolName: 'Río Vista School, K-8',
        className: 'The "Gears" club',
        studentLastName: "O'Brien",
        studentFirstName: 'Anne Marie',
      },
    });
  });

  it('is given to a slow sink one at a time, in order', async () => {
    const { readRoster } = await import('../../roster/read-roster.js');
    const text = file(...['al', 'bo', 'cy'].map((name) => student(name)));
    const seen: (number | string)[] = [];
    let busy = false;
    await readRoster(
      (async function* () {
        yield new TextEncoder().encode(text);
      })(),
      async (row) => {
        seen.push(busy ? 'overlap' : row.line);
        busy = true;
        await new Promise((done) => setImmediate(done));
        busy = false;
      },
    );
    expect(seen).toEqual([2, 3, 4]);
  });
});

describe('a row with a fault', () => {
  it('is rejected with one finding a cell, and what can be read of it is kept', async () => {
    const { result, rows } = await readOk(
      file(
        line({ school_name: '', student_email: 'zoe.example', teacher_last_name: 'x'.repeat(300) }),
      ),
    );
    expect(short(result)).toEqual([
      'VALUE_MISSING 2 school_name',
      'VALUE_TOO_LONG 2 teacher_last_name',
      'EMAIL_MALFORMED 2 student_email',
    ]);
    expect(result.findings.map(({ value }) => value)).toEqual([
      null,
      `${'x'.repeat(200)}…`,
      'zoe.example',
    ]);
    expect(rows[0]).toEqual({
      line: 2,
      accepted: false,
      keys: {
        ...NOTHING,
        schoolId: '0012',
        teacherEmail: 'grace.kim@district.example',
        teacherFirstName: 'Grace',
        classId: '007',
        className: 'Science 7',
        studentFirstName: 'Zoë',
        studentLastName: 'Ito',
        studentGradeLevel: '7',
      },
    });
    expect(result).toMatchObject({ rows: 1, accepted: 0, rejected: 1, totals: { errors: 3 } });
  });

  it.each(COLUMNS.filter((column) => column !== 'student_grade_level'))(
    'is rejected without a %s',
    async (column) => {
      const { result } = await readOk(file(line({ [column]: ' ' })));
      expect(short(result)).toEqual([`VALUE_MISSING 2 ${column}`]);
      expect(result.accepted).toBe(0);
    },
  );

  it('in its grade alone is accepted with a warning and no grade', async () => {
    const { result, rows } = await readOk(
      file(line({ student_grade_level: 'Grade 14' }), student('al', { student_grade_level: '' })),
    );
    expect(short(result)).toEqual([
      'GRADE_UNKNOWN 2 student_grade_level',
      'GRADE_MISSING 3 student_grade_level',
    ]);
    expect(result.totals).toEqual({ errors: 0, warnings: 2, notes: 0 });
    expect(rows).toMatchObject([
      { accepted: true, row: { studentGradeLevel: null } },
      { accepted: true, row: { studentGradeLevel: null } },
    ]);
  });
});

const without = (column: string): string =>
  COLUMNS.filter((name) => name !== column)
    .map((name) => cells()[name])
    .join(',');

describe('a row whose fields do not fit the header', () => {
  it.each([
    ['too few', without('class_name'), 'FIELDS_TOO_FEW', 10],
    ['one', 'x', 'FIELDS_TOO_FEW', 1],
    [
      'one more, from a comma in a name',
      line({ student_last_name: 'Ito, Jr.' }),
      'FIELDS_TOO_MANY',
      12,
    ],
    ['two more', `${line()},x,`, 'FIELDS_TOO_MANY', 13],
    [
      'an empty one more, and a fault: it may be shifted',
      line({ student_last_name: 'Ito, Jr.', student_grade_level: '' }),
      'FIELDS_TOO_MANY',
      12,
    ],
    [
      'an empty one more, and an empty name',
      `${line({ school_name: '' })},`,
      'FIELDS_TOO_MANY',
      12,
    ],
    [
      'an empty one more, and an odd grade',
      `${line({ student_grade_level: 'Jr.' })},`,
      'FIELDS_TOO_MANY',
      12,
    ],
  ])('(%s) is rejected and none of its keys is trusted', async (_, row, code, count) => {
    const { result, rows } = await readOk(file(row, student('al')));
    expect(short(result)).toEqual([`${code} 2`]);
    expect(result.findings[0]).toMatchObject({ count, value: null, column: null });
    expect(rows[0]).toEqual({ line: 2, accepted: false, keys: NOTHING });
    expect(rows[1]).toMatchObject({ accepted: true });
  });

  it('because of empty ones at its end is read, if it is faultless', async () => {
    const { result, rows } = await readOk(file(`${line()},,`, `${student('al')}, `));
    expect(result.findings).toEqual([]);
    expect(rows.map(({ accepted }) => accepted)).toEqual([true, true]);
  });

  it('is measured by the named columns where the header ends in commas', async () => {
    const text = `${HEADER},,\n${line()}\n${student('al')},,\n${student('bo')},x,\n${without('class_id')}\n`;
    const { result, rows } = await readOk(text);
    expect(rows.map(({ accepted }) => accepted)).toEqual([true, true, false, false]);
    expect(short(result)).toEqual(['FIELDS_TOO_MANY 4', 'FIELDS_TOO_FEW 5']);
  });

  it('only in their order is told by an address in a wrong column', async () => {
    const values = line().split(',');
    const shifted = [...values.slice(0, 6), ...values.slice(7), '7'].join(',');
    const { result, rows } = await readOk(file(shifted));
    expect(short(result)).toEqual(['ROW_SHIFTED 2']);
    expect(rows[0]).toEqual({ line: 2, accepted: false, keys: NOTHING });
  });
});
