import { describe, expect, it } from 'vitest';
import { HEADER, file, line, readOk, short, student } from './reading.js';

/** `count` students s0, s1, … who give a file its habits, each in a class of the first one's. */
const others = (count: number, change: Parameters<typeof student>[1] = {}): string[] =>
  Array.from({ length: count }, (_, n) => student(`s${n}`, change));

const ofCode = async (code: string, ...lines: readonly string[]) =>
  (await readOk(file(...lines))).result.findings.filter((one) => one.code === code);

describe('ids that a spreadsheet program spoilt', () => {
  it.each([
    ['ID_EXCEL_NUMBER', '1.2E+11'],
    ['ID_EXCEL_NUMBER', '1,2E+11'],
    ['ID_EXCEL_NUMBER', '1E+15'],
    ['ID_EXCEL_DATE', '1-Feb'],
    ['ID_EXCEL_DATE', 'Feb-01'],
    ['ID_DECIMAL', '123.0'],
    ['ID_DECIMAL', '7.00'],
  ])('%s: %s is an error, and what it meant is unreadable', async (code, class_id) => {
    const { result } = await readOk(
      file(
        line({ class_id: `"${class_id}"` }),
        student('al', { class_id: `"${class_id}"` }),
        student('bo'),
      ),
    );
    expect(short(result)).toEqual([`${code} 2 class_id`]);
    expect(result.findings[0]).toMatchObject({
      severity: 'error',
      value: class_id,
      rows: 2,
      people: 2,
      lines: [2, 3],
    });
    expect(result.rejectedLines).toEqual([2, 3]);
    expect(result.lostIds).toEqual([{ column: 'class_id', value: class_id }]);
    expect(result.accepted).toBe(1);
  });

  it('is not told besides that classes which became one disagree', async () => {
    const class_id = '1.2E+11';
    const { result } = await readOk(
      file(line({ class_id }), student('al', { class_id, class_name: 'Art' })),
    );
    expect(short(result)).toEqual(['ID_EXCEL_NUMBER 2 class_id']);
  });

  it.each([
    ['4.0', '4.1'],
    ['Jan-12', 'Kim-12'],
    ['5-May', '5-Sci'],
    ['12.0', '3.25'],
  ])('are not seen in %s where %s shows that ids are made so', async (class_id, honest) => {
    const { result } = await readOk(
      file(line({ class_id }), student('al', { class_id: honest }), student('bo')),
    );
    expect(result.findings).toEqual([]);
  });

  it('are seen although the honest one stands on a row that is left out', async () => {
    const { result } = await readOk(
      file(line({ class_id: '4.0' }), student('al', { class_id: '4.1', student_last_name: '' })),
    );
    expect(short(result)).toContain('ID_DECIMAL 2 class_id');
  });

  it.each(['E+11', '1E11', '1-Foo', '12-34', '1.5', 'v2.0', '2E+', 'MAR-12', '1-feb-x'])(
    'are not seen in %s',
    async (class_id) => {
      expect((await readOk(file(line({ class_id })))).result.findings).toEqual([]);
    },
  );
});

describe('a name that a spreadsheet program spoilt', () => {
  it.each(['2-Mar', 'Mar-02', '1.2E+11', '#NAME?', '#REF!'])(
    'is a warning, and its rows stay: %s',
    async (class_name) => {
      const { result } = await readOk(file(line({ class_name }), student('al', { class_name })));
      expect(short(result)).toEqual(['VALUE_EXCEL_DAMAGE 2 class_name']);
      expect(result.findings[0]).toMatchObject({ severity: 'warning', rows: 2, value: class_name });
      expect(result.accepted).toBe(2);
    },
  );
});

