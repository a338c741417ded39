import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../roster/catalogue.js';
import { explain } from '../../roster/findings.js';
import { causes, toCheckJson } from '../../roster/report.js';
import { file, line, read, student } from './reading.js';

describe('the catalogue', () => {
  it.each(Object.entries(CATALOGUE))('%s has plain sentences', (code, { example }) => {
    const more = { code, rows: 2, count: 3, column: 'class_id' };
    for (const facts of [{ code }, more, { ...more, severity: 'note' }]) {
      const { message, fix } = explain(facts);
      expect(message).toMatch(/^[A-Z0-9].*\.$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
      expect(message).not.toMatch(/undefined|null|NaN/);
    }
    expect(example.length).toBeGreaterThan(3);
  });

  it('has a sentence for a code that it does not know, and for none of an object', () => {
    for (const code of ['FROM_TOMORROW', 'toString', '__proto__']) {
      expect(explain({ code }).message).toContain(code);
    }
  });

  it('says names of our columns only, whatever the value is', () => {
    const facts = { code: 'COLUMN_MISSING', value: 'class_id, Zoë Ito, student_email' };
    expect(explain(facts).message).toContain('class_id, student_email');
    expect(explain(facts).message).not.toContain('Zoë');
  });
});

describe('causes', () => {
  it('rank errors first, then those that touch most people', async () => {
    const { result } = await read(
      file(
        ...['a', 'b', 'c'].map((name) => student(name, { student_grade_level: '14' })),
        student('d', { class_name: '' }),
        student('d', { class_name: '', class_id: '8' }),
        ...['e', 'f'].map((name) => student(name, { student_last_name: ' ' })),
        line({ student_email: 'nobody', class_id: '9' }),
        line({ student_email: 'nobody', class_id: '10' }),
      ),
    );
    if (!result.ok) throw new Error('refused');
    expect(causes(result.findings).map(({ code, people, rows }) => [code, people, rows])).toEqual([
      ['EMAIL_MALFORMED', 2, 2],
      // Two columns, two causes: e and f without a last name, d in two rows without a class.
      ['VALUE_MISSING', 2, 2],
      ['VALUE_MISSING', 1, 2],
      ['GRADE_UNKNOWN', 3, 3],
    ]);
  });

  it('count rows where a record from the store does not know the people', () => {
    const finding = {
      code: 'VALUE_MISSING',
      severity: 'error',
      line: 4,
      column: 'class_id',
    } as const;
    expect(
      causes([
        { ...finding, rows: 2 },
        { ...finding, rows: 3, line: 5 },
      ]),
    ).toEqual([
      {
        code: 'VALUE_MISSING',
        severity: 'error',
        column: 'class_id',
        subject: null,
        people: 5,
        rows: 5,
        findings: 2,
        lines: [4, 5],
        moreLines: 0,
        values: [],
        message: 'The class_id is empty.',
        fix: expect.any(String),
      },
    ]);
  });
});

describe('the answer of check', () => {
  it('has the keys that scripts read', async () => {
    const { result } = await read(`\ufeff${file(line(), student('al', { student_email: 'al' }))}`);
    const json = toCheckJson(result);
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      ok: false,
      problem: null,
      rows: 2,
      accepted: 1,
      rejected: 1,
      counts: {
        schools: 1,
        teachers: 1,
        classes: 1,
        students: 1,
        classTeachers: 1,
        enrollments: 1,
      },
      totals: { errors: 1, warnings: 0, notes: 0 },
      outside: null,
      unknown: [],
      findings: [
        {
          code: 'EMAIL_MALFORMED',
          severity: 'error',
          line: 3,
          column: 'student_email',
          value: 'al',
          subject: null,
          rows: 1,
          people: 1,
          lines: [3],
          message: 'The student_email is not an email address.',
          fix: 'Write one full address, like name@district.example.',
        },
      ],
      repairs: [{ code: 'BOM_REMOVED', line: 1, before: 'U+FEFF', after: '', rows: 0 }],
      causes: [
        {
          code: 'EMAIL_MALFORMED',
          severity: 'error',
          column: 'student_email',
          subject: 'al',
          people: 1,
          rows: 1,
          findings: 1,
          lines: [3],
          moreLines: 0,
          values: ['al'],
          message: '“al” is not an email address: 1 row.',
          fix: 'Write one full address, like name@district.example.',
        },
      ],
    });
  });

  it('is ok with warnings, and has a problem without rows if nothing could be read', async () => {
    const warned = await read(file(line({ student_grade_level: '14' })));
    expect(toCheckJson(warned.result)).toMatchObject({ ok: true, totals: { warnings: 1 } });
    const empty = await read('');
    expect(toCheckJson(empty.result)).toMatchObject({
      ok: false,
      problem: 'EMPTY_FILE',
      rows: 0,
      findings: [{ code: 'EMPTY_FILE', message: 'The file is empty.', line: null }],
      causes: [{ code: 'EMPTY_FILE' }],
    });
  });
});
