import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { read } from './reading.js';
import { zip } from './zip-file.js';

interface Bundler {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}
/** The bundler that tsx brings. */
const bundler = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Bundler;
const entry = path.resolve(import.meta.dirname, '../../roster/read-roster.ts');

/** The reader as a page has it: no Buffer, no process, no require, only these globals. */
async function readerInPage(globals: object) {
  const { outputFiles } = await bundler.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'roster',
    platform: 'browser',
    alias: { 'csv-parse/sync': 'csv-parse/browser/esm/sync' },
    logLevel: 'silent',
  });
  const page = vm.createContext({ TextDecoder, TextEncoder, performance, ...globals });
  vm.runInContext(outputFiles[0]!.text, page);
  expect(vm.runInContext('typeof Buffer + typeof process + typeof require', page)).toBe(
    'undefinedundefinedundefined',
  );
  const readInPage = vm.runInContext(
    `async (bytes) => {
      const rows = [];
      const source = (async function* () { yield bytes; })();
      const result = await roster.readRoster(source, (row) => { rows.push(row); });
      return JSON.stringify({ result, rows });
    }`,
    page,
  ) as (bytes: Uint8Array) => Promise<string>;
  return async (bytes: Uint8Array): Promise<unknown> => JSON.parse(await readInPage(bytes));
}
const readHere = async (bytes: Uint8Array): Promise<unknown> =>
  JSON.parse(JSON.stringify(await read(bytes)));

describe('the reader in a browser', () => {
  const text = sampleFile('mistakes');

  it('needs no module and no global of Node, and reads the same', { timeout: 60_000 }, async () => {
    const readInPage = await readerInPage({ DecompressionStream });
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
    expect(await readInPage(gzipSync(text))).toMatchObject({
      result: { ok: false, finding: { code: 'NOT_TEXT_PACKED' } },
    });
  });
});
