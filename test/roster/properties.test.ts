import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS, FIELD_OF } from '../../roster/columns.js';
import { REPAIRS } from '../../roster/repairs.js';
import { sampleFile } from '../../dev/sample/index.js';
import { HEADER, file, line, read, readOk, student } from './reading.js';
import type { ListedRead } from './reading.js';
import { anyRoster, anyStyle, written } from './written.js';

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

const sorted = (texts: readonly string[]): string[] => [...texts].sort();

/** What a reading says, rows in place of lines, without what is only the first example of many. */
function gist(result: ListedRead, text: string) {
  const lines = text.split('\n');
  const rowsOf = (numbers: readonly number[]): string =>
    sorted(numbers.map((number) => lines[number - 1]!)).join(' & ');
  /** `7 (lines 2–3)` → `7 (the rows themselves)`. */
  const sidesOf = (part: string): string[] =>
    part
      .replace(/^[a-z_]+: /, '')
      .split(/(?<=\)), /)
      .map((side) =>
        side.replace(/(?<=\()lines? ([\d–, ]+)(?=\)$)/, (_, runs: string) =>
          rowsOf(numbersOf(runs)),
        ),
      );
  const people = new Map<string, number>();
  for (const { code, people: more } of result.findings) {
    people.set(code, (people.get(code) ?? 0) + more);
  }
  return {
    counts: [result.rows, result.accepted, result.rejected, result.counts, result.totals],
    people: sorted([...people].map(String)),
    findings: sorted(
      [...result.findings].map(({ code, column, value, rows, lines: all = [] }) => {
        const sides = (value ?? '')
          .split(/(?<=\)); /)
          .map((part) => /^(?:[a-z_]+: )?/.exec(part)![0] + sorted(sidesOf(part)).join());
        // Which of two equal rows says again what the other said is a matter of their order.
        const about = code === 'DUPLICATE_ROWS' ? '' : rowsOf(all);
        return [code, column, rows, sorted(sides), about].join();
      }),
    ),
    repairs: sorted(
      result.repairs.map(({ code, column, before, after, rows }) =>
        (REPAIRS[code].listed === 'kind'
          ? [code, column, rows]
          : [code, column, before, after, rows]
        ).join(),
      ),
    ),
  };
}

/** `2–4, 9` → 2, 3, 4, 9 */
const numbersOf = (runs: string): number[] =>
  runs.split(', ').flatMap((run) => {
    const [first, last] = run.split('–').map(Number) as [number, number?];
    return Array.from({ length: (last ?? first) - first + 1 }, (_, n) => first + n);
  });

describe('a reading', () => {
  it('does not depend on how the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, sizes, blockBytes, async (bytes, cut, block) => {
        expect(await read(bytes, { sizes: cut, blockBytes: block })).toEqual(await read(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('gives back what was written, in any encoding, delimiter, order, names, quoting and packing', async () => {
    const both = anyStyle.chain((style) =>
      anyRoster(style.encoding).map((rows) => ({ style, rows })),
    );
    await fc.assert(
      fc.asyncProperty(both, sizes, async ({ style, rows: expected }, cut) => {
        const { bytes, firstLine } = written(expected, style);
        const { rows, result } = await read(bytes, { sizes: cut.map((size) => size * 37) });
        expect(rows).toEqual(
          expected.map((row, n) => ({
            line: n + firstLine,
            accepted: true,
            row: Object.fromEntries(COLUMNS.map((column) => [FIELD_OF[column], row[column]])),
          })),
        );
        if (!result.ok) throw new Error('refused');
        expect(result.rejected).toBe(0);
        const codes = [...result.findings].map(({ code }) => code);
        if (style.encoding !== 'windows-1252') expect(codes).not.toContain('ENCODING_WINDOWS_1252');
      }),
      { numRuns: 400 },
    );
  });

  it('says the same of the same rows in another order, other than their lines', async () => {
    const someone = fc.constantFrom('al', 'bo', 'cy', 'di');
    const row = fc.oneof(
      someone.map((name) => student(name)),
      someone.map((name) => student(name, { student_grade_level: '08' })),
      someone.map((name) => student(name, { student_last_name: 'O’Brien', class_id: '8' })),
      someone.map((name) => student(name, { class_id: '9', school_id: '7', school_name: 'Oak' })),
      someone.map((name) => student(name, { school_id: '7', school_name: 'Oak, K-8' })),
      someone.map((name) => student(name, { teacher_email: `${name}@students.example` })),
      fc.constantFrom(
        line({ student_email: 'zoe' }),
        line({ student_last_name: 'Ito, Jr.' }),
        line({ student_first_name: 'Robert "Bob"' }),
        line({ student_grade_level: '14', class_name: ' Science  7' }),
        ',,,',
        'x,y',
      ),
    );
    const two = fc
      .array(row, { minLength: 1, maxLength: 14 })
      .chain((lines) =>
        fc.tuple(
          fc.constant(lines),
          fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(two, async ([lines, shuffled]) => {
        const [a, b] = await Promise.all(
          [lines, shuffled].map(async (rows) => {
            const text = file(student('good'), ...rows);
            return gist((await readOk(text)).result, text);
          }),
        );
        expect(b).toEqual(a);
      }),
      { numRuns: 400 },
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
