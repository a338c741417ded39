/** The reader as one script for a page, which finds it as `roster`. */
import { createRequire } from 'node:module';
import path from 'node:path';

interface Bundler {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}
/** The bundler that tsx brings. */
const bundler = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Bundler;

export async function bundledReader(): Promise<string> {
  const { outputFiles } = await bundler.build({
    entryPoints: [path.resolve(import.meta.dirname, '../../roster/read-roster.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'roster',
    platform: 'browser',
    alias: { 'csv-parse/sync': 'csv-parse/browser/esm/sync' },
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
