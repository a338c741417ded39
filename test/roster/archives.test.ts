import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRoster } from '../../roster/read-roster.js';
import { sampleFile } from '../../dev/sample/index.js';
import { asLists, file, line, pieces, read, readOk, refusal, student } from './reading.js';
import { zip } from './zip-file.js';
import type { Packed } from './zip-file.js';
import { INFO_ZIP, INFO_ZIP_PIPED } from './zips-made.js';

const roster = file(line(), student('al'));
const csv: Packed = { name: 'roster.csv', content: roster };
const plain = async () => (await readOk(roster)).rows;

describe('a packed file', () => {
  it.each([
    ['gzip', gzipSync(roster), 'gzip'],
    [
      'several gzips in a row',
      Buffer.concat([gzipSync(roster.slice(0, 99)), gzipSync(roster.slice(99))]),
      'gzip',
    ],
    ['zip', zip(csv), 'zip'],
    ['zip by Info-ZIP', INFO_ZIP, 'zip'],
    ['zip by Info-ZIP from a pipe', INFO_ZIP_PIPED, 'zip'],
    ['zip without compression', zip({ ...csv, stored: true }), 'zip'],
    [
      'zip with what programs put beside it',
      zip(
        { name: 'out/', content: '', stored: true },
        { name: 'out/Roster.CSV', content: roster },
        { name: '__MACOSX/out/._Roster.CSV', content: 'x' },
        { name: 'out/.DS_Store', content: 'x' },
        { name: 'readme.pdf', content: '%PDF-' },
      ),
      'zip',
    ],
    ['zip with a file of another name', zip({ ...csv, name: '../../etc/export' }), 'zip'],
    ['zip of UTF-16', zip({ ...csv, content: Buffer.from(`\ufeff${roster}`, 'utf16le') }), 'zip'],
  ])('(%s) is read, and said', async (_, bytes, before) => {
    const { result, rows } = await readOk(bytes);
    expect(rows).toEqual(await plain());
    expect(result.repairs).toContainEqual({
      code: 'UNPACKED',
      line: 1,
      before,
      after: 'CSV',
      rows: 0,
    });
  });

  it.each([1, 5, 1_000])(
    'is read the same in pieces of %d bytes, whose memory is used again',
    async (size) => {
      const content = Buffer.from(sampleFile('mistakes'));
      const whole = (await readOk(content)).result;
      for (const bytes of [gzipSync(content), zip({ name: 'a.csv', content })]) {
        const buffer = new Uint8Array(size);
        const result = await readRoster(
          (async function* () {
            for await (const piece of pieces(bytes, [size])) {
              buffer.set(piece);
              yield buffer.subarray(0, piece.length);
            }
          })(),
          () => undefined,
        );
        // Its lines are not those of the packed file, so none can be told again.
        const same = { repairs: [], snapshot: '' };
        expect({ ...asLists(result), ...same }).toEqual({ ...whole, ...same });
      }
    },
  );

  it('counts progress in the bytes of the file itself', async () => {
    const bytes = gzipSync(sampleFile('first'));
    let last = 0;
    await read(bytes, { onProgress: (done) => void (last = done), sizes: [1_000] });
    expect(last).toBe(bytes.length);
  });

  it('throws what its source throws', async () => {
    const bytes = gzipSync(roster);
    const source = async function* () {
      yield bytes.subarray(0, 20);
      throw new Error('source broke');
    };
    await expect(readRoster(source(), () => undefined)).rejects.toThrow('source broke');
  });

  it('closes its source where the reading stops early', async () => {
    let closed = false;
    const bytes = gzipSync(file(...Array<string>(50_000).fill(line())));
    const source = async function* () {
      try {
        for await (const piece of pieces(bytes, [100])) yield piece;
      } finally {
        closed = true;
      }
    };
    const sink = (): void => {
      throw new Error('enough');
    };
    await expect(readRoster(source(), sink)).rejects.toThrow('enough');
    expect(closed).toBe(true);
  });
});

