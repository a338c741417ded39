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
      'Maple High (line 3), Maple High School (line 4)',
    ],
    [
      'TEACHER_CONFLICT',
      'teacher_last_name',
      { teacher_last_name: 'Kimm' },
      'Kim (line 3), Kimm (line 4)',
    ],
    [
      'TEACHER_CONFLICT',
      'teacher_first_name',
      { teacher_first_name: 'Gracie' },
      'Grace (line 3), Gracie (line 4)',
    ],
    [
      'CLASS_CONFLICT',
      'class_name',
      { class_name: 'Science 8' },
      'Science 7 (line 3), Science 8 (line 4)',
    ],
    ['CLASS_TWO_SCHOOLS', 'school_id', school, '0012 (line 3), 2 (line 4)'],
  ])(
    '%s: all rows of that key, one finding with each value and its line',
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
        lines: [3, 4],
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
        'student_first_name: Zoë (line 2), Zoe (line 4); student_grade_level: 7 (line 2), 8 (line 3)',
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

  it('are counted, where a key has too many values to spell out', async () => {
    const lines = Array.from({ length: 104 }, (_, n) =>
      line({ class_id: `${n}`, student_first_name: `N${n}` }),
    );
    const { result } = await readOk(file(...lines));
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ rows: 104 });
    expect(result.findings[0]!.value).toMatch(/^N0 \(line 2\).*N99 \(line 101\), 4 more$/);
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
    expect(result.findings[0]).toMatchObject({ value: 'shared@d.example', lines: [2, 3], rows: 2 });
    expect(result.rejectedLines).toEqual([2, 3]);
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
});
