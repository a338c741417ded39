import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { toFields } from '../../roster/reading/fields.js';
import { recordSplitter } from '../../roster/reading/records.js';
import { readCell } from '../../roster/rows.js';
import { HEADER, cells, read } from './reading.js';

const require = createRequire(import.meta.url);
const spectrum = path.dirname(require.resolve('csv-spectrum/package.json'));
const naughty = require('big-list-of-naughty-strings/blns.json') as readonly string[];

/** Its quotation marks stand within plain values, which csv-parse refuses, too. */
const BROKEN = 'location_coordinates';

describe('csv-spectrum, a public corpus of CSV files', () => {
  const names = readdirSync(path.join(spectrum, 'csvs'))
    .map((name) => path.basename(name, '.csv'))
    .filter((name) => name !== BROKEN);

  it('has one file whose row is not trusted', () => {
    const text = readFileSync(path.join(spectrum, 'csvs', `${BROKEN}.csv`), 'utf8');
    const faults = [...toFields(recordSplitter().push(`${text}\n`))].map(({ fault }) => fault);
    expect(faults).toEqual([null, 'QUOTE_BROKEN']);
    expect(() => parse(text)).toThrow('Invalid Opening Quote');
  });

  it.each(names)('%s is taken apart as it says', (name) => {
    const text = readFileSync(path.join(spectrum, 'csvs', `${name}.csv`), 'utf8');
    const json = readFileSync(path.join(spectrum, 'json', `${name}.json`), 'utf8');
    const expected = JSON.parse(json) as readonly Record<string, string>[];
    const splitter = recordSplitter();
    const records = [...splitter.push(text), ...splitter.end()];
    const [header, ...rows] = [...toFields(records)].map(({ cells }) => cells!);
    expect(rows.map((row) => Object.fromEntries(header!.map((key, n) => [key, row[n]])))).toEqual(
      expected,
    );
  });
});

describe('the big list of naughty strings', () => {
  it('is a list', () => {
    expect(naughty.length).toBeGreaterThan(400);
  });

  it('has in every column either a canonical value or a fault', () => {
    for (const text of naughty) {
      for (const column of COLUMNS) {
        const read = readCell(column, text);
        if ('fault' in read || read.value === null) continue;
        expect(readCell(column, read.value)).toEqual(read);
      }
    }
  });

  it.each(['class_name', 'student_last_name', 'class_id', 'student_email'] as const)(
    'is read as %s, one row each, and spoils no other row',
    async (column) => {
      // What is left of a lone surrogate is its replacement: bytes cannot hold one.
      const values = naughty.map((text) => Buffer.from(text).toString());
      const lines = values.flatMap((text, n) => {
        const row = cells({ class_id: `c${n}`, student_email: `s${n}@s.example`, [column]: text });
        const good = cells({ class_id: `g${n}`, student_email: `g${n}@s.example` });
        return [row, good].map((one) =>
          COLUMNS.map((name) => `"${one[name].replaceAll('"', '""')}"`).join(','),
        );
      });
      const { result, rows } = await read([HEADER, ...lines].join('\r\n'));
      if (!result.ok) throw new Error(`refused: ${result.finding.code}`);
      expect(rows).toHaveLength(2 * values.length);
      const rejected = new Set(result.rejectedLines);
      rows.forEach((row, n) => {
        if (n % 2 === 0) return;
        expect(row).toMatchObject({ accepted: true, row: { classId: `g${(n - 1) / 2}` } });
        expect(rejected.has(row.line)).toBe(false);
      });
      expect(result.accepted + result.rejected).toBe(result.rows);
    },
  );
});
