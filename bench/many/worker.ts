/** `rollcall worker` itself, as a process of its own, with the probe in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Probed {
  /** Delay of the main thread's event loop since the last report, milliseconds. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The most memory the process held since the last report. */
  readonly rssMb: number;
}
export interface BenchWorker {
  readonly pid: number;
  /** Forgets what was measured before. */
  reset(): void;
  report(): Promise<Probed>;
  stop(): Promise<void>;
}

const probe = pathToFileURL(path.join(import.meta.dirname, 'probe.mjs')).href;

/** Resolves when it says that it polls. Its log goes to standard error. */
export async function startBenchWorker(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<BenchWorker> {
  const child = spawn(process.execPath, ['--import', probe, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  await said(child, gone);
  return {
    pid: child.pid ?? 0,
    reset: () => void child.send('reset'),
    async report() {
      child.send('report');
      const [answer] = (await once(child, 'message')) as [Probed];
      return answer;
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function said(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  const first = once(child.stdout!, 'data');
  const early = gone.then(() => {
    throw new Error('the worker ended before it polled');
  });
  await Promise.race([first, early]);
  early.catch(() => undefined);
  child.stdout!.resume();
}
