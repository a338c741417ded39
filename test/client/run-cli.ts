/** Runs `rollcall` as its users do: as a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Writable } from 'node:stream';
import { main } from '../../client/cli/main.js';
import { within } from '../support/wait.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'bin/rollcall.mjs');
/** Far more than a command takes, even on a busy machine. */
const LIMIT_MS = 50_000;
/** For a test that starts processes, or waits for several stages: each wait names itself before. */
export const LONG_MS = 60_000;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as one JSON value. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they please
  json(): any;
}

export interface Cli {
  (...args: string[]): Promise<Ended>;
}

/** @param env beside PATH and HOME; nothing of the developer's shell gets in */
export const cliIn = (cwd: string, env: NodeJS.ProcessEnv = {}): Cli => spawned([BIN], cwd, env);

/** Without the last resort of bin/, which ends a process that something still holds open. */
export function unaidedIn(cwd: string, env: NodeJS.ProcessEnv): Cli {
  const main = path.join(ROOT, 'client/cli/main.ts');
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/esm/index.mjs');
  const script = `import { main } from ${JSON.stringify(main)};
    process.exitCode = await main(process.argv.slice(1));`;
  return spawned(['--import', tsx, '--input-type=module', '-e', script, '--'], cwd, env);
}

function spawned(before: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Cli {
  return (...args) => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [...before, ...args], {
      cwd,
      env: { PATH, HOME, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      child.once('close', (status) => {
        resolve({ status, stdout, stderr, json: () => JSON.parse(stdout) as unknown });
      });
    });
    return within(`rollcall ${args.join(' ')} ends`, ended, LIMIT_MS).finally(() => child.kill());
  };
}

/** The same in this process: much quicker, where what is asked is not about processes. */
export function mainIn(cwd: string, env: NodeJS.ProcessEnv = {}): Cli {
  return async (...args) => {
    const [stdout, stderr] = [new Collector(), new Collector()];
    const status = await main(args, { stdout, stderr, env, cwd });
    return {
      status,
      stdout: stdout.text,
      stderr: stderr.text,
      json: () => JSON.parse(stdout.text) as unknown,
    };
  };
}

/** Keeps what is written to it. */
export class Collector extends Writable {
  text = '';
  isTTY = false;
  constructor() {
    super({ decodeStrings: false });
  }
  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }
}
