import { describe, expect, it } from 'vitest';
import { findingList } from '../../roster/reading/finding-list.js';

const short = (list: ReturnType<typeof findingList>): string[] =>
  [...list.finish().findings].map(({ code, line, column }) => `${code} ${line} ${column ?? ''}`);

describe('the list of findings', () => {
  it('is in the order of lines, columns and codes, however they came', () => {
    const list = findingList();
    list.add({ code: 'VALUE_MISSING', line: 3, column: 'student_email' });
    list.add({ code: 'VALUE_MISSING', line: 3, column: 'class_id' });
    list.add({ code: 'GRADE_UNKNOWN', line: 5, column: 'student_grade_level' });
    list.add({ code: 'CLASS_CONFLICT', line: 4, column: 'class_name', rows: 2, lines: [4, 9] });
    list.add({ code: 'COLUMNS_IGNORED', line: 1, rows: 0, count: 2 });
    expect(short(list)).toEqual([
      'COLUMNS_IGNORED 1 ',
      'VALUE_MISSING 3 class_id',
      'VALUE_MISSING 3 student_email',
      'CLASS_CONFLICT 4 class_name',
      'GRADE_UNKNOWN 5 student_grade_level',
    ]);
  });

  it('can be walked through more than once, and knows its length', () => {
    const list = findingList();
    list.add({ code: 'VALUE_MISSING', line: 3, column: 'class_id', value: null, people: 1 });
    const { findings, totals } = list.finish();
    expect([...findings]).toEqual([...findings]);
    expect(findings).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(findings))).toEqual([
      {
        code: 'VALUE_MISSING',
        severity: 'error',
        line: 3,
        column: 'class_id',
        value: null,
        rows: 1,
        people: 1,
      },
    ]);
    expect(totals).toEqual({ errors: 1, warnings: 0, notes: 0 });
  });

  it('counts what it can no longer list, one finding for each code and column', () => {
    const list = findingList(undefined, 2);
    for (let line = 2; line < 100; line++) {
      list.add({ code: 'EMAIL_MALFORMED', line, column: 'student_email', value: 'x', people: 1 });
    }
    const { findings, totals } = list.finish();
    expect(totals.errors).toBe(98);
    const all = [...findings];
    expect(all).toHaveLength(3);
    expect(all.at(-1)).toMatchObject({ line: 4, value: null, rows: 96, people: 96 });
    expect(all.at(-1)!.lines).toEqual(Array.from({ length: 96 }, (_, n) => n + 4));
  });

  it('lists ten thousand lines of one finding, and counts the rest', () => {
    const list = findingList(undefined, 0);
    for (let line = 2; line < 30_000; line++) list.add({ code: 'VALUE_MISSING', line });
    const [finding] = [...list.finish().findings];
    expect(finding).toMatchObject({ rows: 29_998 });
    expect(finding!.lines).toHaveLength(10_000);
  });

  it('makes the value of many lines when it is asked for, each time', () => {
    const list = findingList();
    let made = 0;
    const value = (): string => `made ${++made} times`;
    list.add({ code: 'CLASS_CONFLICT', line: 4, column: 'class_name', rows: 2, value });
    const { findings } = list.finish();
    expect(made).toBe(0);
    expect([...findings][0]!.value).toBe('made 1 times');
    expect([...findings][0]!.value).toBe('made 2 times');
  });
});
