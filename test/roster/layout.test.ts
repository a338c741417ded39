import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import { HEADER_NAMES } from '../../roster/header-names.js';
import { bare } from '../../roster/reading/header.js';
import { toCheckJson } from '../../roster/report.js';
import { HEADER, cells, file, line, read, readOk, refusal, short, student } from './reading.js';

const plainRows = async () => (await readOk(file(line(), student('al')))).rows;
const shifted = async (by: number) =>
  (await plainRows()).map((row) => ({ ...row, line: row.line + by }));
const repairsOf = async (text: string) => {
  const { result } = await readOk(text);
  return result.repairs.map(({ code, line, before, after }) => [code, line, before, after]);
};
const rename = (names: Partial<Record<Column, string>>): string =>
  COLUMNS.map((column) => names[column] ?? column).join(',');

describe('what parts the columns', () => {
  it.each([
    ['a semicolon', ';'],
    ['a tab', '\t'],
    ['a bar', '|'],
  ])('may be %s, which is said', async (_, delimiter) => {
    const text = file(line(), student('al')).replaceAll(',', delimiter);
    const { result, rows } = await readOk(text);
    expect(rows).toEqual(await plainRows());
    expect(result.repairs).toEqual([
      { code: 'DELIMITER', line: 1, before: delimiter, after: ',', rows: 0 },
    ]);
  });

  it('may stand in quoted values, and a comma in any', async () => {
    const text = file(line({ class_name: '"a;""b""\nc"', school_name: 'Maple' }))
      .replaceAll(',', ';')
      .replace('Maple', 'Maple, K-8');
    const { rows } = await readOk(text);
    expect(rows[0]).toMatchObject({ row: { className: 'a;"b" c', schoolName: 'Maple, K-8' } });
  });

  it.each([
    ['sep=;', ';'],
    ['SEP=,', ','],
    ['"sep=;"', ';'],
    ['sep=\t', '\t'],
    // The column names are the evidence, and not the promise above them.
    ['sep=;', ','],
  ])('is told by a line %j, which is no row', async (first, delimiter) => {
    const text = `${first}\r\n${file(line(), student('al')).replaceAll(',', delimiter)}`;
    const { result, rows } = await readOk(text);
    expect(rows).toEqual(await shifted(1));
    expect(result.repairs[0]).toMatchObject({ code: 'SEP_LINE_DROPPED', line: 1, before: first });
  });
});

describe('lines above the column names', () => {
  it('are left out, each with its line', async () => {
    const text = `Maple Valley, fall roster\n\n"As of ""9/1"", 2026",,\n${file(line(), student('al'))}`;
    const { result, rows } = await readOk(text);
    expect(rows).toEqual(await shifted(3));
    expect(result.findings).toEqual([]);
    expect(await repairsOf(text)).toEqual([
      ['BANNER_DROPPED', 1, 'Maple Valley, fall roster', ''],
      ['BANNER_DROPPED', 3, '"As of ""9/1"", 2026",,', ''],
    ]);
  });

  it('may have a quotation mark that never closes', async () => {
    const { rows } = await readOk(`The "fall roster\n${file(line(), student('al'))}`);
    expect(rows).toEqual(await shifted(1));
  });

  it('may name some of the columns, but the line that names all is the header', async () => {
    const { rows } = await readOk(`school_id,class_id\n${file(line(), student('al'))}`);
    expect(rows).toEqual(await shifted(1));
  });

  it('beyond sixty are more than a banner', async () => {
    expect(await refusal(`${'note\n'.repeat(61)}${file(line())}`)).toMatchObject({
      code: 'COLUMN_MISSING',
      line: 1,
    });
  });

  it('do not hide which columns are missing', async () => {
    const text = `Fall roster\n${file(line()).replace('class_id', 'cid')}`;
    const { result } = await read(text);
    expect(result).toMatchObject({
      problem: 'COLUMN_MISSING',
      finding: { line: 2, value: 'class_id', count: 1 },
    });
  });
});

