/**
 * What every command needs before it can run in a fresh clone: a Node that is new enough, and
 * the dependencies of package-lock.json. Plain Node, no dependencies; quiet when all is there.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

const LEAST_NODE = [20, 19];
const PROGRESS_MS = 10_000;
const LOOK_MS = 200;
const STOPS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Null if this Node will do, else the line to show. */
export function nodeProblem(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return null;
  return `Rollcall needs Node ${LEAST_NODE.join('.')} or newer; this is ${version}: https://nodejs.org`;
}

/** Ends the process with one line if this Node is too old. */
export function checkNode() {
  const problem = nodeProblem();
  if (problem === null) return;
  console.error(problem);
  process.exit(2);
}

/**
 * Installs what package-lock.json says if node_modules does not fit it; one process at a time.
 * `dev`: the tools of the tests and of the build too. Throws an Error with npm's own words.
 */
export async function ensureDependencies({ dev = false, folder = root, say = console.error } = {}) {
  if (fits(folder, dev)) return;
  const unlock = await lock(path.join(folder, '.rollcall'), say);
  try {
    if (fits(folder, dev)) return; // whoever had the lock has done it
    await install(folder, dev, say);
  } finally {
    unlock();
  }
}

/** Whether node_modules holds what package-lock.json says for this kind of machine. */
export function fits(folder, dev) {
  const wanted = readJson(path.join(folder, 'package-lock.json'))?.packages;
  const there = readJson(path.join(folder, 'node_modules/.package-lock.json'))?.packages;
  if (!wanted) throw new Error(`${path.join(folder, 'package-lock.json')} is missing or broken`);
  if (!there) return false;
  const settled = readJson(stampOf(folder))?.lock === hashOf(folder);
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '' || entry.link || (!dev && entry.dev)) return true;
    // Optional ones are for some machines only; once npm has decided, that stands.
    if (there[name] === undefined) return entry.optional && (settled || !isForHere(entry));
    return there[name].version === entry.version && existsSync(path.join(folder, name));
  });
}

function isForHere({ os, cpu, libc }) {
  const matches = (list, value) => !list || list.includes(value);
  if (!os && !cpu) return false;
  return matches(os, process.platform) && matches(cpu, process.arch) && matches(libc, libcHere());
}

function libcHere() {
  if (process.platform !== 'linux') return undefined;
  return existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
}

async function install(folder, dev, say) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  say('Rollcall: installing what package-lock.json asks for (once, about a minute)');
  const ticking = setInterval(() => say(`  still installing: ${seconds()}`), PROGRESS_MS);
  try {
    const { status, output, stopped } = await npm(folder, [
      'ci',
      ...(dev ? ['--include=dev'] : []),
      '--no-audit',
      '--no-fund',
      '--no-progress',
      '--loglevel=error',
    ]);
    if (STOPS.includes(stopped ?? status))
      throw new Error('stopped before all was installed; the next start does it again');
    if (status !== 0)
      throw new Error(`npm ci ended with ${status}; it said:\n${output.trim().slice(0, 1500)}`);
    writeFileSync(stampOf(folder), `${JSON.stringify({ lock: hashOf(folder) })}\n`);
    say(`  installed (${seconds()})`);
  } finally {
    clearInterval(ticking);
  }
}

/** The npm that runs us, else the one beside this Node, else whichever is on the PATH. */
function npm(folder, args) {
  const beside = path.join(
    path.dirname(process.execPath),
    '../lib/node_modules/npm/bin/npm-cli.js',
  );
  const running = process.env.npm_execpath;
  const cli =
    running && running.endsWith('npm-cli.js') ? running : existsSync(beside) ? beside : null;
  const [command, first] = cli === null ? ['npm', []] : [process.execPath, [cli]];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, [...first, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && cli === null,
    });
    // Who stops us stops the installation too; what it has left half done does not count.
    let stopped;
    const pass = (signal) => child.kill((stopped = signal));
    for (const name of STOPS) process.on(name, pass);
    const end = (result) => {
      for (const name of STOPS) process.off(name, pass);
      resolve({ ...result, stopped });
    };
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => end({ status: error.code, output: error.message }));
    child.once('close', (code, signal) => end({ status: code ?? signal, output }));
  });
}

/** `.rollcall` is ignored by git and, unlike node_modules, not removed by `npm ci`. */
async function lock(folder, say) {
  const file = path.join(folder, 'install.lock');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  for (let said = false; ;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale(file)) removeStale(file);
    else if (!said) {
      said = true;
      const holder = readText(file) || 'just begun';
      say(`Rollcall: another process (${holder}) is installing; waiting for it`);
    }
    await delay(LOOK_MS);
  }
}

/** One at a time, and only if it is still stale: else two could each remove the other's new lock. */
function removeStale(file) {
  const turn = `${file}.turn`;
  try {
    mkdirSync(turn);
  } catch {
    // Somebody else is at it; whoever was killed in it is known by the age of it.
    const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > 5_000) rmSync(turn, { recursive: true, force: true });
    return;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

function isStale(file) {
  const pid = Number(readText(file));
  if (!(pid > 0)) {
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    return age > 5_000; // made, but killed before it wrote its number
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

const stampOf = (folder) => path.join(folder, 'node_modules/.rollcall-installed.json');

/** Also of the kind of machine: a clone may be shared between two of them. */
function hashOf(folder) {
  return createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readJson(file) {
  try {
    return JSON.parse(readText(file));
  } catch {
    return null;
  }
}
