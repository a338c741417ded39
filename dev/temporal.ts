/** Temporal's development server, with its state in one SQLite file and, if asked for, its UI. */
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { freePort } from './ports.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../workflows/search-attributes.js';
import { commandLine, endProcess, exited, guard, isAlive, poll, startServer } from './processes.js';

export { findTemporal } from './temporal-binary.js';

export interface RunningTemporal {
  /** `127.0.0.1:port` of the gRPC front end; the namespace is `default`. */
  readonly address: string;
  /** URL of the web UI; null if none was asked for. */
  readonly ui: string | null;
  readonly pid: number;
  /** Resolves when the server ends unasked. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

/** Histories of districts stay readable for a school year; the server's default is a day. */
const RETENTION_DAYS = 400;
const START_MS = 60_000;
const STOP_MS = 15_000;
const KEYWORD = 2;

/**
 * Starts a development server on 127.0.0.1, and resolves when it answers and knows our search
 * attributes. `dbFile` keeps its state; beside it lie its log and whatever it looks for in its home
 * (a shared folder may hold somebody else's). One that was left over on the same file is stopped first. Without `uiPort` there is no UI; a taken port is replaced by a free one.
 * Throws an Error of one line that says why it does not come up.
 */
export async function startTemporal(options: {
  binary: string;
  dbFile: string;
  port?: number;
  uiPort?: number;
  /** Dynamic configuration of the server, as `key=value`, beside our own. */
  config?: readonly string[];
  log?: (line: string) => void;
}): Promise<RunningTemporal> {
  const dbFile = path.resolve(options.dbFile);
  await mkdir(path.dirname(dbFile), { recursive: true, mode: 0o700 });
  await stopLeftover(dbFile, options.log ?? (() => {}));
  const { binary, config = [] } = options;
  let wanted = { port: options.port ?? 0, uiPort: options.uiPort };
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch({ binary, dbFile, config, ...wanted });
    if (server !== 'port taken') return server;
    if (attempt === 5) throw new Error('Temporal finds no free port on 127.0.0.1');
    wanted = { port: 0, uiPort: wanted.uiPort === undefined ? undefined : 0 };
  }
}

async function launch(at: {
  binary: string;
  dbFile: string;
  config: readonly string[];
  port: number;
  uiPort: number | undefined;
}): Promise<RunningTemporal | 'port taken'> {
  const port = await freePort(at.port);
  const uiPort = at.uiPort === undefined ? undefined : await freePort(at.uiPort);
  const log = logOf(at.dbFile);
  const args = argumentsOf(port, uiPort, at.dbFile, at.config);
  const started = await startServer(at.binary, args, {
    log,
    env: { PATH: '/usr/bin:/bin', HOME: path.dirname(at.dbFile), TZ: 'UTC' },
  });
  const server = running(started.child, port, uiPort, at.dbFile);
  await writeFile(pidFile(at.dbFile), `${server.pid}\n`);
  const outcome = await poll(async () => {
    if (started.ended() !== undefined) return 'ended';
    return (await prepare(server.address).catch(() => false)) ? 'ready' : undefined;
  }, START_MS);
  if (outcome === 'ready') return server;
  const why = started.ended() ?? `no answer after ${START_MS / 1000} s`;
  await server.stop();
  const said = await started.said();
  if (/address already in use|can't set \w*port|bind:/i.test(said)) return 'port taken';
  throw new Error(
    `Temporal did not start: ${[why, said].filter(Boolean).join(': ')} (log: ${log})`,
  );
}

/**
 * Without the first two, fairness keys are taken and ignored, and a large district starves the
 * others. A queue is fair within a partition: of four, one could be left standing for long; one
 * costs a fifth less, too.
 */
const FAIR = [
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

function argumentsOf(
  port: number,
  uiPort: number | undefined,
  dbFile: string,
  config: readonly string[],
): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...['--db-filename', dbFile],
    ...SEARCH_ATTRIBUTE_NAMES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...[...FAIR, ...config].flatMap((one) => ['--dynamic-config-value', one]),
    // As durable as the default, at half the work: one write for each commit instead of three.
    ...['--sqlite-pragma', 'journal_mode=wal'],
    ...['--log-level', 'error', '--disable-config-file', '--disable-config-env'],
  ];
}

function running(
  child: ChildProcess,
  port: number,
  uiPort: number | undefined,
  dbFile: string,
): RunningTemporal {
  const pid = child.pid;
  const watcher = pid === undefined ? null : guard(pid, 'TERM');
  const gone = pid === undefined ? Promise.resolve() : exited(child).then(() => watcher?.release());
  return {
    address: `127.0.0.1:${port}`,
    ui: uiPort === undefined ? null : `http://127.0.0.1:${uiPort}`,
    pid: pid ?? 0,
    gone,
    stop: async () => {
      if (pid !== undefined && isAlive(pid)) await endProcess(pid, 'SIGTERM', { graceMs: STOP_MS });
      await gone;
      await rm(pidFile(dbFile), { force: true });
    },
  };
}

/** Ready is: it answers for the namespace, and our search attributes can be written and read. */
async function prepare(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' });
  try {
    const namespace = 'default';
    const { workflowService, operatorService } = connection;
    await workflowService.describeNamespace({ namespace });
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    if (!SEARCH_ATTRIBUTE_NAMES.every((name) => customAttributes[name] === KEYWORD)) return false;
    const workflowExecutionRetentionTtl = msToTs(RETENTION_DAYS * 86_400_000);
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
    return true;
  } finally {
    await connection.close();
  }
}

const pidFile = (dbFile: string): string => `${dbFile}.pid`;
const logOf = (dbFile: string): string => `${dbFile}.log`;

/** Stops the server that a process which was killed left on this file, and no other. */
async function stopLeftover(dbFile: string, say: (line: string) => void): Promise<void> {
  const pid = Number(await readFile(pidFile(dbFile), 'utf8').catch(() => ''));
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) {
    const command = (commandLine(pid) ?? []).join(' ');
    if (command.includes('server start-dev') && command.includes(dbFile)) {
      say(`stopping a Temporal that was left running on ${dbFile} (process ${pid})`);
      await endProcess(pid, 'SIGTERM', { graceMs: STOP_MS });
    }
  }
  await rm(pidFile(dbFile), { force: true });
}
