import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file, line, readOk, short, student } from './reading.js';

const rejected = (...lines: readonly string[]): Promise<readonly number[]> =>
  readOk(file(...lines)).then(({ result }) => result.rejectedLines);

describe('rows that contradict each other', () => {
  const school = { school_id: '2', school_name: 'Oak' };
  it.each([
    [
      'SCHOOL_CONFLICT',
      'school_name',
      { school_name: 'Maple High School' },
      'Maple High (lines 3, 5), Maple High School (line 4)',
    ],
    [
      'TEACHER_CONFLICT',
      'teacher_last_name',
      { teacher_last_name: 'Kimm' },
      'Kim (lines 3, 5), Kimm (line 4)',
    ],
    [
      'TEACHER_CONFLICT',
      'teacher_first_name',
      { teacher_first_name: 'Gracie' },
      'Grace (lines 3, 5), Gracie (line 4)',
    ],
    [
      'CLASS_CONFLICT',
      'class_name',
      { class_name: 'Science 8' },
      'Science 7 (lines 3, 5), Science 8 (line 4)',
    ],
    ['CLASS_TWO_SCHOOLS', 'school_id', school, '0012 (lines 3, 5), 2 (line 4)'],
  ])(
    '%s: all rows of that key, one finding with each value and all of its lines',
    async (code, column, change, value) => {
      // Line 2 shares nothing with the others but the district.
      const other = student('other', {
        school_id: '9',
        school_name: 'Elm',
        class_id: '9',
        teacher_email: 't9@district.example',
      });
      const { result } = await readOk(
        file(other, student('al'), student('bo', change), student('cy')),
      );
      expect(short(result)).toEqual([`${code} 3 ${column}`]);
      expect(result.findings[0]).toMatchObject({
        value,
        rows: 3,
        people: 3,
        lines: [3, 4, 5],
        severity: 'error',
      });
      expect(result.rejectedLines).toEqual([3, 4, 5]);
      expect(result).toMatchObject({ rows: 4, accepted: 1, rejected: 3, counts: { students: 1 } });
    },
  );

  it('STUDENT_CONFLICT: names and grades of one address in one finding', async () => {
    const { result } = await readOk(
      file(
        line(),
        line({ class_id: '8', student_grade_level: '8' }),
        line({ class_id: '9', student_first_name: 'Zoe' }),
        student('al'),
      ),
    );
    expect(short(result)).toEqual(['STUDENT_CONFLICT 2 student_first_name']);
    expect(result.findings[0]).toMatchObject({
      value:
        'student_first_name: Zoë (lines 2–3), Zoe (line 4); student_grade_level: 7 (lines 2, 4), 8 (line 3)',
      rows: 3,
      people: 1,
    });
    expect(result.rejectedLines).toEqual([2, 3, 4]);
  });

  it('differ in case, but not in spaces, composition or the way a grade is written', async () => {
    expect(await rejected(line(), line({ class_id: '8', student_last_name: 'ITO' }))).toEqual([
      2, 3,
    ]);
    expect(
      await rejected(
        line(),
        line({
          class_id: '8',
          student_first_name: ' Zoe\u0308 ',
          student_grade_level: '07',
          student_email: 'ZOE.ITO@students.example',
          school_name: 'Maple\u00a0 High',
        }),
      ),
    ).toEqual([]);
  });

  it('do not, where one of them does not say a grade', async () => {
    expect(await rejected(line({ student_grade_level: '' }), line({ class_id: '8' }))).toEqual([]);
  });

  it('may be rejected themselves: neither side is believed', async () => {
    const { result } = await readOk(
      file(line({ teacher_email: '', student_grade_level: '8' }), line({ class_id: '8' })),
    );
    expect(short(result)).toEqual([
      'VALUE_MISSING 2 teacher_email',
      'STUDENT_CONFLICT 2 student_grade_level',
    ]);
    expect(result.rejectedLines).toEqual([3]);
    expect(result).toMatchObject({ rows: 2, accepted: 0, rejected: 2 });
  });

  it('are not joined by a row of which nothing can be read', async () => {
    const { result } = await readOk(
      file(line(), line({ class_id: '8', student_grade_level: '8' }), 'x,y', 'Robert "Bob"'),
    );
    expect(result.findings[0]).toMatchObject({ code: 'STUDENT_CONFLICT', rows: 2 });
    expect(result.rejectedLines).toEqual([2, 3]);
  });

  it('name no line of a row that does not say what they disagree about, but leave it out', async () => {
    const { result } = await readOk(
      file(
        line({ student_grade_level: '' }),
        line({ class_id: '8' }),
        line({ class_id: '9', student_grade_level: '14' }),
        line({ class_id: '10', student_grade_level: '8' }),
        line({ class_id: '11' }),
      ),
    );
    const finding = result.findings.find(({ code }) => code === 'STUDENT_CONFLICT');
    expect(finding).toMatchObject({
      line: 3,
      value: '7 (lines 3, 6), 8 (line 5)',
      rows: 5,
      lines: [2, 3, 4, 5, 6],
    });
    expect(result.rejectedLines).toEqual([2, 3, 4, 5, 6]);
  });

  it('are told by line numbers, not by rows: a value over two lines, a blank row between', async () => {
    const { result } = await readOk(
      file(
        line({ school_name: 'Oak' }),
        line(),
        line({ class_name: '"Science\n7"' }),
        ',,,',
        line(),
      ),
    );
    expect(result.findings[0]!.value).toBe('Oak (line 2), Maple High (lines 3–4, 7)');
  });

  it('are counted, where a key has too many values to spell out', async () => {
    const lines = Array.from({ length: 10_004 }, (_, n) =>
      line({ class_id: `${n}`, student_first_name: `N${n}` }),
    );
    const { result } = await readOk(file(...lines));
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ rows: 10_004 });
    expect(result.findings[0]!.lines).toHaveLength(10_000);
    expect(result.findings[0]!.value).toMatch(
      /^N0 \(line 2\), N1 \(line 3\), .*N9999 \(line 10001\), 4 more values$/,
    );
  });

  it('keep the lines of a rare value where the lines of a frequent one are too many', async () => {
    const other = (n: number) => student(`s${n}`, { class_id: '8', class_name: 'Art' });
    const lines = Array.from({ length: 24_000 }, (_, n) =>
      n % 2 === 1 ? other(n) : n % 2_000 === 0 ? line({ school_name: 'Oak' }) : line(),
    ).map((text) =>
      text.replace(
        '0012,Maple High,grace.kim@district.example,Grace,Kim,8',
        '1,A,t@d.example,A,B,8',
      ),
    );
    const { result } = await readOk(file(...lines));
    const text = result.findings.find(({ code }) => code === 'SCHOOL_CONFLICT')!.value!;
    const rare = Array.from({ length: 12 }, (_, n) => n * 2_000 + 2).join(', ');
    expect(text).toContain(`Oak (lines ${rare}),`);
    // 11,988 lines one by one, of which half of the limit is told.
    const [told, more] = text.split(' Maple High (lines ')[1]!.split(' and ') as [string, string];
    expect(told.split(', ')).toHaveLength(5_000);
    expect(more).toBe('6988 more)');
  });

  it('EMAIL_BOTH_ROLES: neither the student nor the teacher is touched', async () => {
    const { result } = await readOk(
      file(
        student('al', { class_id: '1', teacher_email: 'shared@d.example' }),
        student('bo', { class_id: '2', student_email: 'Shared@d.example' }),
        student('cy', { class_id: '3' }),
      ),
    );
    expect(short(result)).toEqual(['EMAIL_BOTH_ROLES 2 teacher_email']);
    expect(result.findings[0]).toMatchObject({
      value: 'teacher_email (line 2), student_email (line 3)',
      subject: 'shared@d.example',
      lines: [2, 3],
      rows: 2,
    });
    expect(result.rejectedLines).toEqual([2, 3]);
  });
});

