/** Child processes of the tests of the parts, and what is left of them. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { within } from '../support/wait.js';

/** A folder that any user may pass through. Its name has a space. */
export async function makeScratch(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall parts '));
  await chmod(folder, 0o711);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Such a folder for one test, removed when it is over. */
export async function scratch(): Promise<string> {
  const { folder, remove } = await makeScratch();
  onTestFinished(remove);
  return folder;
}

/** A process of its own that starts a part; killed when the test is over, its part with it. */
export async function hold(...args: string[]): Promise<{ child: ChildProcess; pid: number }> {
  const child = fork(path.join(import.meta.dirname, 'hold.ts'), args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told = new Promise<{ pid: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { pid: number }));
    child.once('exit', (code) => reject(new Error(`hold.ts ended with ${code}`)));
  });
  return { child, pid: (await within(`${args[0]} in another process`, told, 25_000)).pid };
}

/** The watchers (dev/processes.ts) of a process, which end it when its starter goes away. */
export function guardsOf(pid: number): number[] {
  return commandLines()
    .filter(({ words }) => words.includes('rollcall-guard') && words.includes(String(pid)))
    .map((found) => found.pid);
}

/** Every process with `text` in its command line. */
export function processesWith(text: string): number[] {
  return commandLines()
    .filter(({ words }) => words.some((word) => word.includes(text)))
    .map((found) => found.pid);
}

function commandLines(): { pid: number; words: string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
        return { pid: Number(name), words };
      } catch {
        return { pid: Number(name), words: [] };
      }
    });
}
