/** The composition root of a worker: settings in, real parts around the activities. */
import { Connection, ScheduleClient } from '@temporalio/client';
import { NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { forWorker } from '../config/everything.js';
import { type Settings, temporalConnection } from '../config/settings.js';
import type { Vendor } from '../config/vendor.js';
import { connect } from '../store/db.js';
import { createArchive } from './adapters/archive.js';
import { temporalSchedules } from './adapters/schedules.js';
import { createSecrets } from './adapters/secrets.js';
import { createSftpSource } from './adapters/sftp-source.js';
import { createSmtpMailer } from './adapters/smtp-mailer.js';
import { scheduleHousekeeping } from './housekeeping.js';
import { makeLog, routeSdkLogs } from './logging.js';
import { keepTidy } from './keep-tidy.js';
import { createReaders } from './readers/index.js';
import { type RunningWorker, runWorker } from './run.js';

export interface WorkerParts {
  readonly settings: Settings;
  readonly vendor: Vendor;
  /** Names Temporal (TEMPORAL_ADDRESS …) and holds what `env:NAME` secrets refer to. */
  readonly env: NodeJS.ProcessEnv;
  /** By default the bundle of `npm run build`, else one made of the sources. */
  readonly workflowBundle?: WorkerOptions['workflowBundle'];
}

/** Starts polling; throws if Temporal cannot be reached, ConfigError if a setting is missing. */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { vendor, env, workflowBundle } = parts;
  const settings = forWorker(parts.settings);
  const log = makeLog(settings.logLevel);
  routeSdkLogs(log);
  const { namespace, connectOptions } = await temporalConnection(env, settings);
  const connection = await NativeConnection.connect(connectOptions);
  const client = Connection.lazy(connectOptions);
  const schedules = new ScheduleClient({ connection: client, namespace });
  const { databaseUrl, archiveDir, worker } = settings;
  const db = connect(databaseUrl, { poolMax: worker.dbPool, name: 'rollcall worker' });
  const archive = createArchive(archiveDir, db, log);
  const readers = createReaders({ databaseUrl, archiveDir, ...worker }, log);
  const activities = createActivities({
    db,
    source: createSftpSource(),
    mailer: createSmtpMailer({ url: settings.smtpUrl, from: settings.mailFrom, name: vendor.name }),
    archive,
    schedules: temporalSchedules(schedules),
    secrets: createSecrets(env),
    vendor,
    portalUrl: settings.portal.publicUrl,
    ourSftp: settings.sftp,
    clock: { now: () => Date.now() },
    log,
    readers,
  });
  const stopTidying = keepTidy(archive, log);
  const release = async (): Promise<void> => {
    await Promise.all([stopTidying(), archive.settled(), readers.close()]);
    await Promise.allSettled([db.destroy(), client.close(), connection.close()]);
  };
  const run = { connection, namespace, activities, workflowBundle, release };
  const running = await runWorker({ ...run, ...worker });
  void scheduleHousekeeping(schedules, log);
  return running;
}
