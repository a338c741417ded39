/**
 * One Postgres cluster on disk. In the caller's folder are
 *   data/      the cluster, unless root's own user cannot reach that folder:
 *   place      then this file says where the cluster is
 *   password   of the database user `rollcall`, for its owner only
 *   log        what the server wrote
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SHARED_STATE, type PostgresBinaries } from './postgres-binaries.js';
import { canReach, type RunAs } from './postgres-user.js';

export interface Cluster {
  /** Postgres's own data folder. */
  readonly data: string;
  readonly password: string;
}

/**
 * The cluster's data folder: as recorded, else in `folder` or, where that is out of reach, in
 * /var/lib/rollcall; `say` is told of the latter, as it outlives the folder.
 */
export async function placeOf(
  folder: string,
  user: RunAs | null,
  say: (line: string) => void,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const record = path.join(folder, 'place');
  const recorded = (await readFile(record, 'utf8').catch(() => '')).trim();
  if (recorded !== '') return recorded;
  if (canReach(user, folder)) return path.join(folder, 'data');
  const elsewhere = path.join(SHARED_STATE, `data-${randomBytes(6).toString('hex')}`);
  await mkdir(SHARED_STATE, { recursive: true, mode: 0o755 });
  await mkdir(elsewhere, { mode: 0o711 });
  await writeFile(path.join(elsewhere, 'belongs-to'), `${folder}\n`);
  const place = path.join(elsewhere, 'data');
  await writeFile(`${record}.new`, `${place}\n`);
  await rename(`${record}.new`, record);
  say(`Postgres's user cannot reach ${folder}: its data is in ${elsewhere}, as ${record} says`);
  return place;
}

export async function ownerOf(data: string): Promise<RunAs | null> {
  const found = await stat(data).catch(() => null);
  return found === null ? null : { uid: found.uid, gid: found.gid };
}

/**
 * Makes the cluster if it is not there yet; a cut-off attempt leaves nothing that counts.
 * Throws if it cannot, or if the folder holds the data of another major version.
 */
export async function ensureCluster(at: {
  folder: string;
  data: string;
  programs: PostgresBinaries;
  user: RunAs | null;
  durable: boolean;
}): Promise<Cluster> {
  const { folder, data, programs } = at;
  const passwordFile = path.join(folder, 'password');
  const has = await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (has !== null) {
    const wanted = programs.version.split('.')[0];
    if (has.trim() !== wanted)
      throw new Error(
        `${data} holds data of Postgres ${has.trim()}, this is Postgres ${wanted}: ` +
          'use another ROLLCALL_HOME, or move the data with pg_dump',
      );
    const password = await readFile(passwordFile, 'utf8').catch(() => {
      throw new Error(`${passwordFile} is missing, and without it ${data} cannot be opened`);
    });
    return { data, password: password.trim() };
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  await initialise(at, password);
  return { data, password };
}

async function initialise(
  at: { data: string; programs: PostgresBinaries; user: RunAs | null; durable: boolean },
  password: string,
): Promise<void> {
  const { data, programs, user } = at;
  const fresh = `${data}.new`;
  const secret = `${data}.secret`;
  await rm(fresh, { recursive: true, force: true });
  try {
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(secret, password, { mode: 0o600 });
    if (user !== null) for (const path of [fresh, secret]) await chown(path, user.uid, user.gid);
    // Sorting by code points, case mapping by Unicode: the same on every machine.
    const args = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    args.push(
      '--encoding=UTF8',
      '--auth=scram-sha-256',
      '--username=rollcall',
      '--no-instructions',
    );
    await run(programs.initdb, [...args, `--pwfile=${secret}`, '-D', fresh], user);
    // An empty data folder may be there from a cut-off start; anything else is not ours to replace.
    await rename(fresh, data);
  } finally {
    await Promise.all([secret, fresh].map((left) => rm(left, { recursive: true, force: true })));
  }
}

async function run(program: string, args: readonly string[], user: RunAs | null): Promise<void> {
  let output = '';
  const child = spawn(program, args, {
    ...user,
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const last = output.trim().split('\n').slice(-3).join(' | ');
  throw new Error(`initdb could not make a Postgres cluster: ${last}`);
}