describe('a formula', () => {
  it.each([
    '=1+1',
    '=HYPERLINK(A1)',
    '@SUM(A1)',
    '＝1',
    "+cmd|' /C calc'!A0",
    '-2+3+cmd|x',
    '＋SUM(A1)',
  ])('is a warning: %s', async (class_name) => {
    const { result } = await readOk(file(line({ class_name })));
    expect(short(result)).toEqual(['FORMULA 2 class_name']);
    expect(result.findings[0]).toMatchObject({ severity: 'warning', rows: 1, value: class_name });
  });
  it.each(['-', '+1 Reading', '- none -', 'a=b', "O'Neil"])(
    'is not seen in %s',
    async (class_name) => {
      expect((await readOk(file(line({ class_name })))).result.findings).toEqual([]);
    },
  );
  it('is seen in an id, too', async () => {
    expect(await ofCode('FORMULA', line({ school_id: '=A1' }))).toMatchObject([
      { column: 'school_id', rows: 1 },
    ]);
  });
});

describe('domains of addresses', () => {
  it.each([
    ['gmial.com', 'gmail.com'],
    ['hotmal.com', 'hotmail.com'],
  ])('%s is a slip known everywhere', async (domain, meant) => {
    const found = await ofCode('EMAIL_DOMAIN_TYPO', line({ student_email: `zoe@${domain}` }));
    expect(found).toMatchObject([
      {
        severity: 'note',
        value: `${domain} (${meant}?)`,
        column: 'student_email',
        rows: 1,
        line: 2,
      },
    ]);
  });

  it('are compared with those that the file itself has', async () => {
    const found = await ofCode(
      'EMAIL_DOMAIN_TYPO',
      ...others(30),
      line({ student_email: 'zoe.ito@studnets.example' }),
    );
    expect(found).toMatchObject([
      { value: 'studnets.example (students.example?)', rows: 1, people: 1, line: 32 },
    ]);
  });

  it('may be two that are much alike, if both are used', async () => {
    const found = await ofCode(
      'EMAIL_DOMAIN_TYPO',
      ...others(20),
      ...Array.from({ length: 20 }, (_, n) =>
        student(`t${n}`, { student_email: `t${n}@student.example` }),
      ),
    );
    expect(found).toEqual([]);
  });

  it('that one row alone uses are noted', async () => {
    const alone = student('al', { student_email: 'al@home.example' });
    expect(await ofCode('EMAIL_DOMAIN_LONE', ...others(30), alone)).toMatchObject([
      { severity: 'note', value: 'home.example', rows: 1, line: 32 },
    ]);
    const twice = student('al', { student_email: 'al@home.example', class_id: '8' });
    expect(await ofCode('EMAIL_DOMAIN_LONE', ...others(30), alone, twice)).toEqual([]);
    expect(await ofCode('EMAIL_DOMAIN_LONE', ...others(5), alone)).toEqual([]);
  });

  it('are left alone where families write their own addresses', async () => {
    const own = Array.from({ length: 20 }, (_, n) =>
      student(`f${n}`, { student_email: `f${n}@home${n}x.example` }),
    );
    expect(await ofCode('EMAIL_DOMAIN_LONE', ...others(30), ...own)).toEqual([]);
  });
});

