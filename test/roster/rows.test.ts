import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { ROW, readByRule, readCell } from '../../roster/rows.js';
import { cells } from './reading.js';

describe('cells', () => {
  it('trims ids and keeps their leading zeros, case and inner spaces', () => {
    expect(readCell('class_id', ' 007-a  B\u00a0')).toEqual({ value: '007-a  B' });
  });

  it('trims addresses and puts them into lower case', () => {
    expect(readCell('student_email', '\tZoe.Ito@Students.EXAMPLE ')).toEqual({
      value: 'zoe.ito@students.example',
    });
  });

  it('does not take a Kelvin sign for the letter that it turns into', () => {
    expect(readCell('student_email', '\u212aim@students.example')).toEqual({
      fault: 'EMAIL_MALFORMED',
    });
  });

  it('keeps accents and case of names, composed, and makes white space one space', () => {
    expect(readCell('student_last_name', ' de  la\u00a0Nu\u0301n\u0303ez\r\nOrtiz ')).toEqual({
      value: 'de la N\u00fa\u00f1ez Ortiz',
    });
  });

  it.each([
    ['school_id', '', 'VALUE_MISSING'],
    ['school_id', ' \t ', 'VALUE_MISSING'],
    ['student_first_name', '\u00a0', 'VALUE_MISSING'],
    ['teacher_email', ' ', 'VALUE_MISSING'],
    ['class_id', 'x'.repeat(101), 'VALUE_TOO_LONG'],
    ['school_name', 'x'.repeat(201), 'VALUE_TOO_LONG'],
    ['student_email', `${'x'.repeat(250)}@a.example`, 'VALUE_TOO_LONG'],
    ['class_id', 'a\tb', 'VALUE_CONTROL'],
    ['class_id', 'a\nb', 'VALUE_CONTROL'],
    ['student_first_name', 'Zo\u0007e', 'VALUE_CONTROL'],
    ['student_first_name', 'Zo\u009fe', 'VALUE_CONTROL'],
    ['student_first_name', 'Zo\ufffd', 'VALUE_CONTROL'],
    ['teacher_email', 'grace.kim', 'EMAIL_MALFORMED'],
  ] as const)('finds in %s %j: %s', (column, cell, fault) => {
    expect(readCell(column, cell)).toEqual({ fault });
  });

  it('takes ids of 100 and names of 200 characters', () => {
    expect(readCell('class_id', 'x'.repeat(100))).toEqual({ value: 'x'.repeat(100) });
    expect(readCell('class_name', 'x'.repeat(200))).toEqual({ value: 'x'.repeat(200) });
  });

  it('gives an unknown or empty grade as null, never as a fault', () => {
    expect(readCell('student_grade_level', 'Grade 14')).toEqual({ value: null });
    expect(readCell('student_grade_level', '')).toEqual({ value: null });
  });

  it('leaves a canonical value as it is, in every column', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.emailAddress(),
      fc.constantFrom('01', ' Kinder', 'Nu\u0301n\u0303ez', 'ﬁ', 'İ', 'ǅ', '\u1e9e'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...COLUMNS), text, (column, cell) => {
        const once = readCell(column, cell);
        if ('fault' in once || once.value === null) return;
        expect(readCell(column, once.value)).toEqual(once);
      }),
      { numRuns: 800 },
    );
  });
});

describe('the quick look at a cell', () => {
  it('says what the schema says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom('a', 'Z', 'é', '\u0301', ' ', '’', '\u00ad', '1', '.', '@'),
      }),
      fc.string({ unit: fc.integer({ min: 0x20, max: 0x250 }).map((n) => String.fromCharCode(n)) }),
      fc.emailAddress(),
      fc.constantFrom('1', '01', 'PK', 'x'.repeat(100), 'x'.repeat(101), 'x'.repeat(201)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...COLUMNS), text, (column, cell) => {
        expect(readCell(column, cell)).toEqual(readByRule(column, cell));
      }),
      { numRuns: 5_000 },
    );
  });

  it('says so of every single character', () => {
    for (let code = 0; code < 0x10000; code++) {
      const cell = `a${String.fromCharCode(code)}b`;
      for (const column of ['class_id', 'school_name', 'student_email'] as const) {
        const quick = readCell(column, cell);
        if ('value' in quick && quick.value === cell) {
          expect([code, readByRule(column, cell)]).toEqual([code, quick]);
        }
      }
    }
  });
});

describe('the schema of a row', () => {
  it('makes the canonical row', () => {
    expect(ROW.parse(cells({ student_grade_level: '07', student_email: 'Zoe@S.example' }))).toEqual(
      {
        schoolId: '0012',
        schoolName: 'Maple High',
        teacherEmail: 'grace.kim@district.example',
        teacherFirstName: 'Grace',
        teacherLastName: 'Kim',
        classId: '007',
        className: 'Science 7',
        studentFirstName: 'Zoë',
        studentLastName: 'Ito',
        studentEmail: 'zoe@s.example',
        studentGradeLevel: '7',
      },
    );
  });

  it('names every fault by column and code, and no cell', () => {
    const parsed = ROW.safeParse(cells({ school_id: '', student_email: 'secret.example' }));
    expect(parsed.error?.issues.map(({ path, message }) => [...path, message])).toEqual([
      ['school_id', 'VALUE_MISSING'],
      ['student_email', 'EMAIL_MALFORMED'],
    ]);
    expect(String(parsed.error)).not.toContain('secret');
  });
});