describe('lines below the last row', () => {
  it.each([
    'Total: 1200',
    'Total,1,200',
    'Grand total 2,,,,,,,,,,',
    'Total Records: 2',
    '-- end --',
    '*** END OF FILE ***',
    'EOF',
    '==========',
    'Records: 2',
    'Row count 2',
    '(2 rows affected)',
    '2 records exported',
    'Generated on 9/1/2026 4:05 PM',
    'Page 1 of 1',
  ])('(%s) are no rows', async (trailer) => {
    const text = `${file(line(), student('al'))}\n${trailer}\n\n`;
    const { result, rows } = await readOk(text);
    expect(rows).toEqual(await plainRows());
    expect(result.rows).toBe(2);
    expect(result.repairs).toMatchObject([{ code: 'TRAILER_DROPPED', line: 5, after: '' }]);
    expect(result.repairs).toHaveLength(1);
  });

  it.each([
    '0012',
    '0012,Maple Hi',
    '0012,Total',
    'Page,An',
    '"END OF',
    'End,x',
    line().slice(0, 60),
  ])('(%s) may be a row that was cut off, and stay an error', async (cut) => {
    const { result } = await read(`${file(line(), student('al'))}${cut}`);
    expect(short(result)).toEqual([
      expect.stringMatching(/^(FIELDS_TOO_FEW|NOT_CSV_QUOTE_OPEN) 4$/),
    ]);
  });

  it('are bad rows where a row follows after all', async () => {
    const { result, rows } = await readOk(file(line(), 'Total: 1', '', student('al')));
    expect(short(result)).toEqual(['FIELDS_TOO_FEW 3']);
    expect(rows.map((row) => [row.line, row.accepted])).toEqual([
      [2, true],
      [3, false],
      [5, true],
    ]);
    expect(result.repairs).toEqual([]);
  });

  it('do not make a roster of a header', async () => {
    expect(await refusal(`${HEADER}\nTotal: 0\n`)).toMatchObject({ code: 'HEADER_ONLY' });
  });
});