describe('every line of', () => {
  it('EMAIL_BOTH_ROLES is named, by role', async () => {
    const shared = { teacher_email: 'shared@d.example' };
    const { result } = await readOk(
      file(
        student('al', { class_id: '1', ...shared }),
        student('bo', { class_id: '1', ...shared }),
        student('cy', { class_id: '3', student_email: 'shared@d.example' }),
        student('di', { class_id: '4' }),
        student('ed', { class_id: '5', ...shared, student_email: 'shared@d.example' }),
      ),
    );
    expect(result.findings.find(({ code }) => code === 'EMAIL_BOTH_ROLES')).toMatchObject({
      value: 'teacher_email (lines 2–3, 6), student_email (lines 4, 6)',
      lines: [2, 3, 4, 6],
      rows: 4,
    });
  });

  it('EMAIL_TWO_STUDENTS is named, by child', async () => {
    const { result } = await readOk(
      file(
        line({ student_first_name: 'Ada' }),
        line({ student_first_name: 'Ada', class_id: '2' }),
        line({ student_first_name: 'Benjamin', class_id: '3' }),
        student('al'),
        line({ student_first_name: 'Ada', class_id: '4' }),
      ),
    );
    expect(result.findings[0]).toMatchObject({
      code: 'EMAIL_TWO_STUDENTS',
      value: 'Ada (lines 2–3, 6), Benjamin (line 4)',
    });
  });

  it('a class under two schools is named, with its school', async () => {
    const oak = { school_id: '7', school_name: 'Oak' };
    const { result } = await readOk(
      file(...Array.from({ length: 9 }, (_, n) => student(`s${n}`, n % 4 === 3 ? oak : {}))),
    );
    expect(result.findings[0]).toMatchObject({
      code: 'CLASS_TWO_SCHOOLS',
      value: '0012 (lines 2–4, 6–8, 10), 7 (lines 5, 9)',
      lines: [2, 3, 4, 5, 6, 7, 8, 9, 10],
    });
  });
});

