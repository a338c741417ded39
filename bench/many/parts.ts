/** The real parts of a bench: Postgres (fsync on), Temporal's dev server, SFTP, a mailbox. */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { cacheFolder } from '../../config/cache.js';
import { startMailSink } from '../../dev/mail-sink.js';
import { startPostgres } from '../../dev/postgres.js';
import { startSftpServer } from '../../dev/sftp-server/index.js';
import { findTemporal, startTemporal } from '../../dev/temporal.js';
import { addDistrict, setDistrict } from '../../store/config/districts.js';
import { connect, type Db } from '../../store/db.js';
import { migrate } from '../../store/migrate.js';

export interface BenchParts {
  readonly db: Db;
  readonly admin: pg.Client;
  readonly client: Client;
  /** For processes whose time is reckoned. */
  readonly pids: { readonly postgres: number; readonly temporal: number };
  /** What `rollcall worker` needs. */
  readonly env: NodeJS.ProcessEnv;
  /** Makes the district and its folder. @returns where its file belongs on our disk */
  district(id: string, seats: number): Promise<string>;
  stop(): Promise<void>;
}

const SERVICE = { username: 'rollcall.bench', password: 'only-for-this-bench' };

export async function startParts(): Promise<BenchParts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-many-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const postgres = await startPostgres({
      dataDir: path.join(folder, 'postgres'),
      config: ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track=all'],
    });
    stops.push(postgres.stop);
    const say = (text: string): void => console.error(text);
    const temporal = await startTemporal({
      binary: await findTemporal({ cacheDir: cacheFolder(process.env), env: process.env, say }),
      dbFile: path.join(folder, 'temporal/db'),
    });
    stops.push(temporal.stop);
    const db = connect(postgres.url, { poolMax: 4, name: 'bench' });
    stops.push(() => db.destroy());
    await migrate(db);
    const admin = new pg.Client({ connectionString: postgres.url, application_name: 'bench' });
    await admin.connect();
    stops.push(() => admin.end());
    const homes = path.join(folder, 'sftp');
    const sftp = await startSftpServer({
      ...{ db, homes, hostKeyFile: path.join(folder, 'host-key'), service: SERVICE },
    });
    stops.push(sftp.stop);
    const mail = await startMailSink({ folder: path.join(folder, 'mails') });
    stops.push(mail.stop);
    const connection = await Connection.connect({ address: temporal.address });
    stops.push(() => connection.close());
    return {
      ...{ db, admin, stop },
      client: new Client({ connection }),
      pids: { postgres: postgres.pid, temporal: temporal.pid },
      env: {
        ...process.env,
        ROLLCALL_HOME: path.join(folder, 'home'),
        DATABASE_URL: postgres.url,
        TEMPORAL_ADDRESS: temporal.address,
        SMTP_URL: mail.url,
        MAIL_FROM: 'rollcall@vendor.example',
        PORTAL_URL: 'https://rollcall.vendor.example',
        SFTP_URL: `sftp://${SERVICE.username}@${sftp.host}:${sftp.port}/`,
        SFTP_SECRET: 'env:BENCH_SFTP_PASSWORD',
        SFTP_HOST_KEY: sftp.hostKey,
        BENCH_SFTP_PASSWORD: SERVICE.password,
        LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      },
      async district(id, seats) {
        await addDistrict(db, {
          ...{ id, name: id, contact: 'it@district.example', seats },
          ...{ timeZone: 'UTC', nightlyAt: '04:00' },
        });
        // A file that lies there is at rest.
        await setDistrict(db, id, { timings: { quietFor: 0 } });
        await mkdir(path.join(homes, id), { recursive: true, mode: 0o700 });
        return path.join(homes, id, 'roster.csv');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
