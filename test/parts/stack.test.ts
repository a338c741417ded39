/** The whole stack as people start it: `rollcall up` in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../config/package-root.js';
import { type StackFile, stackFilePath } from '../../config/stack-file.js';
import { freePort } from '../../dev/ports.js';
import { isAlive } from '../../dev/processes.js';
import { startStack } from '../../dev/stack.js';
import { connect } from '../../store/db.js';
import { until, within } from '../support/wait.js';
import { guardsOf, processesWith, scratch } from './processes.js';

const ANY_PORTS = { postgres: 0, temporal: 0, temporalUi: 0, sftp: 0, smtp: 0, portal: 0 };

/** A home whose parts take free ports, not the usual ones that somebody may be using. */
async function freshHome(): Promise<string> {
  const home = path.join(await scratch(), 'home');
  await mkdir(home, { mode: 0o711 });
  await writeFile(path.join(home, 'ports.json'), JSON.stringify(ANY_PORTS));
  return home;
}

interface Up {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | string>;
}

function up(home: string, env: NodeJS.ProcessEnv = {}, args = ['up', '--json']): Up {
  const program = path.join(packageRoot(), 'bin/rollcall.mjs');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ROLLCALL_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''));
  });
  return { child, output: () => output, ended };
}

/** Some 5 s by itself; a busy machine may take ten times as long. */
const START_MS = 60_000;
const STOP_MS = 30_000;

async function ready(home: string, { output, child }: Up): Promise<StackFile> {
  return until(
    `\`up\` on ${home} to be ready`,
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output()}`);
      const text = await readFile(stackFilePath(home), 'utf8').catch(() => null);
      const file = text === null ? null : (JSON.parse(text) as StackFile);
      return file !== null && file.pid === child.pid && file;
    },
    START_MS,
  );
}

describe('the stack', () => {
  it(
    'starts, refuses a second one on its home, and on Ctrl-C leaves no process behind',
    async () => {
      const home = await freshHome();
      const first = up(home);
      const file = await ready(home, first);
      expect((await stat(stackFilePath(home))).mode & 0o777).toBe(0o600);
      expect((await fetch(`${file.portal}/ready`)).status).toBe(200);
      expect((await fetch(file.temporalUi ?? '')).status).toBe(200);

      const second = up(home);
      expect(await within('the second `up` to give up', second.ended, STOP_MS)).toBe(1);
      expect(second.output()).toContain(`process ${first.child.pid}`);

      const parts = processesWith(home);
      expect(parts.length).toBeGreaterThanOrEqual(2); // Postgres and Temporal
      first.child.kill('SIGINT');
      await until('`up` to hear of it', () => first.output().includes('stopping'));
      first.child.kill('SIGINT'); // npm passes the terminal's Ctrl-C on once more
      expect(await within('`up` to stop', first.ended, STOP_MS)).toBe(0);
      expect(parts.filter(isAlive)).toEqual([]);
      await until('the watchers to end', () => parts.every((pid) => guardsOf(pid).length === 0));
      expect(existsSync(stackFilePath(home))).toBe(false);
      expect(existsSync(path.join(home, 'lock'))).toBe(false);
    },
    4 * START_MS,
  );

  it(
    'carries on after a kill -9 of everything, and stops when a part goes away',
    async () => {
      const home = await freshHome();
      const first = up(home);
      const before = await ready(home, first);
      const db = connect(before.database);
      await db.raw('create table public.kept as select 7 as n');
      await db.destroy();
      const parts = processesWith(home);
      for (const pid of parts)
        for (const watcher of guardsOf(pid)) process.kill(watcher, 'SIGKILL');
      for (const pid of [first.child.pid ?? 0, ...parts]) process.kill(pid, 'SIGKILL');
      await until('everything to be gone', () => parts.every((pid) => !isAlive(pid)));

      const second = up(home);
      const after = await ready(home, second);
      const ofProcess = { pid: 0, pidStarted: '', startedAt: '' };
      expect({ ...after, ...ofProcess }).toEqual({ ...before, ...ofProcess });
      const again = connect(after.database);
      onTestFinished(() => again.destroy());
      const kept = await again.raw('select n from public.kept');
      expect(kept.rows).toEqual([{ n: 7 }]);

      const pidFile = path.join(home, 'postgres/data/postmaster.pid');
      process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGKILL');
      expect(await within('`up` to give up', second.ended, START_MS)).toBe(3);
      expect(second.output()).toContain('Postgres ended by itself');
      expect(processesWith(home)).toEqual([]);
    },
    4 * START_MS,
  );

  it(
    'names the part that does not start, and stops the others',
    async () => {
      const home = await freshHome();
      await mkdir(path.join(home, 'temporal/temporal.db'), { recursive: true }); // no file
      const starting = startStack({
        cwd: home,
        env: { ...process.env, ROLLCALL_HOME: home },
        say: () => {},
      });
      await expect(starting).rejects.toThrow(/^Temporal did not start: [^\n]*$/);
      expect(processesWith(home)).toEqual([]);
      expect(existsSync(path.join(home, 'lock'))).toBe(false);
    },
    START_MS,
  );

  it.each([
    // To be stopped is the end of `up`; a demo that was to come to its own end has no result.
    [['up'], 0],
    [['demo', '--exit'], 1],
  ])(
    'gives up starting when it is told to, and leaves nothing (%j: status %i)',
    async (args, status) => {
      const home = await freshHome();
      const starting = up(home, {}, args);
      await until(
        'Postgres to be under way',
        () => existsSync(path.join(home, 'postgres/data/PG_VERSION')),
        START_MS,
      );
      starting.child.kill('SIGTERM');
      expect(await within('it to stop', starting.ended, STOP_MS)).toBe(status);
      expect(processesWith(home)).toEqual([]);
      expect(existsSync(stackFilePath(home))).toBe(false);
    },
    4 * START_MS,
  );

  it(
    'takes another port for the portal where its own was taken meanwhile',
    async () => {
      const home = await freshHome();
      const port = await freePort();
      await writeFile(
        path.join(home, 'ports.json'),
        JSON.stringify({ ...ANY_PORTS, portal: port }),
      );
      const other = createServer();
      onTestFinished(() => void other.close());
      const stack = await startStack({
        cwd: home,
        env: { ...process.env, ROLLCALL_HOME: home },
        // The first word after the ports are chosen.
        say: (line) => {
          if (line.startsWith('the database')) other.listen(port, '127.0.0.1');
        },
      });
      onTestFinished(stack.stop);
      expect(other.listening).toBe(true);
      expect(new URL(stack.file.portal).port).not.toBe(String(port));
      expect(stack.settings.portal.publicUrl).toBe(stack.file.portal);
      expect((await fetch(`${stack.file.portal}/ready`)).status).toBe(200);
      expect((await fetch(stack.mails ?? '')).status).toBe(200);
      await stack.stop();
      expect(processesWith(home)).toEqual([]);
    },
    4 * START_MS,
  );

  it(
    'says in one line that the port of the portal is taken',
    async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as { port: number };
      const home = await freshHome();
      const running = up(home, { PORTAL_PORT: String(port) });
      expect(await within('`up` to give up', running.ended, START_MS)).toBe(3);
      expect(running.output()).toContain(`Port ${port} is taken`);
      expect(processesWith(home)).toEqual([]);
    },
    4 * START_MS,
  );
});
