/** What a Postgres that was not stopped leaves on its data folder, and how the next start goes on. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { commandLine, endProcess, isAlive, poll } from './processes.js';

/** A fast shutdown: transactions are rolled back. Then an immediate one. */
export const STOP_POSTGRES = { graceMs: 30_000, harder: 'SIGQUIT' } as const;
/** A dead server's own processes leave within a moment; more only on a machine that swaps. */
const LEAVE_MS = 30_000;

/** Postgres's own note of who serves a data folder, where pg_ctl looks too: line 1 pid, line 8 state. */
export async function readPidFile(data: string): Promise<string[]> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n');
}

/**
 * Stops the server that a process which was killed left on this data folder, and no other, and
 * takes away the note of one that is dead. Throws if its processes do not leave the folder.
 */
export async function clearLeftover(data: string, say: (line: string) => void): Promise<void> {
  const pid = Number((await readPidFile(data))[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isAlive(pid) && (commandLine(pid) ?? []).join(' ').includes(`-D ${data}`)) {
    say(`stopping a Postgres that was left running on ${data} (process ${pid})`);
    await endProcess(pid, 'SIGINT', STOP_POSTGRES);
  }
  // Two servers on one folder would ruin it, so nobody of the old one may be at work any more.
  const folder = await realpath(data);
  const empty = await poll(() => (workersIn(folder).length === 0 ? true : undefined), LEAVE_MS);
  if (!empty)
    throw new Error(
      `processes ${workersIn(folder).join(', ')} still work in ${data}: end them first`,
    );
  if (!isTaken(pid)) return; // Postgres sees that too, and clears up by itself
  // Postgres itself goes by the number alone: one that now is another program's, or that of a dead
  // process which nobody has fetched yet, it takes for a living server.
  await rm(path.join(data, 'postmaster.pid'), { force: true });
}

/** Whether the system still has the number, be it for a dead process. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The living processes of a server of this folder, which all work in it. None where there is no /proc. */
function workersIn(folder: string): number[] {
  return pids().filter((pid) => {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) !== folder) return false;
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres' && isAlive(pid);
    } catch {
      return false; // gone meanwhile, or dead, or not ours to see
    }
  });
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
