import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { createIo } from '../../client/cli/io.js';
import { causeLines, findingLines, restLine } from '../../client/cli/finding-lines.js';
import { readingMeter } from '../../client/cli/meter.js';
import { repairLines } from '../../client/cli/repair-lines.js';
import { table } from '../../client/cli/table.js';
import { clean, span, toJson } from '../../client/cli/text.js';
import { reportField } from '../../roster/reports/csv.js';
import { findingsCsv } from '../../roster/reports/findings-csv.js';
import { inBrief } from '../../roster/reports/in-brief.js';
import type { Cause } from '../../roster/report.js';
import { Collector } from './run-cli.js';

/** Two streams, and what was written to them. */
const streams = () => {
  const stdout = new Collector();
  const stderr = new Collector();
  return { as: { stdout, stderr }, out: () => stdout.text, err: () => stderr.text };
};

describe('values on a terminal', () => {
  it('cannot move the cursor, set its colour or its title', () => {
    expect(clean('a\u001b[2J\u001b[31mb\u001b]0;title\u0007c\u009b1mz')).toBe('abcz');
  });
  it('stay on one line', () => {
    expect(clean('a\r\nb\tc\u2028d\u0000')).toBe('a b cd');
  });
  it('cannot turn the direction of writing', () => {
    expect(clean('report\u202Efdp.exe')).toBe('reportfdp.exe');
  });
  it('keep their accents', () => {
    expect(clean('Zoé Ångström 李')).toBe('Zoé Ångström 李');
  });
  it('are harmless in a table, too', () => {
    const io = createIo(streams().as, {}, false);
    const drawn = table(io, [{ title: 'name', of: (name: string) => name }], ['a\u001b[2Jb']);
    expect(drawn).toBe('  name\n  ab');
  });
});

describe('JSON', () => {
  it('is one line of the same value, without raw control characters', () => {
    const value = { a: 'x\u009b31my\u202E\u2028\n', list: [1, null] };
    const line = toJson(value);
    expect(JSON.parse(line)).toEqual(value);
    expect(line).toMatch(/^[\u0020-\u007e]+$/);
  });
});

describe('CSV for a spreadsheet', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\tx',
    '\rx',
    '\nx',
    '\0x',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '  =1',
  ])('puts an apostrophe before %j', (text) => {
    expect(reportField(text)).toBe(`"'${text}"`);
  });
  it('quotes every field and leaves the rest as it is', () => {
    expect(reportField('a "b", c')).toBe('"a ""b"", c"');
    expect(reportField(null)).toBe('""');
    expect(reportField(12)).toBe('"12"');
  });
  it('holds every finding, and reads back', () => {
    const finding = {
      severity: 'error',
      code: 'EMAIL_MALFORMED',
      line: 3,
      column: 'student_email',
      value: '=HYPERLINK("http://x.example","go")',
      message: 'The student_email is not an email address.',
      fix: 'Write one, "like this".',
      rows: 1,
      lines: [3, 9],
    };
    const text = [...findingsCsv([finding, { ...finding, line: null, value: null }])].join('');
    const rows = parse(text, { bom: true, columns: true });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      line: '3',
      column: 'student_email',
      code: 'EMAIL_MALFORMED',
      severity: 'error',
      value: `'${finding.value}`,
      'what is wrong': finding.message,
      'what to do': finding.fix,
      rows: '1',
      lines: '3 9',
    });
    expect(rows[1]).toMatchObject({ line: '', value: '' });
  });
});

