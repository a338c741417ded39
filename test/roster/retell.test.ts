/** A file whose lines stand in the file before, too, is read as if there had been no file before. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRoster, ReadWhole } from '../../roster/read-roster.js';
import type { ReadOptions, ReadResult, ReadRow } from '../../roster/read-roster.js';
import { sameLines } from '../../roster/reading/same-lines.js';
import { readSnapshot } from '../../roster/snapshot.js';
import { asLists, HEADER, line, listed, pieces } from './reading.js';

const encoder = new TextEncoder();
const BOTH = 1024;

/** What comes first, so that the lines that matter stand where a header is not looked for any more. */
const FILLER = Array.from({ length: 1_100 }, (_, n) =>
  line({
    class_id: `F${n % 40}`,
    student_email: `filler.${n}@students.example`,
    student_first_name: `Fill${n}`,
  }),
);

/** Lines of which many are odd in one way or another. */
const rowLine = fc
  .record({
    cls: fc.nat(5),
    student: fc.nat(40),
    name: fc.constantFrom('Zoë', 'Zoë', 'Zoë', 'Ana', ' Zoë ', '"Zo ""Z"" ë"', '"Zo\në"', '"Z'),
    grade: fc.constantFrom('5', '5', '5', '05', '', 'x'),
    email: fc.constantFrom('@s.example', '@s.example', '@S.Example', '@s', ''),
    school: fc.constantFrom('S1', 'S1', 'S1', 'S2'),
    end: fc.constantFrom('', '', '', '', ',', ',,x'),
  })
  .map(({ cls, student, name, grade, email, school, end }) => {
    const one = line({
      school_id: school,
      school_name: `School ${school}`,
      class_id: `C${cls}`,
      student_first_name: name,
      student_email: `s${student}${email}`,
      student_grade_level: grade,
    });
    return `${one}${end}`;
  });
const anyLine = fc.oneof(
  { weight: 30, arbitrary: rowLine },
  { weight: 1, arbitrary: fc.constantFrom('', ',,,', HEADER, 'Total: 12', 'x'.repeat(500), '\r') },
);
const edit = fc.record({
  at: fc.nat(BOTH),
  length: fc.oneof(fc.nat(3), fc.nat(60)),
  lines: fc.oneof(fc.array(anyLine, { maxLength: 3 }), fc.array(anyLine, { maxLength: 40 })),
});
const twoFiles = fc
  .record({
    lines: fc.array(rowLine, { minLength: 20, maxLength: 300 }),
    edits: fc.array(edit, { maxLength: 6 }),
    ends: fc.constantFrom('\n', '\n', '\n', '\r\n'),
    last: fc.boolean(),
  })
  .map(({ lines, edits, ends, last }) => {
    const next = [...lines];
    for (const { at, length, lines: fresh } of edits) {
      next.splice(at % (next.length + 1), length, ...fresh);
    }
    const text = (all: readonly string[]): string =>
      [HEADER, ...FILLER, ...all].join(ends) + (last ? ends : '');
    // A mark that was never closed would make all below it one value.
    return [text(lines.filter((one) => !one.includes('"Z,'))), text(next)] as const;
  });

interface Read {
  readonly result: ReadResult;
  readonly rejected: readonly ReadRow[];
}
async function reading(text: string | Uint8Array, options: ReadOptions = {}): Promise<Read> {
  const rejected: ReadRow[] = [];
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const sink = (row: ReadRow): void => void (row.accepted || rejected.push(row));
  const result = await readRoster(pieces(bytes, [100_000, 7_777]), sink, options);
  return { result, rejected };
}

/** All that a reading tells, as text. */
function told({ result, rejected }: Read): string {
  if (!result.ok) return JSON.stringify({ result, rejected });
  const delta = result.difference();
  return JSON.stringify({
    ...asLists(result),
    rejected,
    delta: delta && { gone: delta.gone, says: listed(delta.says) },
  });
}

async function both(first: string, second: string | Uint8Array) {
  const { result } = await reading(first);
  if (!result.ok) return null;
  const bytes = Buffer.concat([...result.snapshot()]);
  const snapshot = readSnapshot(bytes)!;
  const isAll = result.rejected === 0;
  const known = { snapshot, isAll };
  let decoded = 0;
  const areSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
  const old = pieces(encoder.encode(first), [65_536, 1_000]);
  const before = { ...known, bytes: old, areSame };
  const whole = await reading(second, { before: known });
  const part = await reading(second, { before, onProgress: () => void decoded++ });
  return { whole, part, decoded };
}