describe('column names', () => {
  it('are known in any case, with spaces, hyphens, hidden characters and curly quotes', async () => {
    const header = rename({
      school_id: 'SCHOOL ID',
      student_email: 'Student\u00a0E-Mail',
      class_id: '\u200bclass-id\ufeff',
      class_name: '“ClassName”',
    });
    const { result, rows } = await readOk(file(line(), student('al')).replace(HEADER, header));
    expect(rows).toEqual(await plainRows());
    expect(result.repairs).toHaveLength(4);
    expect(result.repairs[3]).toEqual({
      code: 'HEADER_SPELLING',
      line: 1,
      column: 'student_email',
      before: 'Student\u00a0E-Mail',
      after: 'student_email',
      rows: 0,
    });
  });

  it.each(COLUMNS.flatMap((column) => HEADER_NAMES[column].map((name) => [column, name] as const)))(
    '%s is known as %s',
    async (column, name) => {
      const { result, rows } = await readOk(
        file(line(), student('al')).replace(HEADER, rename({ [column]: name.toUpperCase() })),
      );
      expect(rows).toEqual(await plainRows());
      expect(result.repairs).toMatchObject([{ column, before: name.toUpperCase(), after: column }]);
    },
  );

  it('mean one column each', () => {
    const all = COLUMNS.flatMap((column) => [column, ...HEADER_NAMES[column]]).map(bare);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(['Email', 'Name', 'First Name', 'Class', 'Course ID', 'ID', 'Teacher', 'Section'])(
    'are not guessed: %s may mean more than one',
    async (name) => {
      const text = file(line()).replace('class_name', name);
      expect(await refusal(text)).toMatchObject({ code: 'COLUMN_MISSING' });
    },
  );

  it('of our own go before synonyms, which are then other columns', async () => {
    const text = `${HEADER},Course Name\n${line()},Integrated Science\n`;
    const { result, rows } = await readOk(text);
    expect(rows[0]).toMatchObject({ row: { className: 'Science 7' } });
    expect(short(result)).toEqual(['COLUMNS_IGNORED 1']);
  });

  it('may be given by the district, before all that is known', async () => {
    const header = `${rename({ class_id: 'Local Code', school_id: 'Org' })},Class Code`;
    const text = `${header}\n${line()},other\n`;
    const { result, rows } = await read(text, {
      columns: { 'local code': 'class_id', org: 'school_id' },
    });
    expect(rows[0]).toMatchObject({ accepted: true, row: { classId: '007', schoolId: '0012' } });
    expect(result).toMatchObject({ ok: true });
  });
});

describe('names that do not say whose they are', () => {
  const unmarked = {
    student_first_name: 'First Name',
    student_last_name: 'Surname',
    student_email: 'E-Mail',
  };

  it("are the student's where the teacher's stand beside them", async () => {
    const { result, rows } = await readOk(`${rename(unmarked)},Homeroom\n${line()},R1\n`);
    const { rows: named } = await readOk(file(line()));
    expect(rows).toEqual(named);
    expect(result.repairs.map(({ code, column }) => `${code} ${column}`)).toEqual([
      'HEADER_ALIAS student_email',
      'HEADER_ALIAS student_first_name',
      'HEADER_ALIAS student_last_name',
    ]);
  });

  it.each(['Parent Name', 'Emergency Contact', 'Guardian 1 Phone'])(
    'are not guessed beside %s',
    async (third) => {
      const text = `${rename(unmarked)},${third}\n${line()},x\n`;
      const { result } = await read(text);
      expect(result).toMatchObject({
        problem: 'COLUMN_MISSING',
        finding: { value: 'student_first_name, student_last_name, student_email', count: 4 },
      });
    },
  );

  it("are not guessed where the teacher's column has such a name, too", async () => {
    const header = rename({ ...unmarked, teacher_last_name: 'Last Name' });
    const { result } = await read(`${header}\n${line()}\n`);
    expect(result).toMatchObject({
      finding: { value: 'teacher_last_name, student_last_name', count: 2 },
    });
  });

  it('give way to one that does', async () => {
    const text = `${HEADER},Email\n${line()},home@example.com\n`;
    const { rows } = await readOk(text);
    expect(rows).toEqual((await readOk(file(line()))).rows);
  });
});

describe('a file without a column that is needed', () => {
  it('is told what it has instead, and whoever only sees the sentence is not', async () => {
    const { result } = await read(`${rename({ class_id: 'Kurs', school_id: 'Org' })}\n${line()}\n`);
    expect(toCheckJson(result)).toMatchObject({
      causes: [
        {
          message:
            'The first line lacks these columns: school_id, class_id; instead it has: Org, Kurs.',
        },
      ],
      findings: [
        {
          message:
            'The first line lacks these columns: school_id, class_id; it has 2 columns with other names.',
        },
      ],
    });
  });

  it('may have thousands of others', async () => {
    const names = Array.from({ length: 3_000 }, (_, n) => `column ${n}`).join(',');
    const { result } = await read(`school_id,class_id,${names}\n${line()}\n`);
    expect(result).toMatchObject({ finding: { count: 3_000 } });
    expect(result.ok ? 0 : result.finding.subject!.length).toBe(801);
  });
});

describe('a column that stands there twice', () => {
  it.each([
    ['the same', '007', 'ok'],
    ['different values', '7', 'COLUMN_DUPLICATE'],
  ])('under two names of the district’s own, with %s', async (_, second, outcome) => {
    const columns = { Group: 'class_id', Set: 'class_id' } as const;
    const { result } = await read(`${rename({ class_id: 'Group' })},Set\n${line()},${second}\n`, {
      columns,
    });
    expect(result.ok ? 'ok' : result.problem).toBe(outcome);
    const alone = await readOk(`${rename({ class_id: 'Set' })}\n${line()}\n`, { columns });
    expect(alone.result.accepted).toBe(1);
  });

  const twice = (second: string): string =>
    `${HEADER},Class-ID\n${line()},${second}\n\n${student('al')},007\nTotal: 2\n`;

  it('is read if its values are the same, apart from spaces', async () => {
    const { result, rows } = await readOk(twice(' 007\u00a0'));
    expect(rows.every(({ accepted }) => accepted)).toBe(true);
    expect(result.findings.map(({ code }) => code)).toEqual([]);
    expect(result.repairs.map(({ code }) => code)).toEqual(['COLUMN_REPEATED', 'TRAILER_DROPPED']);
  });

  it('stops the file where they differ, with that line', async () => {
    expect(await refusal(twice('7'))).toEqual({
      problem: 'COLUMN_DUPLICATE',
      code: 'COLUMN_DUPLICATE',
      line: 2,
    });
  });

  it('may be two synonyms', async () => {
    const header = `${rename({ class_name: 'Section Name' })},Course Name`;
    const same = `${header}\n${line()},Science 7\n`;
    expect((await readOk(same)).rows[0]).toMatchObject({ row: { className: 'Science 7' } });
    expect(await refusal(`${header}\n${line()},Science\n`)).toMatchObject({
      code: 'COLUMN_DUPLICATE',
    });
  });
});

describe('a value with a comma and no quotation marks', () => {
  it('is put together if only one reading is possible', async () => {
    const { result, rows } = await readOk(
      file(
        line({ school_name: 'Maple, K-8' }),
        student('al', { school_name: 'Maple, K-8' }),
        student('bo', { school_name: '"Maple, K-8"' }),
      ),
    );
    expect(result.findings).toEqual([]);
    expect(rows.map((row) => row.accepted && row.row.schoolName)).toEqual(
      Array(3).fill('Maple, K-8'),
    );
    expect(result.repairs).toEqual([
      {
        code: 'COMMA_IN_VALUE',
        line: 2,
        column: 'school_name',
        before: 'Maple, K-8',
        after: '"Maple, K-8"',
        rows: 2,
      },
    ]);
  });

  it('may hold several of them', async () => {
    const { rows } = await readOk(file(line({ school_name: 'Maple, Oak, and Elm' })));
    expect(rows[0]).toMatchObject({ accepted: true, row: { schoolName: 'Maple, Oak, and Elm' } });
  });

  it('is found by the column order of the file: a name between two addresses', async () => {
    const order: Column[] = ['student_email', 'student_last_name', 'teacher_email'];
    const rest = COLUMNS.filter((column) => !order.includes(column));
    const row = cells({ student_last_name: 'Ito, Jr.' });
    const text = `${[...order, ...rest].join(',')}\n${[...order, ...rest].map((c) => row[c]).join(',')}\n`;
    expect((await readOk(text)).rows[0]).toMatchObject({ row: { studentLastName: 'Ito, Jr.' } });
  });

  it('may stand in a column that nobody reads', async () => {
    const text = `${HEADER},Notes,More\n${line()},one, two,three\n`;
    const { result, rows } = await readOk(text);
    expect(rows[0]).toMatchObject({ accepted: true });
    expect(result.repairs).toMatchObject([{ code: 'COMMA_IN_VALUE' }]);
  });

  it.each([
    ['two columns could hold it', { student_last_name: 'Ito, Jr.' }],
    ['a part is empty', { school_name: 'Maple,' }],
    ['an id could be a number with a comma', { school_id: '1,234' }],
    ['two values have one', { school_name: 'Maple, K-8', class_name: 'Science, 7' }],
    ['there are more than a value has', { school_name: 'a,b,c,d,e' }],
  ])('stays an error where %s', async (_, change) => {
    const { result } = await readOk(file(line(change), student('al')));
    expect(short(result)).toEqual(['FIELDS_TOO_MANY 2']);
  });

  it('stays an error where the address that would fix it is wrong', async () => {
    const row = line({ school_name: 'Maple, K-8', teacher_email: 'grace' });
    expect(short((await readOk(file(row))).result)).toEqual(['FIELDS_TOO_MANY 2']);
  });
});