describe('a finding about thousands of lines', () => {
  const odd = Array.from({ length: 10_000 }, (_, n) => 2 * n + 3);
  const conflict = {
    severity: 'error',
    code: 'SCHOOL_CONFLICT',
    line: 2,
    column: 'school_name',
    value: `Oak (line 2), Elm (lines ${odd.join(', ')})`,
    subject: '0012',
    message: 'One school_id has different names.',
    fix: 'Decide.',
    rows: 10_001,
    lines: [2, ...odd.slice(0, -1)],
  };

  it('is whole in CSV, and no cell is longer than a spreadsheet program takes', () => {
    const text = [...findingsCsv([conflict, { ...conflict, value: 'x', lines: [2, 3, 4, 9] }])];
    const rows = parse<Record<string, string>>(text.join(''), { bom: true, columns: true });
    for (const cell of rows.flatMap((row) => Object.values(row))) {
      expect(cell.length).toBeLessThan(32_767);
    }
    const [of, last] = [rows.slice(0, -1), rows.at(-1)!];
    expect(of.length).toBeGreaterThan(1);
    const whole = (column: string): string =>
      of.flatMap((row) => (row[column] === '' ? [] : [row[column]])).join(' ');
    expect(whole('value')).toBe(`0012: ${conflict.value}`);
    expect(whole('lines')).toBe(`2–3 ${odd.slice(1, -1).join(' ')} and 1 more`);
    expect(of.every(({ code, line }) => code === 'SCHOOL_CONFLICT' && line === '2')).toBe(true);
    expect(of.map(({ rows }) => rows).join('')).toBe('10001');
    expect(last).toMatchObject({ value: '0012: x', lines: '2–4 9' });
  });

  it('shows each value with its first lines on a terminal, and where the others are', () => {
    const io = createIo(streams().as, {}, false);
    expect(findingLines(io, [conflict])).toBe(
      '  line 2  error    One school_id has different names. “0012: Oak (line 2), Elm (lines 3, 5, 7 and 9997 more)”',
    );
    const cause = { lines: [2, 3], moreLines: 9_999 } as unknown as Cause;
    expect(restLine(1, [cause], 'check --report')).toContain('Every line of each: check --report');
    expect(restLine(1, [{ ...cause, moreLines: 0 }], 'check --report')).toBe('');
  });

  it('says of a cause whom it touches and where it begins', () => {
    const io = createIo(streams().as, {}, false);
    const cause = { severity: 'error', message: 'Class 4A.', fix: 'Mend it.', people: 1 } as const;
    const shown = (lines: number[], moreLines: number, rows: number): string =>
      causeLines(io, [{ ...cause, lines, moreLines, rows } as unknown as Cause]).split('\n')[1]!;
    expect(shown([2], 0, 1).trim()).toBe('1 student, 1 row (line 2)');
    expect(shown([2, 3], 0, 2).trim()).toBe('1 student, 2 rows (lines 2, 3)');
    expect(shown([2, 3, 4, 5, 6, 7], 3, 9)).toContain('(lines 2, 3, 4, 5, 6 and 4 more)');
  });

  it('counts ranges and what was counted before', () => {
    expect(inBrief('5 (lines 2–3, 7, 9–12, 20–29, 40 and 600 more), 6 (lines 4, 6)')).toBe(
      '5 (lines 2–3, 7, 9–12 and 611 more), 6 (lines 4, 6)',
    );
  });
});

describe('repairs on a terminal', () => {
  it('are one line a kind, with the first case and how many there are', () => {
    const io = createIo(streams().as, {}, false);
    const drawn = repairLines(io, [
      { code: 'DELIMITER', line: 1, before: ';', after: ',', rows: 0 },
      { code: 'QUOTES_STRAIGHTENED', line: 12, before: 'O’B\u001b[2J', after: "O'B", rows: 3 },
      { code: 'QUOTES_STRAIGHTENED', line: 40, before: 'D’A', after: "D'A", rows: 2 },
      { code: 'BANNER_DROPPED', line: 2, before: 'x'.repeat(90), after: '', rows: 0 },
    ]);
    expect(drawn.split('\n')).toEqual([
      '  line 1   The columns are parted by something other than a comma. (; → ,)',
      "  line 12  Curly quotation marks or apostrophes were made straight, or taken off. (O’B → O'B; 2 cases, 5 rows)",
      `  line 2   A line above the column names was left out. (${'x'.repeat(40)}… → nothing)`,
    ]);
  });
});

describe('where a command writes', () => {
  it('gives people lines and scripts one line of JSON', () => {
    const people = streams();
    const io = createIo(people.as, {}, false);
    io.say('hello');
    io.answer({ a: 1 });
    expect(people.out()).toBe('hello\n');
    const scripts = streams();
    const json = createIo(scripts.as, {}, true);
    json.say('hello');
    json.answer({ a: 1 });
    expect(scripts.out()).toBe('{"a":1}\n');
  });

  it('has no colours in a file, with NO_COLOR or on a dumb terminal', () => {
    const tty = streams().as;
    tty.stdout.isTTY = true;
    expect(createIo(streams().as, {}, false).paint('red', 'x')).toBe('x');
    expect(createIo(tty, { NO_COLOR: '1' }, false).paint('red', 'x')).toBe('x');
    expect(createIo(tty, { TERM: 'dumb' }, false).paint('red', 'x')).toBe('x');
    expect(createIo(tty, {}, false).paint('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(createIo(streams().as, { FORCE_COLOR: '1' }, false).paint('red', 'x')).toContain(
      '\u001b[',
    );
  });

  it('writes progress as plain lines outside a terminal, each once', () => {
    const plain = streams();
    const io = createIo(plain.as, {}, false);
    for (const line of ['a', 'a', 'b', null, 'a']) io.progress(line);
    expect(plain.err()).toBe('a\nb\na\n');
  });

  it('writes progress over itself on a terminal and wipes it at the end', () => {
    const tty = streams();
    tty.as.stderr.isTTY = true;
    const io = createIo(tty.as, {}, false);
    io.progress('a');
    io.progress(null);
    expect(tty.err()).toBe('\r\u001b[Ka\r\u001b[K');
  });

  it('shows nothing of a reading that is quick', () => {
    const quick = streams();
    const meter = readingMeter(createIo(quick.as, {}, false), 1_000);
    meter(500, 10);
    meter(1_000, 20);
    expect(quick.err()).toBe('');
  });

  it.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [89_000, '89 seconds'],
    [120_000, '2 minutes'],
    [2 * 3_600_000, '2 hours'],
    [3 * 86_400_000, '3 days'],
    [-5, '0 seconds'],
  ])('says %i ms as %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});