describe('a packed file that is no roster', () => {
  const part: Packed = { name: 'xl/worksheets/sheet1.xml', content: '<worksheet/>' };
  const types: Packed = { name: '[Content_Types].xml', content: '<Types/>' };
  const zipped = zip(csv);
  const gzipped = gzipSync(roster);
  const damaged = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = copy[at]! ^ 0xff;
    return copy;
  };
  it.each([
    ['a workbook', zip(types, part), 'NOT_TEXT_WORKBOOK'],
    ['a workbook in another order', zip(part, types), 'NOT_TEXT_WORKBOOK'],
    ['a workbook that was cut', zip(types, part).subarray(0, 90), 'NOT_TEXT_WORKBOOK'],
    [
      'an OpenDocument sheet',
      zip({ name: 'mimetype', content: 'x', stored: true }),
      'NOT_TEXT_WORKBOOK',
    ],
    ['a workbook in a gzip', gzipSync(zip(types, part)), 'NOT_TEXT_WORKBOOK'],
    ['an empty zip', zip(), 'NOT_TEXT_ARCHIVE_CONTENT'],
    ['two CSVs', zip(csv, { ...csv, name: 'b.csv' }), 'NOT_TEXT_ARCHIVE_CONTENT'],
    [
      'two files and no CSV',
      zip({ ...csv, name: 'a' }, { ...csv, name: 'b' }),
      'NOT_TEXT_ARCHIVE_CONTENT',
    ],
    ['a gzip in a gzip', gzipSync(gzipSync(roster)), 'NOT_TEXT_PACKED'],
    ['a gzip in a zip', zip({ name: 'a.csv.gz', content: gzipSync(roster) }), 'NOT_TEXT_PACKED'],
    ['a PDF in a zip', zip({ name: 'roster.csv', content: '%PDF-1.7' }), 'NOT_TEXT_PDF'],
    ['a zip with a password', zip({ ...csv, claims: { flags: 1 } }), 'NOT_TEXT_ARCHIVE_LOCKED'],
    [
      'a zip that lies about the size',
      zip({ ...csv, claims: { size: 5 } }),
      'NOT_TEXT_ARCHIVE_BROKEN',
    ],
    [
      'a zip that promises more',
      zip({ ...csv, claims: { size: 5_000 } }),
      'NOT_TEXT_ARCHIVE_BROKEN',
    ],
    ['a zip with a wrong checksum', zip({ ...csv, claims: { crc: 7 } }), 'NOT_TEXT_ARCHIVE_BROKEN'],
    ['a zip that was cut', zipped.subarray(0, zipped.length - 30), 'NOT_TEXT_ARCHIVE_BROKEN'],
    ['the first four bytes of a zip', zipped.subarray(0, 4), 'NOT_TEXT_ARCHIVE_BROKEN'],
    ['a gzip that was cut', gzipped.subarray(0, gzipped.length - 10), 'NOT_TEXT_ARCHIVE_BROKEN'],
    ['a damaged gzip', damaged(gzipped, 60), 'NOT_TEXT_ARCHIVE_BROKEN'],
    [
      'a gzip with a wrong checksum',
      damaged(gzipped, gzipped.length - 6),
      'NOT_TEXT_ARCHIVE_BROKEN',
    ],
    ['a gzip of nothing', gzipSync(''), 'EMPTY_FILE'],
  ])('(%s) is refused', async (_, bytes, code) => {
    expect((await refusal(bytes)).code).toBe(code);
    const { result } = await read(bytes, { sizes: [3] });
    expect(result.ok ? null : result.finding.code).toBe(code);
  });

  it('gives nothing when it is damaged late: rows that were handed on do not count', async () => {
    const content = sampleFile('first');
    const { result, rows } = await read(zip({ name: 'a.csv', content, claims: { crc: 1 } }));
    expect(rows.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ ok: false, finding: { code: 'NOT_TEXT_ARCHIVE_BROKEN' } });
  });
});
