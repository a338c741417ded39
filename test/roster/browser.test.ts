import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { bundledReader } from './bundled-reader.js';
import { fromPage, read } from './reading.js';
import { zip } from './zip-file.js';

/** What unpacks in a page. */
const STREAMS = { DecompressionStream, ReadableStream, TransformStream, WritableStream };

/** The reader as a page has it: no Buffer, no process, no require, only these globals. */
async function readerInPage(globals: object) {
  const page = vm.createContext({ TextDecoder, TextEncoder, performance, ...globals });
  vm.runInContext(await bundledReader(), page);
  expect(vm.runInContext('typeof Buffer + typeof process + typeof require', page)).toBe(
    'undefinedundefinedundefined',
  );
  const readInPage = vm.runInContext(
    `async (bytes) => {
      const rows = [];
      const source = (async function* () { yield bytes; })();
      const result = await roster.readRoster(source, (row) => { rows.push(row); });
      const list = ([name, all]) => [
        name,
        [...all()].map((one) => (one.students ? { ...one, students: [...one.students] } : one)),
      ];
      if (result.ok) result.snapshot = [...result.snapshot()].flatMap((part) => [...part]);
      if (result.ok) result.says = Object.fromEntries(Object.entries(result.says).map(list));
      return JSON.stringify({ result, rows });
    }`,
    page,
  ) as (bytes: Uint8Array) => Promise<string>;
  return async (bytes: Uint8Array): Promise<unknown> => fromPage(await readInPage(bytes));
}
const readHere = async (bytes: Uint8Array): Promise<unknown> =>
  JSON.parse(JSON.stringify(await read(bytes)));

describe('the reader in a browser', () => {
  const text = sampleFile('mistakes');

  it('needs no module and no global of Node, and reads the same', { timeout: 60_000 }, async () => {
    const readInPage = await readerInPage(STREAMS);
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(text, 'latin1'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      gzipSync(text),
      zip({ name: 'roster.csv', content: text }),
    ]) {
      expect(await readInPage(bytes)).toEqual(await readHere(bytes));
    }
  });

  it('says what to do where it cannot unpack', { timeout: 60_000 }, async () => {
    const readInPage = await readerInPage({});
    expect(await readInPage(Buffer.from(text))).toEqual(await readHere(Buffer.from(text)));
    for (const packed of [gzipSync(text), zip({ name: 'roster.csv', content: text })]) {
      expect(await readInPage(packed)).toMatchObject({
        result: { ok: false, finding: { code: 'NOT_TEXT_PACKED' } },
      });
    }
  });
});