describe('rows that repeat each other', () => {
  it('are accepted, noted once and counted once', async () => {
    const { result } = await readOk(file(line(), student('al'), line(), line()));
    expect(short(result)).toEqual(['DUPLICATE_ROWS 4']);
    expect(result.findings[0]).toMatchObject({
      severity: 'note',
      rows: 2,
      lines: [4, 5],
      people: 0,
    });
    expect(result).toMatchObject({ rows: 4, accepted: 4, counts: { enrollments: 2 } });
  });

  it('are not those of a co-teacher', async () => {
    const { result } = await readOk(file(line(), line({ teacher_email: 'two@district.example' })));
    expect(result.findings).toEqual([]);
    expect(result.counts).toEqual({
      schools: 1,
      teachers: 2,
      classes: 1,
      students: 1,
      classTeachers: 2,
      enrollments: 1,
    });
  });
});

/** Attribute → value → lines, as the text of a finding about one or several attributes says it. */
function spoken(value: string, attribute: string): Record<string, Record<string, number[]>> {
  const parts = /^[a-z_]+: /.test(value) ? value.split('; ') : [`${attribute}: ${value}`];
  return Object.fromEntries(
    parts.map((part) => {
      const [name, text] = part.split(': ') as [string, string];
      const sides = [...text.matchAll(/(\w+) \(lines? ([\d–, ]+)\)/g)];
      return [name, Object.fromEntries(sides.map(([, said, lines]) => [said, numbersOf(lines!)]))];
    }),
  );
}
const numbersOf = (text: string): number[] =>
  text.split(', ').flatMap((run) => {
    const [first, last] = run.split('–').map(Number) as [number, number?];
    return Array.from({ length: (last ?? first) - first + 1 }, (_, n) => first + n);
  });

