/** One measured process: seconds on the wall, the most memory it held, what it wrote. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxRssMb: number;
  readonly stdout: string;
}

const hook = pathToFileURL(path.join(import.meta.dirname, 'report-usage.mjs')).href;

/** Runs Node with these arguments. Throws if it ends with another status than 0. */
export async function runChild(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-'));
  const usage = path.join(folder, 'usage.json');
  try {
    const began = performance.now();
    const stdout = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', hook, ...args], {
        env: { ...env, BENCH_USAGE: usage },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      child.on('error', reject);
      child.on('close', (status) => {
        if (status === 0) resolve(text);
        else reject(new Error(`${args.join(' ')} ended with status ${status}`));
      });
    });
    const seconds = (performance.now() - began) / 1000;
    const used = JSON.parse(await readFile(usage, 'utf8')) as Omit<Measured, 'seconds' | 'stdout'>;
    return { seconds, ...used, stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
