/** What the starters of real programs share: looking at processes, and ending them in order. */
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../config/alive.js';

export { isAlive, startOf } from '../config/alive.js';

const LOOK_EVERY_MS = 20;
const LARGEST_LOG = 5 * 1024 * 1024;

/** The arguments of a running process, its program first; null if it is gone or not ours to see. */
export function commandLine(pid: number): string[] | null {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.length > 1 ? words.slice(0, -1) : null;
  } catch {
    // No /proc (macOS), or the process is gone: ps knows which.
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return stdout?.trim() ? stdout.trim().split(' ') : null;
  }
}

/** Resolves to the first answer that is not undefined; undefined when the time is over. */
export async function poll<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined || Date.now() >= end) return found;
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * Ends a process: `signal`, then after `graceMs` `harder`, then SIGKILL. Resolves when it is
 * gone; throws if it outlives even that, or is not ours to end.
 */
export async function endProcess(
  pid: number,
  signal: NodeJS.Signals,
  options: { graceMs: number; harder?: NodeJS.Signals },
): Promise<void> {
  const steps = [
    { signal, wait: options.graceMs },
    ...(options.harder ? [{ signal: options.harder, wait: 5_000 }] : []),
    { signal: 'SIGKILL' as const, wait: 5_000 },
  ];
  for (const step of steps) {
    try {
      process.kill(pid, step.signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new Error(`process ${pid} belongs to another user and cannot be stopped`, {
        cause: error,
      });
    }
    if (await poll(() => (isAlive(pid) ? undefined : true), step.wait)) return;
  }
  throw new Error(`process ${pid} does not end`);
}

/**
 * A tiny watcher that signals `pid` when this process goes away without having stopped it, be it
 * by kill -9: its standard input is a pipe that only we hold. `release` when `pid` has ended.
 */
export function guard(pid: number, signal: 'INT' | 'TERM'): { pid: number; release(): void } {
  const script =
    'while read -r line; do if [ "$line" = off ]; then exit 0; fi; done; kill -"$2" "$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'rollcall-guard', String(pid), signal], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
  return { pid: watcher.pid ?? 0, release: () => watcher.stdin.end('off\n') };
}

/** Resolves when the child has ended, at once if it already has. */
export function exited(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

export interface Started {
  readonly child: ChildProcess;
  /** Why it is not running, or undefined while it is. */
  ended(): string | undefined;
  /** What it has written to its log since it was started, the last lines of it. */
  said(): Promise<string>;
}

/**
 * Starts a server in a session of its own, as a terminal's Ctrl-C must not end it before the
 * parts that use it. What it writes goes to the file `log`, for its owner only, which begins anew
 * when it has grown past 5 MB.
 */
export async function startServer(
  program: string,
  args: readonly string[],
  options: { log: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number },
): Promise<Started> {
  const { log, ...rest } = options;
  const handle = await open(log, 'a', 0o600);
  try {
    if ((await handle.stat()).size > LARGEST_LOG) await handle.truncate();
    const from = (await handle.stat()).size;
    const stdio: StdioOptions = ['ignore', handle.fd, handle.fd];
    const child = spawn(program, args, { ...rest, cwd: '/', detached: true, stdio });
    let failed: Error | undefined;
    child.once('error', (error) => (failed = error));
    return {
      child,
      ended: () =>
        failed?.message ??
        (hasEnded(child) ? `it ended with ${child.exitCode ?? child.signalCode}` : undefined),
      said: () => tail(log, from),
    };
  } finally {
    await handle.close();
  }
}

async function tail(file: string, from: number): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const text = bytes.subarray(from).toString('utf8').trim();
  return text.split('\n').slice(-4).join(' | ');
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
