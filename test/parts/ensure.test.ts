import { type ChildProcess, execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/package-root.js';
import { isAlive } from '../../dev/processes.js';
import { until } from '../support/wait.js';
import { scratch } from './processes.js';

interface Ensure {
  nodeProblem(version?: string): string | null;
  fits(folder: string, dev: boolean): boolean;
}
const file = path.join(packageRoot(), 'bin/ensure.mjs');
const { nodeProblem, fits } = (await import(pathToFileURL(file).href)) as Ensure;

/** Stands in for npm: notes each run, takes a moment, installs what the lock asks for here. */
const NPM = `
  import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
  appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n');
  if (process.env.HANGING) { writeFileSync('npm-pid', String(process.pid)); setInterval(() => {}, 60_000); await new Promise(() => {}); }
  if (process.env.BROKEN) { console.error('npm error network'); process.exit(1); }
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const there = Object.entries(packages).filter(([, entry]) => !entry.os || entry.os[0] === process.platform);
  for (const [name] of there) mkdirSync(name || '.', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(there) }));
`;

let folder: string;

async function lockOf(packages: Record<string, object>): Promise<void> {
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }));
}

/** Runs ensureDependencies in a process of its own, as commands do; `begun` gets that process. */
function ensure(
  env: NodeJS.ProcessEnv = {},
  begun: (child: ChildProcess) => void = () => {},
): Promise<{ status: number; said: string }> {
  const script = `import { ensureDependencies } from ${JSON.stringify(pathToFileURL(file).href)};
    await ensureDependencies({ folder: ${JSON.stringify(folder)} })
      .catch((error) => { console.error(error.message); process.exit(1); });`;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-e', script],
      { env: { PATH: process.env['PATH'], npm_execpath: path.join(folder, 'npm-cli.js'), ...env } },
      (error, _stdout, said) => resolve({ status: error === null ? 0 : Number(error.code), said }),
    );
    begun(child);
  });
}

const runs = async () =>
  (await readFile(path.join(folder, 'npm-runs'), 'utf8').catch(() => '')).split('\n').length - 1;

beforeEach(async () => {
  folder = await scratch();
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(path.join(folder, 'npm-cli.js'), NPM);
  await lockOf({
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/tool': { version: '3.0.0', dev: true },
    'node_modules/a-other': { version: '1.0.0', optional: true, os: ['some-other-system'] },
    'node_modules/a-here': { version: '1.0.0', optional: true, os: [process.platform] },
  });
});

describe('the dependencies', () => {
  it('are installed in a fresh clone, and the next start is quiet', async () => {
    const first = await ensure();
    expect(first).toMatchObject({ status: 0 });
    expect(first.said).toMatch(/^Rollcall: installing .*\n {2}installed \(\d+ s\)\n$/);
    expect(await ensure()).toEqual({ status: 0, said: '' });
    expect(await runs()).toBe(1);
    expect(await readdir(path.join(folder, '.rollcall'))).toEqual([]);
  });

  it('are installed again when the lock file or node_modules has changed', async () => {
    await ensure();
    expect(fits(folder, true)).toBe(true);
    await rm(path.join(folder, 'node_modules/a'), { recursive: true });
    expect(fits(folder, false)).toBe(false);
    await ensure();
    await lockOf({ '': {}, 'node_modules/a': { version: '2.0.0' } });
    expect(fits(folder, false)).toBe(false);
    await ensure();
    expect(await runs()).toBe(3);
    expect(fits(folder, false)).toBe(true);
  });

  it('of the tests alone are not asked for by the other commands', async () => {
    await mkdir(path.join(folder, 'node_modules/a'), { recursive: true });
    await mkdir(path.join(folder, 'node_modules/a-here'));
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a-here': { version: '1.0.0' },
    };
    await writeFile(
      path.join(folder, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages }),
    );
    expect(fits(folder, false)).toBe(true);
    expect(fits(folder, true)).toBe(false);
  });

  it('are installed once when two commands start at once', async () => {
    const both = await Promise.all([ensure(), ensure()]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(await runs()).toBe(1);
  });

  it('are installed although a killed install left its lock', async () => {
    await mkdir(path.join(folder, '.rollcall'));
    await writeFile(path.join(folder, '.rollcall/install.lock'), '4194999');
    const all = await Promise.all([ensure(), ensure(), ensure()]);
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(await runs()).toBe(1);
    expect(await readdir(path.join(folder, '.rollcall'))).toEqual([]);
  });

  it('are no longer being installed once who asked for them is killed', async () => {
    let starter: ChildProcess | undefined;
    const ending = ensure({ HANGING: '1' }, (child) => (starter = child));
    const pidFile = path.join(folder, 'npm-pid');
    const npm = await until(
      'npm to be at work',
      async () => Number(await readFile(pidFile)) || null,
    );
    starter?.kill('SIGTERM');
    expect(await ending).toMatchObject({
      status: 1,
      said: expect.stringMatching(/\nstopped .*\n$/),
    });
    expect(isAlive(npm)).toBe(false);
    expect((await ensure()).status).toBe(0);
  });

  it('that cannot be installed say so in npm’s words, and are tried again', async () => {
    const failed = await ensure({ BROKEN: '1' });
    expect(failed.status).toBe(1);
    expect(failed.said).toContain('npm error network');
    expect((await ensure()).status).toBe(0);
  });
});

describe('the Node at hand', () => {
  it('is refused in one line when it is too old', () => {
    for (const old of ['18.20.4', '20.18.9', '16.0.0'])
      expect(nodeProblem(old)).toMatch(/^Rollcall needs Node 20\.19 or newer; this is [^\n]*$/);
    for (const fine of ['20.19.0', '22.1.0', '24.0.0']) expect(nodeProblem(fine)).toBeNull();
    expect(nodeProblem()).toBeNull();
  });
});