describe('people', () => {
  const named = (first: string, last: string, student_email: string): string =>
    line({ student_first_name: first, student_last_name: last, student_email });
  const straight = [
    named('Ann', 'Abel', 'ann.abel@s.example'),
    named('Ben', 'Boss', 'ben.boss@s.example'),
    named('Cid', 'Cole', 'cid.cole@s.example'),
    named('Dé', 'O’Hara', 'de.ohara7@s.example'),
  ];

  it('whose names go against their address are told as swapped', async () => {
    const found = await ofCode(
      'NAMES_SWAPPED',
      ...straight,
      named('Smith', 'John', 'john.smith@s.example'),
    );
    expect(found).toMatchObject([
      { severity: 'warning', line: 6, value: 'Smith / John', subject: 'john.smith@s.example' },
    ]);
  });

  it('are judged by the habit of the file: last.first is one, too', async () => {
    const reversed = [
      ['Ann', 'Abel'],
      ['Ben', 'Boss'],
      ['Cid', 'Cole'],
      ['Dora', 'Dell'],
    ].map(([first, last]) => named(first!, last!, `${last}.${first}@s.example`));
    expect(await ofCode('NAMES_SWAPPED', ...reversed)).toEqual([]);
    expect(
      await ofCode('NAMES_SWAPPED', ...reversed, named('John', 'Smith', 'john.smith@s.example')),
    ).toMatchObject([{ line: 6 }]);
  });

  it('are not judged where addresses have no habit', async () => {
    const mixed = [...straight.slice(0, 2), named('Smith', 'John', 'john.smith@s.example')];
    expect(await ofCode('NAMES_SWAPPED', ...mixed)).toEqual([]);
  });

  it('with the name of their own teacher are warned of', async () => {
    const found = await ofCode(
      'TEACHER_AS_STUDENT',
      named('grace', 'KIM', 'kid@s.example'),
      named('Grace', 'Kimm', 'kidd@s.example'),
    );
    expect(found).toMatchObject([{ severity: 'warning', line: 2, value: 'grace KIM', rows: 1 }]);
  });

  it('with the name of another class’s teacher are not', async () => {
    const other = {
      teacher_email: 'bo@district.example',
      teacher_first_name: 'Bo',
      teacher_last_name: 'Li',
      class_id: '9',
    };
    expect(
      await ofCode(
        'TEACHER_AS_STUDENT',
        line({ student_first_name: 'Bo', student_last_name: 'Li' }),
        student('al', other),
      ),
    ).toEqual([]);
  });

  it.each([
    ['Test', 'Student', 'x@s.example'],
    ['john', 'DOE', 'x@s.example'],
    ['Al', 'Bo', 'al.bo@example.com'],
  ])('made up for a test are warned of: %s %s %s', async (first, last, email) => {
    expect(await ofCode('TEST_PERSON', named(first, last, email))).toMatchObject([
      { severity: 'warning', column: 'student_email', subject: email, rows: 1 },
    ]);
  });
  it.each([
    ['Test', 'Ito'],
    ['John', 'Smith'],
    ['Doe', 'John'],
  ])('are not called made up for half a name: %s %s', async (first, last) => {
    expect(await ofCode('TEST_PERSON', named(first, last, 'x@s.example'))).toEqual([]);
  });
});

describe('one address, two students', () => {
  const two = (first: string, last = 'Ito'): Promise<string[]> =>
    readOk(
      file(line(), line({ class_id: '8', student_first_name: first, student_last_name: last })),
    ).then(({ result }) => short(result));

  it.each(['Ben', 'Aaron', 'Kim'])('is told of brothers and sisters: %s', async (first) => {
    expect(await two(first)).toEqual(['EMAIL_TWO_STUDENTS 2 student_first_name']);
  });
  it.each(['Zoe', 'ZOË', 'Zoé', 'Zo', 'Zoey'])('is not told of a spelling: %s', async (first) => {
    expect(await two(first)).toEqual(['STUDENT_CONFLICT 2 student_first_name']);
  });
  it('is not told of a new last name', async () => {
    expect(await two('Zoë', 'Petrov')).toEqual(['STUDENT_CONFLICT 2 student_last_name']);
  });
});

describe('a header that comes again among the rows', () => {
  it('is skipped and noted, and protects nobody', async () => {
    const { result, rows } = await readOk(file(line(), HEADER, student('al')));
    expect(short(result)).toEqual(['HEADER_REPEATED 3']);
    expect(result.findings[0]).toMatchObject({ severity: 'note' });
    expect(rows).toHaveLength(2);
    expect(result).toMatchObject({ rows: 2, accepted: 2, rejected: 0 });
  });
  it('is known by labels, too', async () => {
    const labels = HEADER.split(',')
      .map((name) => name.replaceAll('_', ' ').toUpperCase())
      .join(',');
    const { result } = await readOk(file(labels, line()));
    expect(short(result)).toEqual(['HEADER_REPEATED 2']);
  });
});
