/** What only a zip archive can be: forms of several programs, lies, and more at once. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../roster/reading/unpack.js';
import { file, line, pieces, read, readOk, refusal, student } from './reading.js';
import { zip } from './zip-file.js';
import type { Packed } from './zip-file.js';
import { INFO_ZIP_PIPED, PERL_ZIP64 } from './zips-made.js';

const roster = file(line(), student('al'));
const csv: Packed = { name: 'roster.csv', content: roster };

const plain = zip(csv);
/** `plain` with a comment of its archive. */
const commented = (comment: string): Buffer => {
  const bytes = Buffer.concat([plain, Buffer.from(comment)]);
  bytes.writeUInt16LE(comment.length, plain.length - 2);
  return bytes;
};
/** `plain` with another number in the 22 bytes at its end. */
const ending = (at: number, value: number): Buffer => {
  const bytes = Buffer.from(plain);
  bytes.writeUInt16LE(value, bytes.length - 22 + at);
  return bytes;
};

/** The number of files in the 64-bit end of the directory, which is not needed, is another one. */
const otherSpareEnd = Buffer.from(INFO_ZIP_PIPED);
otherSpareEnd.writeUInt8(2, otherSpareEnd.length - 98 + 32);

describe('a zip archive is read', () => {
  it.each([
    ['with 64-bit sizes and their own end of the directory', PERL_ZIP64],
    ['with the sizes behind the content', zip({ ...csv, streamed: true })],
    ['stored, with the sizes behind the content', zip({ ...csv, streamed: true, stored: true })],
    [
      'with a name in an old code page',
      zip({ ...csv, name: Buffer.from('sch\x81ler.csv', 'latin1') }),
    ],
    ['with a name in UTF-8', zip({ ...csv, name: 'Schüler.csv' })],
    ['with a name of Windows', zip({ ...csv, name: 'C:\\out\\roster.csv' })],
    ['with a name from the root', zip({ ...csv, name: '/etc/passwd.csv' })],
    ['with a NUL in a name', zip({ ...csv, name: 'ros\0ter.csv' })],
    ['with a comment', commented('made by hand')],
    ['with an end of a directory in the comment', commented(`PK\u0005\u0006${'\0'.repeat(18)}zz`)],
  ])('%s', async (_, bytes) => {
    expect((await readOk(bytes)).rows).toEqual((await readOk(roster)).rows);
  });
});

describe('a zip archive that two programs could read differently is refused', () => {
  const large = zip({ ...csv, content: Buffer.alloc(100_000_000, '\n'), claims: { size: 99 } });
  it.each([
    ['another name at the file', zip({ ...csv, localClaims: { name: 'poster.csv' } })],
    ['another size at the file', zip({ ...csv, localClaims: { size: 5 } })],
    ['another checksum at the file', zip({ ...csv, localClaims: { crc: 5 } })],
    ['another method at the file', zip({ ...csv, localClaims: { method: 0 } })],
    ['a password only at the file', zip({ ...csv, localClaims: { flags: 0x801 } })],
    [
      'another checksum behind the content',
      zip({ ...csv, streamed: true, localClaims: { crc: 5 } }),
    ],
    ['a wrong checksum, stored', zip({ ...csv, stored: true, claims: { crc: 5 } })],
    ['the end of its content missing', zip({ ...csv, claims: { packed: 9 } })],
    ['content beyond the archive', zip({ ...csv, claims: { packed: 9_999 } })],
    ['a file that begins elsewhere', zip({ ...csv, claims: { offset: 9 } })],
    ['a file that begins beyond it', zip({ ...csv, claims: { offset: 0x7fffffff } })],
    ['the same name twice', zip(csv, csv)],
    ['more files than its directory', ending(10, 2)],
    ['fewer files than its directory', ending(10, 0)],
    ['a directory elsewhere', ending(16, 3)],
    ['several parts', ending(4, 1)],
    [
      'a program before it that was left out of its offsets',
      Buffer.concat([plain.subarray(0, 40), plain]),
    ],
    ['something behind it', Buffer.concat([plain, Buffer.from('\r\n')])],
    ['another archive behind it', Buffer.concat([plain, zip({ ...csv, name: 'other.csv' })])],
    ['an end that says one thing, and one that says another', otherSpareEnd],
    ['two ends', commented(`${plain.subarray(-22, -2).toString('latin1')}\0\0`)],
    ['an unknown method', zip({ ...csv, claims: { method: 99 } })],
    ['a bomb that claims to be small', large],
  ])('(%s)', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'NOT_TEXT_ARCHIVE_BROKEN', line: null });
  });

  it('with a password, also of the strong kind', async () => {
    for (const flags of [1, 0x41]) {
      expect((await refusal(zip({ ...csv, claims: { flags } }))).code).toBe(
        'NOT_TEXT_ARCHIVE_LOCKED',
      );
    }
  });

  it('but what else lies in it may say what it likes, as it is not read', async () => {
    const beside: Packed = { name: '.DS_Store', content: roster, claims: { offset: 0 } };
    expect((await readOk(zip(csv, beside))).rows).toHaveLength(2);
  });
});

describe('a zip archive in the making of a reading', () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => student(`s${n}`));
  const many = `${file(line())}${rows.join('\n')}\n`;
  const bytes = zip({ ...csv, content: many });
  const open = () => unpack(pieces(bytes), () => undefined);

  it('is unpacked as it is asked for, and never ahead', async () => {
    const content = open();
    expect((await content.next()).done).toBe(false);
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 1_000; n++) await turn();
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown).toBeLessThan(many.length / 10);
    await content.return();
  });

  it('does not wait for others that stand open', async () => {
    const opened = Array.from({ length: 9 }, open);
    const began = performance.now();
    await Promise.all(opened.map((one) => one.next()));
    expect(performance.now() - began).toBeLessThan(4_000);
    await Promise.all(opened.map((one) => one.return()));
  });

  it('reads on for others when one is left in the middle', async () => {
    for (let n = 0; n < 20; n++) {
      const content = open();
      await content.next();
      await content.return();
    }
    const { result } = await read(bytes);
    expect(result).toMatchObject({ ok: true, rows: 100_001 });
  });
});