describe('conflicts', () => {
  /** Few values, so that keys meet; an empty first name makes a rejected row. */
  const row = fc.record({
    school_id: fc.constantFrom('1', '2'),
    school_name: fc.constantFrom('A', 'A', 'A', 'B'),
    class_id: fc.constantFrom('1', '2', '3'),
    class_name: fc.constantFrom('C', 'C', 'C', 'C', 'D'),
    teacher_email: fc.constantFrom('t1@d.example', 't2@d.example', 'p1@d.example'),
    teacher_last_name: fc.constantFrom('T', 'T', 'T', 'U'),
    student_email: fc.constantFrom('p1@d.example', 'p2@d.example', 'p3@d.example', 'p4@d.example'),
    student_last_name: fc.constantFrom('P', 'P', 'P', 'Q', ''),
    student_grade_level: fc.constantFrom('1', '1', '1', '2', '', 'x'),
  });
  type Row = { readonly [K in keyof typeof KEYS]: string };
  const KEYS = {
    school_id: 0,
    school_name: 0,
    class_id: 0,
    class_name: 0,
    teacher_email: 0,
    teacher_last_name: 0,
    student_email: 0,
    student_last_name: 0,
    student_grade_level: 0,
  };

  /** The rule as one would say it: two rows with the key, both readable, not the same. */
  const contradict = (a: Row, b: Row): Partial<Record<keyof Row, string>>[] => {
    const found: Partial<Record<keyof Row, string>>[] = [];
    const rule = (key: keyof Row, attribute: keyof Row): void => {
      const [left, right] = [a[attribute], b[attribute]].map((value) =>
        value === 'x' ? '' : value,
      );
      if (a[key] === b[key] && left && right && left !== right) found.push({ [key]: a[key] });
    };
    rule('school_id', 'school_name');
    rule('class_id', 'class_name');
    rule('class_id', 'school_id');
    rule('teacher_email', 'teacher_last_name');
    rule('student_email', 'student_last_name');
    rule('student_email', 'student_grade_level');
    if (a.teacher_email === b.student_email) {
      found.push({ teacher_email: a.teacher_email }, { student_email: a.teacher_email });
    }
    return found;
  };

  it('reject exactly the rows that a comparison of all pairs rejects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const disputed = rows.flatMap((a) => rows.flatMap((b) => contradict(a, b)));
        const isDisputed = (one: Row): boolean =>
          disputed.some((keys) =>
            Object.entries(keys).every(([key, value]) => one[key as keyof Row] === value),
          );
        const lines = rows.map((one) => line(one));
        const good = rows.map((one) => one.student_last_name !== '');
        const expected = rows.flatMap((one, n) => (good[n] && isDisputed(one) ? [n + 2] : []));
        const { result } = await readOk(file(...lines));
        expect(result.rejectedLines).toEqual(expected);
        const left = rows.filter((one, n) => good[n] && !isDisputed(one));
        expect(result.accepted).toBe(left.length);
        const distinct = (...keys: (keyof Row)[]): number =>
          new Set(left.map((one) => keys.map((key) => one[key]).join(' '))).size;
        expect(result.counts).toEqual({
          schools: distinct('school_id'),
          teachers: distinct('teacher_email'),
          classes: distinct('class_id'),
          students: distinct('student_email'),
          classTeachers: distinct('class_id', 'teacher_email'),
          enrollments: distinct('class_id', 'student_email'),
        });
      }),
      { numRuns: 400 },
    );
  });

  it('name every value of every disputed key with exactly the lines that say it', async () => {
    const attributes = [
      ['SCHOOL_CONFLICT', 'school_id', 'school_name'],
      ['CLASS_CONFLICT', 'class_id', 'class_name'],
      ['CLASS_TWO_SCHOOLS', 'class_id', 'school_id'],
      ['TEACHER_CONFLICT', 'teacher_email', 'teacher_last_name'],
      ['STUDENT_CONFLICT', 'student_email', 'student_last_name'],
      ['STUDENT_CONFLICT', 'student_email', 'student_grade_level'],
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 14 }), async (rows) => {
        const { result } = await readOk(file(...rows.map((one) => line(one))));
        for (const [code, key, attribute] of attributes) {
          for (const subject of new Set(rows.map((one) => one[key]))) {
            const expected: Record<string, number[]> = {};
            rows.forEach((one, n) => {
              const value = one[attribute];
              if (one[key] !== subject || value === '' || value === 'x') return;
              expected[value] = [...(expected[value] ?? []), n + 2];
            });
            const finding = result.findings.find(
              (one) => one.code === code && one.subject === subject,
            );
            const told = finding && spoken(finding.value!, finding.column!)[attribute];
            expect(told).toEqual(Object.keys(expected).length > 1 ? expected : undefined);
            const all = rows.flatMap((one, n) => (one[key] === subject ? [n + 2] : []));
            if (finding !== undefined) expect(finding.lines).toEqual(all);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
