import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { packageRoot } from '../config/package-root.js';

/**
 * The worker's option for a bundle of the sources; none in production, where the worker finds
 * the one that `npm run build` made. Throws what the bundler says if they do not compile.
 */
export async function ourWorkflowBundle(): Promise<{ workflowBundle?: { codePath: string } }> {
  const root = packageRoot();
  if (!import.meta.filename.endsWith('.ts')) return {};
  return { workflowBundle: { codePath: await workflowBundle(root) } };
}

/**
 * Path of a bundle of `<root>/workflows/index.ts`. Kept under the hash of everything that goes
 * into it (workflows/ imports only itself and the SDK), so that an unchanged one costs nothing.
 */
export async function workflowBundle(root: string): Promise<string> {
  const folder = path.join(root, 'workflows');
  const hash = createHash('sha256');
  for (const name of (await readdir(folder, { recursive: true })).sort())
    if (name.endsWith('.ts')) hash.update(name).update(await readFile(path.join(folder, name)));
  hash.update(await readFile(path.join(root, 'package-lock.json')));
  const cache = path.join(root, 'node_modules/.cache/rollcall');
  const file = path.join(cache, `workflows-${hash.digest('hex').slice(0, 16)}.js`);
  if (existsSync(file)) return file;

  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(folder, 'index.ts'),
    payloadConverterPath: path.join(folder, 'payload-converter.ts'),
    logger: new DefaultLogger('ERROR'),
  });
  await mkdir(cache, { recursive: true });
  await writeFile(`${file}.${process.pid}`, code);
  await rename(`${file}.${process.pid}`, file);
  return file;
}
