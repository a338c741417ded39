/** The parts that Rollcall stands on: each the embedded one, or the one the environment names. */
import { Connection } from '@temporalio/client';
import { cacheFolder } from '../config/cache.js';
import type { Environment } from '../config/environment.js';
import { sftpOf, type TemporalTarget } from '../config/settings.js';
import { temporalConnection, temporalIsExternal } from '../config/settings.js';
import type { StackFile } from '../config/stack-file.js';
import { connect, type Db } from '../store/db.js';
import { migrate } from '../store/migrate.js';
import { ensureSearchAttributes } from '../worker/search-attributes.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../workflows/search-attributes.js';
import { type Home, keptSecret } from './home.js';
import { startMailSink } from './mail-sink.js';
import { named, never, type Stops, together } from './parts.js';
import { startPostgres } from './postgres.js';
import { startSftpServer } from './sftp-server/index.js';
import type { Ports } from './stack-ports.js';
import { findTemporal, startTemporal } from './temporal.js';
import { uploadSignals } from './uploads.js';

export interface BaseOptions {
  readonly environment: Environment;
  readonly env: NodeJS.ProcessEnv;
  readonly home: Home;
  readonly ports: Ports;
  readonly stops: Stops;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

export interface Base {
  readonly file: Omit<StackFile, 'pid' | 'startedAt' | 'home' | 'portal'>;
  /** Where the embedded parts listen in the end. */
  readonly ports: Partial<Ports>;
  readonly lost: Promise<string>;
}

/** The account that the worker uses on our own SFTP server; no district's id has a dot. */
const SFTP_ACCOUNT = 'rollcall.worker';

export async function startBase(options: BaseOptions): Promise<Base> {
  const [database, temporal, mail] = await together([
    named('Postgres', startDatabase(options)),
    named('Temporal', startWorkflows(options)),
    named('the mailbox', startMail(options)),
  ]);
  options.signal?.throwIfAborted();
  const sftp = await named('the SFTP server', startSftp(options, database.db, temporal.target));
  options.signal?.throwIfAborted();
  return {
    file: {
      temporal: temporal.target.address,
      temporalNamespace: temporal.target.namespace,
      temporalUi: temporal.ui,
      database: database.url,
      smtp: mail.url,
      mailFolder: mail.folder,
      sftp,
    },
    ports: {
      ...database.ports,
      ...temporal.ports,
      ...mail.ports,
      ...(sftp.managesAccounts ? { sftp: sftp.port } : {}),
    },
    lost: Promise.race([database.lost, temporal.lost]),
  };
}

async function startDatabase({ environment, home, ports, stops, say }: BaseOptions) {
  const external = environment.DATABASE_URL;
  const postgres =
    external === undefined
      ? await startPostgres({ dataDir: home.postgres, port: ports.postgres, log: say })
      : null;
  if (postgres !== null) stops.add('Postgres', postgres.stop);
  const url = postgres?.url ?? external!;
  const db = connect(url, { poolMax: 4, name: 'rollcall up' });
  stops.add('the database pool', () => db.destroy());
  const { applied } = await migrate(db);
  if (applied.length > 0) say(`the database is up to date (${applied.length} migrations applied)`);
  return {
    url,
    db,
    ports: postgres === null ? {} : { postgres: postgres.port },
    lost: postgres === null ? never : postgres.gone.then(() => 'Postgres ended by itself'),
  };
}

async function startWorkflows({ env, home, ports, stops, say, signal }: BaseOptions) {
  if (temporalIsExternal(env)) {
    const target = await temporalConnection(env, { temporalAddress: null });
    await prepareExternal(target, say);
    return { target, ui: null, ports: {}, lost: never };
  }
  const binary = await findTemporal({ cacheDir: cacheFolder(env), env, say, signal });
  const { temporal: port, temporalUi: uiPort } = ports;
  const server = await startTemporal({ binary, dbFile: home.temporalDb, port, uiPort, log: say });
  stops.add('Temporal', server.stop);
  return {
    target: await temporalConnection({}, { temporalAddress: server.address }),
    ui: server.ui,
    ports: { temporal: portOf(`tcp://${server.address}`), temporalUi: portOf(server.ui ?? '') },
    lost: server.gone.then(() => 'Temporal ended by itself'),
  };
}

/** Temporal Cloud lets nobody register search attributes this way: there it is done beforehand. */
async function prepareExternal(target: TemporalTarget, say: (line: string) => void) {
  const connection = await Connection.connect({ ...target.connectOptions, connectTimeout: '10s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: target.namespace });
    await ensureSearchAttributes(connection, target.namespace).catch(() =>
      say(
        `Temporal: make sure that it has the search attributes ${SEARCH_ATTRIBUTE_NAMES.join(', ')} (each a Keyword)`,
      ),
    );
  } finally {
    await connection.close();
  }
}

async function startMail({ environment, home, ports, stops }: BaseOptions) {
  if (environment.SMTP_URL !== undefined)
    return { url: environment.SMTP_URL, folder: null, ports: {} };
  const sink = await retried(ports.smtp, (port) => startMailSink({ folder: home.mails, port }));
  stops.add('the mailbox', sink.stop);
  return { url: sink.url, folder: sink.folder, ports: { smtp: portOf(sink.url) } };
}

async function startSftp(
  { environment, home, ports, stops, say }: BaseOptions,
  db: Db,
  temporal: TemporalTarget,
): Promise<StackFile['sftp']> {
  const external = sftpOf(environment);
  if (external !== null) return external;
  const password = await keptSecret(home.sftpPassword);
  const signals = uploadSignals(db, temporal, say);
  stops.add('the upload signals', signals.stop);
  const server = await retried(ports.sftp, (port) =>
    startSftpServer({
      db,
      port,
      homes: home.sftpHomes,
      hostKeyFile: home.sftpHostKey,
      service: { username: SFTP_ACCOUNT, password },
      onUploaded: signals.uploaded,
    }),
  );
  stops.add('the SFTP server', server.stop);
  return {
    host: server.host,
    port: server.port,
    hostKey: server.hostKey,
    username: SFTP_ACCOUNT,
    secretRef: `file:${home.sftpPassword}`,
    base: '/',
    managesAccounts: true,
  };
}

/** A port that was free a moment ago may be taken by now. */
async function retried<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  return start(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return start(0);
    throw error;
  });
}

const portOf = (url: string): number => Number(new URL(url).port);
