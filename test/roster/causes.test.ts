import { describe, expect, it } from 'vitest';
import { causeCounts, causes } from '../../roster/causes.js';
import type { Reported } from '../../roster/causes.js';

const klass = (subject: string, people: number, line = 2): Reported => ({
  code: 'CLASS_TWO_SCHOOLS',
  severity: 'error',
  line,
  column: 'school_id',
  value: '1 (line 2), 2 (line 3)',
  subject,
  rows: people * 3,
  people,
  lines: [line, line + 1],
});
const address = (value: string, line: number): Reported => ({
  code: 'EMAIL_MALFORMED',
  severity: 'error',
  line,
  column: 'teacher_email',
  value,
  rows: 1,
  people: 1,
});

describe('causes', () => {
  it('are one for each class, school or person that touches several people, the heaviest first', () => {
    const found = causes([klass('3B', 4), klass('4A', 204), klass('5C', 30)]);
    expect(found.map(({ message }) => message)).toEqual([
      'Class 4A stands under different schools: 612 rows.',
      'Class 5C stands under different schools: 90 rows.',
      'Class 3B stands under different schools: 12 rows.',
    ]);
    expect(found[0]).toMatchObject({ subject: '4A', people: 204, lines: [2, 3], findings: 1 });
  });

  it('are one where a hundred classes are alike: the column is the matter', () => {
    const found = causes(Array.from({ length: 100 }, (_, n) => klass(`C${n}`, 20, n + 2)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      subject: null,
      people: 2_000,
      rows: 6_000,
      findings: 100,
      message: 'One class_id stands under different schools; 6000 rows left out.',
    });
    expect(found[0]!.lines).toHaveLength(12);
    expect(found[0]!.moreLines).toBeGreaterThan(80);
  });

  it('find the one bad value that stands on many rows', () => {
    const rows = Array.from({ length: 300 }, (_, n) => address('kim@@d.example', n + 2));
    const found = causes([...rows, address('bo', 400), address('cy', 401)]);
    expect(found.map(({ message, rows }) => [message, rows])).toEqual([
      ['“kim@@d.example” is not an email address: 300 rows.', 300],
      ['The teacher_email is not an email address.', 2],
    ]);
  });

  it('show of a conflict each value with its first lines, and count the lines left out', () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => 2 * n + 2);
    const value = `1 (lines ${lines.slice(1).join(', ')} and 50 more), 2 (line 2)`;
    const [cause] = causes([{ ...klass('4A', 30), value, lines, rows: 10_050 }]);
    expect(cause).toMatchObject({
      values: ['1 (lines 4, 6, 8 and 10046 more), 2 (line 2)'],
      moreLines: 10_050 - 12,
    });
    expect(cause!.lines).toHaveLength(12);
  });

  it('cut a value that would fill the screen', () => {
    const [cause] = causes([address('x'.repeat(200), 2)]);
    expect(cause!.message.length).toBeLessThan(140);
  });

  it('hold a million different values in little memory', () => {
    function* many(): Generator<Reported> {
      for (let n = 0; n < 200_000; n++) yield address(`v${n}`, n + 2);
    }
    expect(causes(many())).toMatchObject([{ rows: 200_000, people: 200_000, findings: 200_000 }]);
  });
});

describe('counts of causes', () => {
  it('are by code and column and hold nothing out of the file', () => {
    const found = causes([klass('4A', 204), klass('5C', 30), address('secret', 9)]);
    expect(causeCounts(found)).toEqual([
      {
        code: 'CLASS_TWO_SCHOOLS',
        severity: 'error',
        column: 'school_id',
        people: 234,
        rows: 702,
      },
      { code: 'EMAIL_MALFORMED', severity: 'error', column: 'teacher_email', people: 1, rows: 1 },
    ]);
  });
});
