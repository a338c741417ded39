/** Postgres as Rollcall brings it along: a real server, run for one folder, on this machine only. */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { freePort } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import { type Cluster, ensureCluster, ownerOf, placeOf } from './postgres-cluster.js';
import { postgresUser, type RunAs } from './postgres-user.js';
import { clearLeftover, readPidFile, STOP_POSTGRES } from './postgres-leftover.js';
import { endProcess, exited, guard, isAlive, poll, startServer } from './processes.js';

export interface RunningPostgres {
  /** postgres:// URL of the database `rollcall`, with its password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server ends unasked. */
  readonly gone: Promise<void>;
  /** Fast shutdown, awaited: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const DATABASE = 'rollcall';
const START_MS = 60_000;

/**
 * Starts the Postgres of `dataDir`, and makes the cluster and the database `rollcall` at need.
 * A server left over by a process that died is stopped first; the caller makes sure (dev/home.ts)
 * that no living one shares the folder. Listens on 127.0.0.1 only, on `port` or, if that is
 * taken, a free one. `durable: false` is for tests alone: a crash of the machine may lose data.
 * Throws an Error of one line that says why it does not come up.
 */
export async function startPostgres(options: {
  dataDir: string;
  port?: number;
  durable?: boolean;
  /** Settings of the server, as `name=value`, beside our own. */
  config?: readonly string[];
  log?: (line: string) => void;
}): Promise<RunningPostgres> {
  const folder = path.resolve(options.dataDir);
  const { durable = true, log: say = () => {} } = options;
  // Who runs it decides where it can lie, and where it lies may already say who runs it.
  const known = await ownerOf(path.join(folder, 'data'));
  const user = postgresUser(known);
  const data = await placeOf(folder, user, say);
  const runAs = known === null ? postgresUser(await ownerOf(data)) : user;

  const programs = await postgresBinaries(runAs);
  await clearLeftover(data, say);
  const cluster = await ensureCluster({ folder, data, programs, user: runAs, durable });

  let port = await freePort(options.port);
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch({
      ...options,
      program: programs.postgres,
      folder,
      data,
      port,
      runAs,
    });
    if (server !== 'port taken') return open(server, cluster, port);
    if (attempt === 5) throw new Error('Postgres finds no free port on 127.0.0.1');
    port = await freePort();
  }
}

async function launch(at: {
  program: string;
  folder: string;
  data: string;
  port: number;
  runAs: RunAs | null;
  durable?: boolean;
  config?: readonly string[];
}): Promise<ChildProcess | 'port taken'> {
  const log = path.join(at.folder, 'log');
  const settings = [
    ...SETTINGS,
    ...(at.durable === false ? NOT_DURABLE : []),
    ...(at.config ?? []),
    `port=${at.port}`,
  ];
  const args = ['-D', at.data, ...settings.flatMap((line) => ['-c', line])];
  const { child, ended, said } = await startServer(at.program, args, {
    ...at.runAs,
    log,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
  });
  const outcome = await poll(async () => {
    if (ended() !== undefined) return 'ended';
    return (await isReady(at.data, child.pid)) ? 'ready' : undefined;
  }, START_MS);
  if (outcome === 'ready') return child;
  if (outcome === undefined && child.pid)
    await endProcess(child.pid, 'SIGQUIT', { graceMs: 5_000 });
  const words = (await said()) || ended() || 'no reason given';
  if (/could not bind|Address already in use/i.test(words)) return 'port taken';
  const why = outcome === undefined ? `was not ready after ${START_MS / 1000} s` : 'did not start';
  throw new Error(`Postgres ${why}: ${words} (log: ${log})`);
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=200',
  'max_wal_size=2GB',
  // Statements and errors quote cells, which are people's names: the log is for the server's state.
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_checkpoints=off',
];
const NOT_DURABLE = ['fsync=off', 'full_page_writes=off'];

async function isReady(data: string, pid: number | undefined): Promise<boolean> {
  const lines = await readPidFile(data);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

async function open(child: ChildProcess, cluster: Cluster, port: number): Promise<RunningPostgres> {
  const pid = child.pid ?? 0;
  const watcher = guard(pid, 'INT');
  const gone = exited(child).then(() => watcher.release());
  const stop = async () => {
    if (isAlive(pid)) await endProcess(pid, 'SIGINT', STOP_POSTGRES);
    await gone;
  };
  const url = (name: string) => `postgres://rollcall:${cluster.password}@127.0.0.1:${port}/${name}`;
  try {
    await ensureDatabase(url('postgres'));
  } catch (error) {
    await stop();
    throw new Error(`Postgres came up but its database cannot be made: ${String(error)}`, {
      cause: error,
    });
  }
  return { url: url(DATABASE), port, pid, gone, stop };
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'rollcall start' });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
