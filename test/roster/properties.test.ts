import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS, FIELD_OF } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import { GRADE_LEVELS } from '../../roster/grades.js';
import { sampleFile } from '../../dev/sample/index.js';
import { HEADER, line, read, readOk, student } from './reading.js';

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const blockBytes = fc.integer({ min: 16, max: 100 });

/** Lines of every sort, good and bad, and every line break. */
const anyLine = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('al', 'bo', 'cy').map((name) => student(name)) },
  fc.constantFrom('bo', 'cy').map((name) => student(name, { student_grade_level: '8' })),
  fc.constantFrom(
    line({ student_email: '' }),
    line({ school_name: '"Río, ""K-8"""' }),
    line({ class_name: '"two\r\nlines"' }),
    line({ student_last_name: 'Ito, Jr.' }),
    line({ student_first_name: 'Zo😀' }),
    line({ student_first_name: 'Robert "Bob"' }),
    line({ student_grade_level: '14' }),
    line({ class_name: '"Science' }),
    line({ class_name: 'Science"' }),
    `${line()},,`,
    '',
    ',,,',
    'x\0y',
  ),
);
const anyFile = fc
  .tuple(
    fc.constantFrom('', '\ufeff', '\n'),
    fc.constantFrom(HEADER, HEADER, HEADER, `${HEADER},Notes`, HEADER.replace('class_id', 'id')),
    fc.array(fc.tuple(fc.constantFrom('\n', '\r', '\r\n'), anyLine), { maxLength: 12 }),
    fc.constantFrom('', '\n', '\r', '\r\n', '\xff'),
  )
  .map(([start, header, lines, end]) =>
    Buffer.concat([
      Buffer.from(`${start}${header}${lines.flat().join('')}`),
      Buffer.from(end, 'latin1'),
    ]),
  );

describe('a reading', () => {
  it('does not depend on how the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, sizes, blockBytes, async (bytes, cut, block) => {
        expect(await read(bytes, { sizes: cut, blockBytes: block })).toEqual(await read(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('gives back what was written, in any order, quoting and line ending', async () => {
    const name = fc
      .string({
        unit: fc.constantFrom('a', 'B', 'é', '漢', '😀', "'", '-', '"', ',', ' ', '.'),
        maxLength: 12,
      })
      .map((text) => `N${text}N`.normalize('NFC').replace(/ +/g, ' '));
    const id = fc.string({
      unit: fc.constantFrom('0', '7', 'a', '-', ',', '"'),
      minLength: 1,
      maxLength: 8,
    });
    const roster = fc.array(
      fc.record({ name, school: id, cls: id, last: name, grade: fc.constantFrom(...GRADE_LEVELS) }),
      { minLength: 1, maxLength: 8 },
    );
    const style = fc.record({
      order: fc.shuffledSubarray([...COLUMNS, 'extra'], { minLength: 12, maxLength: 12 }),
      quoteAll: fc.boolean(),
      upper: fc.boolean(),
      end: fc.constantFrom('\n', '\r', '\r\n'),
      bom: fc.constantFrom('', '\ufeff'),
    });
    await fc.assert(
      fc.asyncProperty(roster, style, async (entries, { order, quoteAll, upper, end, bom }) => {
        // Every key is used once, so that nothing contradicts anything.
        const written = entries.map(({ name: first, school, cls, last, grade }, n) => ({
          school_id: `${school}${n}`,
          school_name: last,
          teacher_email: `t${n}@district.example`,
          teacher_first_name: last,
          teacher_last_name: first,
          class_id: `${cls}${n}`,
          class_name: first,
          student_first_name: first,
          student_last_name: last,
          student_email: `s${n}@students.example`,
          student_grade_level: grade,
        }));
        const cell = (text: string): string =>
          quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const lines = written.map((row) =>
          order.map((column) => cell(column === 'extra' ? 'x' : row[column as Column])),
        );
        const header = order.map((column) => cell(upper ? column.toUpperCase() : column));
        const text = bom + [header, ...lines].map((cells) => cells.join(',') + end).join('');
        const { rows, result } = await readOk(text);
        expect(rows).toEqual(
          written.map((row, n) => ({
            line: n + 2,
            accepted: true,
            row: Object.fromEntries(COLUMNS.map((column) => [FIELD_OF[column], row[column]])),
          })),
        );
        expect(result.rejected).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('ends with a result for any bytes', async () => {
    const start = Buffer.from(`${HEADER}\n${line()}\n`);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((tail) => Buffer.concat([start, tail])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const { result, rows } = await read(content);
        if (result.ok) expect(rows).toHaveLength(result.rows);
        else expect(result.finding.severity).toBe('error');
      }),
      { numRuns: 600 },
    );
  });

  it('ends with a result for a good file with some bytes damaged', async () => {
    const good = Buffer.from(sampleFile('first')).subarray(0, 20_000);
    const damage = fc.array(
      fc.tuple(fc.nat(good.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(34, 44, 10, 13, 64))),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (spots) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of spots) bytes[at] = byte;
        const { result } = await read(bytes);
        if (result.ok) expect(result.accepted + result.rejected).toBe(result.rows);
        else expect(result.finding.severity).toBe('error');
      }),
      { numRuns: 80 },
    );
  });

  it('never says a cell in a message', async () => {
    const { explain } = await import('../../roster/findings.js');
    const secret = 'Sëcret';
    const spoil = fc.constantFrom<(cell: string) => string>(
      () => `${secret} `,
      () => `${secret}@x`,
      () => `"${secret}"y`,
      () => `${secret}\t`,
      () => secret.repeat(60),
      () => '',
    );
    const rows = fc.array(fc.tuple(fc.constantFrom(...COLUMNS), spoil), {
      minLength: 1,
      maxLength: 5,
    });
    const header = fc.constantFrom(
      HEADER,
      `${HEADER},${secret}`,
      HEADER.replace('class_id', secret),
    );
    await fc.assert(
      fc.asyncProperty(header, rows, async (first, spoilt) => {
        const lines = spoilt.map(([column, change]) => line({ [column]: change('') }));
        const { result } = await read([first, ...lines].join('\n'));
        const findings = result.ok ? result.findings : [result.finding];
        for (const finding of findings) {
          expect(JSON.stringify(explain(finding))).not.toMatch(/s.cret/i);
        }
      }),
      { numRuns: 150 },
    );
  });
});
