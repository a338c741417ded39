/** The `temporal` program with its development server: found, downloaded or built. */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ticking } from './ticking.js';

/** The newest tag that `go install` takes; its server is 1.29.1. */
const CLI = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** The first server with the fairness that many districts on one queue need. */
const LEAST_SERVER = [1, 29] as const;

/**
 * Finds a `temporal` whose development server is new enough: on the PATH, in the cache, by the
 * SDK's own download, or built with Go into the cache; long steps are told to `say`.
 * Throws an Error that names all of these when none works.
 */
export async function findTemporal(options: {
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  say(line: string): void;
  /** Ends a build that is under way. */
  signal?: AbortSignal | undefined;
  /** For tests: instead of the SDK's download. Null if it worked, else why not. */
  download?: (folder: string) => Promise<string | null>;
}): Promise<string> {
  const { cacheDir, env, say, signal } = options;
  const built = path.join(cacheDir, 'bin', 'temporal');
  const downloadDir = path.join(cacheDir, 'temporal');

  const here = (await onPath('temporal', env)) ?? null;
  if (here !== null && isNewEnough(here, say)) return here;
  for (const cached of [built, await downloadedIn(downloadDir)])
    if (cached !== null && (await isProgram(cached)) && isNewEnough(cached, say)) return cached;

  say("Temporal is not on this machine yet; trying the SDK's download");
  const download = options.download ?? downloadBySdk;
  const refused = await ticking('downloading Temporal', say, () => download(downloadDir));
  const downloaded = await downloadedIn(downloadDir);
  if (downloaded !== null && isNewEnough(downloaded, say)) return downloaded;

  const go = (await onPath('go', env)) ?? ((await isProgram(GO)) ? GO : null);
  if (go === null) throw new Error(noWay(built, refused, 'there is no Go on this machine'));
  say('  it cannot be downloaded here; building it with Go (some minutes, once)');
  const trouble = await build(go, built, env, { say, signal });
  if (trouble !== null) throw new Error(noWay(built, refused, trouble));
  return built;
}

const GO = '/usr/local/go/bin/go';

async function onPath(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.resolve(folder, program);
    if (folder !== '' && (await isProgram(file))) return file;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isNewEnough(file: string, say: (line: string) => void): boolean {
  const { stdout, status } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  const fits =
    status === 0 &&
    (Number(major) > LEAST_SERVER[0] ||
      (Number(major) === LEAST_SERVER[0] && Number(minor) >= LEAST_SERVER[1]));
  if (!fits)
    say(`${file} is passed over: it is no temporal with a server ${LEAST_SERVER.join('.')}`);
  return fits;
}

/** The SDK names its download after its own version; whichever is there has been started once. */
async function downloadedIn(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const name = names
    .filter((entry) => /^temporal-.*[0-9]$/.test(entry))
    .sort()
    .at(-1);
  return name === undefined ? null : path.join(folder, name);
}

/** Null if it worked, else why not: starting a server is the SDK's only way to download one. */
async function downloadBySdk(downloadDir: string): Promise<string | null> {
  await mkdir(downloadDir, { recursive: true });
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const env = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir } },
    });
    await env.teardown();
    return null;
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split('\n')[0]!
      .slice(0, 200);
  }
}

/** Null if it worked. Built beside its place and renamed, so that a cut-off build leaves nothing. */
async function build(
  go: string,
  target: string,
  env: NodeJS.ProcessEnv,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal | undefined },
): Promise<string | null> {
  const bin = path.dirname(target);
  await mkdir(bin, { recursive: true });
  const work = await mkdtemp(path.join(bin, '.build-'));
  const started = Date.now();
  try {
    const said = await ticking('building Temporal', say, () => install(go, work, env, signal));
    if (said !== null) return said;
    await rename(path.join(work, 'temporal'), target);
    say(`  Temporal is built (${Math.round((Date.now() - started) / 1000)} s)`);
    return null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function install(
  go: string,
  bin: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  let errors = '';
  const child = spawn(go, ['install', CLI], {
    // `auto`: an older Go fetches the one that the module asks for, where its maker forbade that too.
    env: {
      ...{ GOTOOLCHAIN: 'auto', ...env },
      ...{ GOBIN: bin, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' },
    },
    cwd: bin,
    ...(signal ? { signal } : {}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  if (code === 0) return null;
  const last = errors.trim().split('\n').at(-1) ?? '';
  return `go install ended with ${code}${last === '' ? '' : ` (${last.slice(0, 200)})`}`;
}

const noWay = (built: string, refused: string | null, go: string): string =>
  [
    'Temporal could not be found, downloaded or built. Any one of these helps:',
    '  - set TEMPORAL_ADDRESS to a Temporal that runs',
    '  - put the program `temporal` (server 1.29 or newer) on the PATH: https://docs.temporal.io/cli',
    `  - or put it at ${built}`,
    `  - let this machine reach temporal.download (the SDK's download said: ${refused ?? 'nothing useful'})`,
    `  - install Go, and let it reach its module proxy (${go}): go install ${CLI}`,
  ].join('\n');
