import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { read } from './reading.js';

interface Bundler {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}
/** The bundler that tsx brings. */
const bundler = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Bundler;
const entry = path.resolve(import.meta.dirname, '../../roster/read-roster.ts');

describe('the reader in a browser', () => {
  it('needs no module and no global of Node, and reads the same', { timeout: 60_000 }, async () => {
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
    // What a browser has, and nothing else: no Buffer, no process, no require.
    const page = vm.createContext({ TextDecoder, TextEncoder, performance });
    vm.runInContext(outputFiles[0]!.text, page);
    const content = new TextEncoder().encode(sampleFile('mistakes'));
    const readInPage = vm.runInContext(
      `async (bytes) => {
        const rows = [];
        const source = (async function* () { yield bytes; })();
        const result = await roster.readRoster(source, (row) => { rows.push(row); });
        return JSON.stringify({ result, rows });
      }`,
      page,
    ) as (bytes: Uint8Array) => Promise<string>;
    expect(vm.runInContext('typeof Buffer + typeof process + typeof require', page)).toBe(
      'undefinedundefinedundefined',
    );
    expect(JSON.parse(await readInPage(content))).toEqual(
      JSON.parse(JSON.stringify(await read(content))),
    );
  });
});
