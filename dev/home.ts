/**
 * ROLLCALL_HOME: one folder with all the state of the embedded parts, used by one process at a
 * time. It may be passed through by Postgres's own user; what holds people's data is private.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, poll, startOf } from './processes.js';

export interface Home {
  readonly folder: string;
  readonly postgres: string;
  readonly temporalDb: string;
  /** The service account's password and the host key are beside the homes of the districts. */
  readonly sftpHomes: string;
  readonly sftpHostKey: string;
  readonly sftpPassword: string;
  readonly mails: string;
  /** The ports of the last start, so that links in old mails still lead somewhere. */
  readonly ports: string;
  /** Lets another process have the home. */
  release(): Promise<void>;
}

/** Somebody else uses the home. */
export class HomeInUse extends Error {
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(
      `Rollcall already runs on ${folder} (process ${pid}): stop it first, ` +
        'or set ROLLCALL_HOME to another folder.',
    );
    this.name = 'HomeInUse';
    this.pid = pid;
  }
}

/**
 * Makes the folder if missing and takes it for this process. Throws HomeInUse while another one
 * has it; what a killed process held is taken over.
 */
export async function openHome(folder: string): Promise<Home> {
  const inside = (...names: string[]) => path.join(folder, ...names);
  try {
    await mkdir(folder, { recursive: true, mode: 0o711 });
    for (const name of ['sftp', 'mails', 'archive'])
      await mkdir(inside(name), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `the folder ${folder} cannot be used (${(error as NodeJS.ErrnoException).code}): ` +
        'give its owner the right to write, or set ROLLCALL_HOME to another folder.',
      { cause: error },
    );
  }
  await lock(folder);
  return {
    folder,
    postgres: inside('postgres'),
    temporalDb: inside('temporal', 'temporal.db'),
    sftpHomes: inside('sftp', 'homes'),
    sftpHostKey: inside('sftp', 'host-key'),
    sftpPassword: inside('sftp', 'worker-password'),
    mails: inside('mails'),
    ports: inside('ports.json'),
    release: () => rm(inside('lock'), { force: true }),
  };
}

/** A secret that is made once and kept in a file for its owner only. */
export async function keptSecret(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const secret = randomBytes(24).toString('base64url');
  await writeFile(`${file}.new`, `${secret}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secret;
}

/** `link` makes the lock with its content in one step, so that nobody reads half of it. */
async function lock(folder: string): Promise<void> {
  const file = path.join(folder, 'lock');
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      if (await linked(mine, file)) return;
      const holder = await holderOf(file);
      if (holder !== null) throw new HomeInUse(folder, holder);
      await removeStale(file);
    }
    throw new Error(`the lock ${file} cannot be taken: several processes are after it.`);
  } finally {
    await rm(mine, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The living process that holds the lock; null if it is gone, even if its number is in use again. */
async function holderOf(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const found = /^\{"pid":(\d+),"started":(?:"([^"]*)"|null)\}$/.exec(text);
  if (found === null) return null;
  const pid = Number(found[1]);
  return isAlive(pid) && startOf(pid) === (found[2] ?? null) ? pid : null;
}

/** One at a time, and only if it is still stale: else two could each remove the other's new lock. */
async function removeStale(file: string): Promise<void> {
  const turn = `${file}.turn`;
  const mine = await poll(async () => {
    const made = await mkdir(turn).then(
      () => true,
      () => false,
    );
    if (made) return true;
    const since = await stat(turn).catch(() => null);
    // Whoever had the turn was killed in it.
    if (since !== null && Date.now() - since.mtimeMs > 5_000) await rmdir(turn).catch(() => {});
    return undefined;
  }, 10_000);
  if (!mine) return;
  try {
    if ((await holderOf(file)) === null) await rm(file, { force: true });
  } finally {
    await rmdir(turn).catch(() => {});
  }
}
