import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/package-root.js';
import { scratch } from './processes.js';

/** Runs vitest on these files with the reporter of `npm test`, and reads what it counted. */
async function count(files: Record<string, string>): Promise<unknown> {
  const folder = await scratch();
  const root = packageRoot();
  const config = { test: { globals: true, include: ['*.test.mjs'] } };
  await writeFile(
    path.join(folder, 'vitest.config.mjs'),
    `export default ${JSON.stringify(config)};`,
  );
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, `${name}.test.mjs`), text);
  const counts = path.join(folder, 'counts.json');
  const args = ['run', `--reporter=${path.join(root, 'bin/counts.mjs')}`, `--root=${folder}`];
  await new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, 'node_modules/vitest/vitest.mjs'), ...args],
      { cwd: folder, env: { ...process.env, ROLLCALL_COUNTS: counts } },
      resolve,
    );
  });
  return JSON.parse(await readFile(counts, 'utf8'));
}

describe('the numbers of the closing line', () => {
  it('count each test, and a file that does not load or whose hooks fail', async () => {
    const counts = await count({
      mixed: `
        test('right', () => {});
        test('wrong', () => { throw new Error('no'); });
        test.skip('not now', () => {});
        test.todo('later');
        describe('deeper', () => { test('right too', () => {}); });`,
      broken: `import './nowhere.mjs'; test('never seen', () => {});`,
      hooked: `afterAll(() => { throw new Error('no'); }); test('fine by itself', () => {});`,
    });
    expect(counts).toEqual({ passed: 3, failed: 3, skipped: 2 });
  });
});
