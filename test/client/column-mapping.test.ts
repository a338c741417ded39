import { describe, expect, it } from 'vitest';
import { readColumns, shownColumns } from '../../client/column-mapping.js';
import { COLUMNS } from '../../roster/columns.js';
import { errorOf } from './errors.js';

describe('names of columns', () => {
  it('are read from pairs, parted at the last sign, in any case of our own names', () => {
    const given = ['Learner Mail=student_email', ' a=b = Class_ID ', '__proto__=school_id'];
    const mapping = readColumns(given);
    expect(Object.entries(mapping)).toEqual([
      ['Learner Mail', 'student_email'],
      ['a=b', 'class_id'],
      ['__proto__', 'school_id'],
    ]);
  });

  it('may be several for one column, and the same twice', () => {
    const mapping = readColumns([
      'Mail=student_email',
      'Login=student_email',
      'mail=STUDENT_EMAIL',
    ]);
    expect(mapping).toEqual({ Mail: 'student_email', Login: 'student_email' });
  });

  it('are none where none is said, or nothing', () => {
    expect(readColumns(['none'])).toEqual({});
    expect(readColumns([])).toEqual({});
  });

  it.each([
    ['no sign', ['Learner Mail'], /"Learner Mail=student_email"/],
    ['none among others', ['none', 'a=class_id'], /none, alone/],
    ['nothing', [''], /Learner Mail/],
    ['a header without a letter', [' - =class_id'], /letter or a digit/],
    ['a header of nothing', ['=class_id'], /letter or a digit/],
    ['two lines', ['a\nb=class_id'], /one line/],
    ['a header without end', [`${'x'.repeat(201)}=class_id`], /at most 200/],
    ['one name for two columns', ['Mail=student_email', 'MAIL =teacher_email'], /"Mail" cannot be/],
    ['too many', Array.from({ length: 51 }, (_, n) => `h${n}=class_id`), /at most 50/],
  ])('refuse %s', (_, given, words) => {
    const error = errorOf(() => readColumns(given));
    expect(error).toMatchObject({ code: 'BAD_COLUMN', exit: 2 });
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('\n');
  });

  it('say which columns there are, and which was perhaps meant', () => {
    const { message } = errorOf(() => readColumns(['Mail=student_mail']));
    expect(message).toContain('"student_mail". Did you mean student_email?');
    for (const column of COLUMNS) expect(message).toContain(column);
  });

  it('are shown in the order of our columns', () => {
    const mapping = readColumns([
      'Z=class_id',
      'Mail=student_email',
      'Org=school_id',
      'A=class_id',
    ]);
    expect(shownColumns(mapping)).toEqual([
      'Org → school_id',
      'A → class_id',
      'Z → class_id',
      'Mail → student_email',
    ]);
  });
});