describe('rows that stand in the file before', () => {
  it('say the same as when they are read', async () => {
    await fc.assert(
      fc.asyncProperty(twoFiles, async ([first, second]) => {
        const read = await both(first, second);
        fc.pre(read !== null);
        expect(told(read!.part)).toBe(told(read!.whole));
      }),
      { numRuns: 150 },
    );
  }, 240_000);

  const rows = (from: number, to: number, change = {}): string[] =>
    Array.from({ length: to - from }, (_, n) =>
      line({
        class_id: `C${Math.trunc((from + n) / 30)}`,
        student_email: `s${from + n}@s.example`,
        student_first_name: `Stu${from + n}`,
        ...change,
      }),
    );
  const file = (lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n');

  it('are not read again', async () => {
    const lines = rows(0, 20_000);
    const seen: number[] = [];
    const next = [...lines];
    next.splice(9_000, 30);
    next.splice(15_000, 1, ...rows(30_000, 30_002));
    const { result: first } = await reading(file(lines));
    if (!first.ok) throw new Error('refused');
    const snapshot = readSnapshot(Buffer.concat([...first.snapshot()]))!;
    const sink = ({ line: at }: ReadRow): void => void seen.push(at);
    const bytes = (text: string) => pieces(encoder.encode(text), [100_000]);
    const read = await readRoster(bytes(file(next)), sink, {
      before: { snapshot, isAll: true, bytes: bytes(file(lines)) },
    });
    expect(read.ok && read.rows).toBe(19_971);
    // Up to where a header is looked for, and what has changed.
    expect(seen.filter((at) => at > 2_000)).toEqual([15_002, 15_003]);
  });

  it('are read again where the file is laid out in another way', async () => {
    const lines = rows(0, 3_000);
    const wide = [`${HEADER},note`, ...lines.map((one) => `${one},`), ''].join('\n');
    for (const second of [wide, file(lines).replaceAll(',', ';')]) {
      const read = (await both(file(lines), second))!;
      expect(told(read.part)).toBe(told(read.whole));
    }
  });

  it('leave a byte that decides the encoding to a reading of the whole', async () => {
    const lines = rows(0, 3_000, { student_last_name: 'Ito' });
    const text = file(lines);
    const bytes = Buffer.from(text.replace('Stu2500', 'St#2500'));
    bytes[bytes.indexOf('#')] = 0xfc;
    await expect(both(text, bytes)).rejects.toThrow(ReadWhole);
    // Where letters beyond ASCII stand above, no encoding fits: that, too, is seen by the whole only.
    const umlauts = file(rows(0, 3_000, { student_last_name: 'Müller' }));
    const mixed = Buffer.from(umlauts.replace('Stu2500', 'St#2500'));
    mixed[mixed.indexOf('#')] = 0xfc;
    await expect(both(umlauts, mixed)).rejects.toThrow(ReadWhole);
  });

  it('are all read where hardly any is the same', async () => {
    const lines = rows(0, 20_000);
    const other = lines.map((one, n) => (n % 2 === 0 ? one.replace('Stu', 'Stew') : one));
    const read = (await both(file(lines), file(other)))!;
    expect(told(read.part)).toBe(told(read.whole));
    const turned = (await both(file(lines), file(lines.toReversed())))!;
    expect(told(turned.part)).toBe(told(turned.whole));
  });
});

describe('the lines that two files share', () => {
  const long = 'x'.repeat(300);
  const lines = fc.array(fc.constantFrom('a', 'b', 'cc', 'dd', 'eee', '', long, `${long}y`), {
    maxLength: 60,
  });
  const natively = fc.constantFrom(
    undefined,
    (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0,
  );

  it('are told with the line on which they stood, and all bytes come out in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        lines,
        fc.nat(40),
        fc.boolean(),
        natively,
        async (first, second, size, end, areSame) => {
          const text = (all: readonly string[]): string => all.join('\n') + (end ? '\n' : '');
          const [old, fresh] = [text(first), text(second)];
          const found: string[] = [];
          const inPieces = (one: string) => pieces(encoder.encode(one), [size + 1]);
          const old_lines = old.split('\n');
          for await (const piece of sameLines(
            inPieces(fresh),
            inPieces(old),
            () => true,
            areSame,
          )) {
            const part = Buffer.from(piece.bytes).toString();
            found.push(part);
            expect(part.split('\n').length - 1).toBe(piece.lines);
            if (piece.was === null) continue;
            const stood = old_lines.slice(piece.was - 1, piece.was - 1 + piece.lines);
            expect(part).toBe(`${stood.join('\n')}\n`);
          }
          expect(found.join('')).toBe(fresh);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('are found behind much that is new or gone', async () => {
    const many = (from: number, count: number): string =>
      Array.from({ length: count }, (_, n) => `${from + n} ${'x'.repeat(180)}\n`).join('');
    const [head, tail] = [many(0, 100), many(1_000_000, 30_000)];
    for (const [old, fresh] of [
      [`${head}${tail}`, `${head}${many(500, 3_000)}${tail}`],
      [`${head}${many(500, 3_000)}${tail}`, `${head}${tail}`],
    ] as const) {
      let same = 0;
      const inPieces = (one: string) => pieces(encoder.encode(one), [250_000]);
      for await (const piece of sameLines(inPieces(fresh), inPieces(old), () => true)) {
        if (piece.was !== null) same += piece.bytes.length;
      }
      expect(same).toBe(head.length + tail.length);
    }
  });
});
