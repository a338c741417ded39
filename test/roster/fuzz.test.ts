/**
 * Damaged files of every kind. Some hundreds in `npm test`; ROLLCALL_FUZZ=10000 reads as many,
 * ROLLCALL_FUZZ_SEED repeats a run.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { seeded } from '../../dev/sample/random.js';
import type { Random } from '../../dev/sample/random.js';
import { packingOf } from '../../roster/reading/signatures.js';
import { readRoster } from '../../roster/read-roster.js';
import type { ReadResult } from '../../roster/read-roster.js';
import { pieces, read } from './reading.js';
import { zip } from './zip-file.js';

const FILES = Number(process.env['ROLLCALL_FUZZ'] ?? 400);
const SEED = Number(process.env['ROLLCALL_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SECONDS_MAX = 5;
/** Of the whole test process, which by itself takes a third of it. */
const MEGABYTES_MAX = 500;

const text = sampleFile('mistakes').slice(0, 24_000);
const utf8 = Buffer.from(text);
const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
const GOOD: readonly Buffer[] = [
  utf8,
  Buffer.from(`Fall\n\n${text.replaceAll(',', ';')}Total: 9\n`),
  Buffer.from(text.replaceAll(/[^,\r\n]+/g, (cell) => (cell.includes('"') ? cell : `"${cell}"`))),
  utf16,
  Buffer.from(utf16).swap16(),
  Buffer.from(text, 'latin1'),
  gzipSync(utf8),
  zip({ name: 'roster.csv', content: utf8 }),
  zip({ name: 'a.csv', content: utf16 }, { name: '__MACOSX/a.csv', content: 'x' }),
];
/** What matters to one step or another. */
const TOKENS: readonly Buffer[] = [
  ...['"', '""', ',', ';', '\t', '|', '\n', '\r', '\r\n', '\0', '@', '“', '”', '\u200b', '\u00a0'],
  ...[
    '\ufeff',
    'sep=;\n',
    'PK\u0003\u0004',
    'PK\u0001\u0002',
    '"\n"',
    ',,,,,,,,,,,',
    '-- end --\n',
  ],
].map((token) => Buffer.from(token));
const BYTES: readonly Buffer[] = [
  [0xff],
  [0xfe, 0xff],
  [0xc3],
  [0xe9],
  [0xed, 0xa0, 0x80],
  [0xd8],
].map((bytes) => Buffer.from(bytes));

const noise = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));
const concat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

/** Each makes another file of one; `other` is a second good file. */
const DAMAGES: readonly ((file: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  (file, random) => file.subarray(0, random.below(file.length + 1)),
  (file, random) => file.subarray(random.below(file.length + 1)),
  (_, random) => noise(random, random.below(3_000)),
  (file, random) => {
    const copy = Buffer.from(file);
    for (let n = random.below(20); n >= 0 && copy.length > 0; n--) {
      const at = random.below(copy.length);
      copy[at] = copy[at]! ^ (1 << random.below(8));
    }
    return copy;
  },
  (file, random) => {
    const at = random.below(file.length + 1);
    const piece = random.pick([...TOKENS, ...BYTES, noise(random, 1 + random.below(9))]);
    const times = random.pick([1, 1, 1, 2, 50, 20_000]);
    return concat(
      file.subarray(0, at),
      Buffer.alloc(piece.length * times, piece),
      file.subarray(at),
    );
  },
  (file, random) => {
    const at = random.below(file.length + 1);
    return concat(file.subarray(0, at), file.subarray(at + 1 + random.below(400)));
  },
  (file, random, other) =>
    concat(
      file.subarray(0, random.below(file.length + 1)),
      other.subarray(random.below(other.length)),
    ),
  (file, random) => {
    const at = random.below(file.length + 1);
    const end = at + random.below(2_000);
    return concat(file.subarray(0, end), file.subarray(at));
  },
  (file, random) => random.pick([gzipSync(file), zip({ name: 'x', content: file })]),
];

function damaged(random: Random): Buffer {
  let file = random.pick(GOOD);
  for (let n = random.below(3); n >= 0; n--) {
    file = random.pick(DAMAGES)(file, random, random.pick(GOOD));
  }
  return file;
}

/** What holds of every reading, whatever the file. */
function check(result: ReadResult, handed: number, lines: number): void {
  if (!result.ok) {
    expect(result.finding.severity).toBe('error');
    return;
  }
  expect(handed).toBe(result.rows);
  expect(result.accepted + result.rejected).toBe(result.rows);
  for (const { line } of [...result.findings, ...result.repairs]) {
    expect(line ?? 1).toBeGreaterThan(0);
    expect(line ?? 1).toBeLessThanOrEqual(lines);
  }
}

describe('a damaged file', () => {
  it('says the same whatever pieces it comes in', { timeout: 60_000 + FILES * 100 }, async () => {
    const random = seeded(SEED + 1);
    for (let n = 0; n < FILES / 4; n++) {
      const bytes = damaged(random);
      const sizes = [1 + random.below(300), 1 + random.below(5_000)];
      const cut = await read(bytes, { sizes, blockBytes: 16 + random.below(9_000) });
      const whole = await read(bytes);
      // How much of a damaged archive comes out before the damage is found is up to chance.
      const damagedArchive = !whole.result.ok && packingOf(bytes) !== null;
      if (damagedArchive) expect(cut.result.ok).toBe(false);
      else expect(cut, `file ${n} of seed ${SEED + 1}`).toEqual(whole);
    }
  });

  it(
    `gives a result, soon and in little memory (${FILES} files, seed ${SEED})`,
    async () => {
      const random = seeded(SEED);
      let slowest = 0;
      for (let n = 0; n < FILES; n++) {
        const bytes = damaged(random);
        const size = random.pick([7, 500, 65_536, 1 << 20]);
        const began = performance.now();
        const source = size === 7 && bytes.length > 50_000 ? pieces(bytes) : pieces(bytes, [size]);
        try {
          let handed = 0;
          const result = await readRoster(source, () => void handed++);
          // Packed files may have more lines than bytes.
          check(result, handed, Math.max(bytes.length, 1_000_000) + 1);
        } catch (cause) {
          throw new Error(`file ${n} of seed ${SEED}`, { cause });
        }
        slowest = Math.max(slowest, performance.now() - began);
      }
      expect(slowest / 1_000).toBeLessThan(SECONDS_MAX);
      expect(process.memoryUsage().rss / 2 ** 20).toBeLessThan(MEGABYTES_MAX);
      if (FILES > 1_000) {
        const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
        console.log(`${FILES} files, slowest ${Math.round(slowest)} ms, ${megabytes} MB at most`);
      }
    },
    60_000 + FILES * 100,
  );
});
