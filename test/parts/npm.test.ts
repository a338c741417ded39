/** Rollcall as npm runs it: below a shell that npm signals, and that passes nothing on. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../config/package-root.js';
import { type StackFile, stackFilePath } from '../../config/stack-file.js';
import { isAlive } from '../../dev/processes.js';
import { until } from '../support/wait.js';
import { processesWith, scratch } from './processes.js';

const START_MS = 60_000;
const STOP_MS = 25_000;

/** A package whose `npm start` is `rollcall up`; its shell stays, as it has something left to do. */
async function packageOf(home: string): Promise<string> {
  const folder = path.dirname(home);
  const program = path.join(packageRoot(), 'bin/rollcall.mjs');
  const start = `"${process.execPath}" "${program}" up --json; exit $?`;
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'starts-rollcall', version: '1.0.0', scripts: { start } }),
  );
  await mkdir(home, { mode: 0o711 });
  const ports = { postgres: 0, temporal: 0, temporalUi: 0, sftp: 0, smtp: 0, portal: 0 };
  await writeFile(path.join(home, 'ports.json'), JSON.stringify(ports));
  return folder;
}

describe('npm start', () => {
  it(
    'leaves no process behind when npm is killed',
    async () => {
      const home = path.join(await scratch(), 'home');
      const npm = spawn('npm', ['start'], {
        cwd: await packageOf(home),
        env: { ...process.env, ROLLCALL_HOME: home },
        stdio: 'ignore',
      });
      let file: StackFile | null = null;
      onTestFinished(() => {
        npm.kill('SIGKILL');
        if (file !== null && isAlive(file.pid)) process.kill(file.pid, 'SIGKILL');
      });
      file = await until(
        '`npm start` to be up',
        async () => JSON.parse(await readFile(stackFilePath(home), 'utf8')) as StackFile,
        START_MS,
      );
      const parts = processesWith(home);
      expect(parts.length).toBeGreaterThanOrEqual(2); // Postgres and Temporal

      npm.kill('SIGTERM');
      const all = [file.pid, ...parts];
      await until('all of it to end', () => all.every((pid) => !isAlive(pid)), STOP_MS);
      expect(processesWith(home)).toEqual([]);
      // Stopped in order, not just gone.
      await expect(readFile(stackFilePath(home))).rejects.toThrow(/ENOENT/);
    },
    2 * START_MS,
  );
});
