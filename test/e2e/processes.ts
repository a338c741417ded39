/** Runs Rollcall as its users do: as processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'bin/rollcall.mjs');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The first line of standard output as JSON. */
  json(): Record<string, any>;
}

export interface Place {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A home of its own; ports are free ones where the usual are taken. */
export function place(home: string): Place {
  const { TEMPORAL_ADDRESS: _t, DATABASE_URL: _d, SMTP_URL: _s, ...env } = process.env;
  return { home, env: { ...env, ROLLCALL_HOME: home, NO_COLOR: '1' } };
}

/** Runs one command to its end. */
export async function rollcall(at: Place, ...args: string[]): Promise<Finished> {
  return finish(process.execPath, [BIN, ...args], at.env);
}

export async function finish(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return {
    status,
    stdout,
    stderr,
    json() {
      try {
        return JSON.parse(stdout) as Record<string, any>;
      } catch {
        throw new Error(`no JSON from ${args.join(' ')}: ${stdout}${stderr}`);
      }
    },
  };
}

export interface Running {
  readonly child: ChildProcess;
  /** The line of JSON that it printed when it was ready. */
  readonly ready: Record<string, any>;
  /** All that it has said so far. */
  readonly said: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a command that stays, and waits for its first line of JSON. */
export async function stay(at: Place, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: at.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise<Record<string, any>>((resolve, reject) => {
    lines.on('line', (line) => {
      said += `${line}\n`;
      if (!line.startsWith('{')) return;
      const answer = JSON.parse(line) as Record<string, any>;
      if (answer['error'] === undefined) resolve(answer);
      else reject(new Error(`rollcall ${args[0]} did not start: ${answer['error'].message}`));
    });
    closed.then(
      ([status]) => reject(new Error(`rollcall ${args[0]} ended with ${status}: ${said}`)),
      reject,
    );
  });
  return {
    child,
    ready,
    said: () => said,
    async stop(signal = 'SIGINT') {
      child.kill(signal);
      return (await closed)[0];
    },
  };
}

/** Process ids whose command line holds `text`, this process left out. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
