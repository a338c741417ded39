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
import { ACTIVITIES_AT_ONCE, type RunningWorker, runWorker } from './run.js';

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
  // Each activity may hold a connection for its transaction and take another for a question; two
  // more are for the archive, which shares and tidies by itself.
  const db = connect(settings.databaseUrl, {
    poolMax: 2 * ACTIVITIES_AT_ONCE + 2,
    name: 'rollcall worker',
  });
  const schedules = new ScheduleClient({ connection: client, namespace });
  const archive = createArchive(settings.archiveDir, db, log);
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
  });
  const stopTidying = keepTidy(archive, log);
  const release = async (): Promise<void> => {
    await Promise.all([stopTidying(), archive.settled()]);
    await Promise.allSettled([db.destroy(), client.close(), connection.close()]);
  };
  const running = await runWorker({ connection, namespace, activities, workflowBundle, release });
  void scheduleHousekeeping(schedules, log);
  return running;
}
