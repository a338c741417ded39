/** A Rollcall for one test file: its own database and its own namespace on the run's Temporal. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, ScheduleClient } from '@temporalio/client';
import { createActivities } from '../../activities/index.js';
import type { OutgoingMail, RosterSource } from '../../activities/ports.js';
import {
  createRollcall,
  type NewDistrict,
  type Rollcall,
  type Status,
} from '../../client/index.js';
import { writeStackFile } from '../../config/stack-file.js';
import type { Vendor } from '../../config/vendor.js';
import { createArchive } from '../../worker/adapters/archive.js';
import { temporalSchedules } from '../../worker/adapters/schedules.js';
import { makeLog, routeSdkLogs } from '../../worker/logging.js';
import { runWorker } from '../../worker/run.js';
import { ensureSearchAttributes } from '../../worker/search-attributes.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { until } from '../support/wait.js';

export const VENDOR: Vendor = {
  name: 'Science Learning Co.',
  supportAddress: 'support@vendor.example',
  products: [
    { id: 'rocketlit', name: 'RocketLit', loginUrl: 'https://rocketlit.example/login' },
    { id: 'innerorbit', name: 'InnerOrbit', loginUrl: 'https://innerorbit.example/login' },
  ],
};
export const SFTP = {
  host: 'sftp.vendor.example',
  port: 2222,
  username: 'rollcall',
  secretRef: 'env:NONE',
  hostKey: `SHA256:${'A'.repeat(43)}`,
  base: '/',
  managesAccounts: true,
} as const;

/**
 * What `up` leaves in `folder` for other commands, with this process as the one that runs the
 * parts. @returns the environment in which commands find them
 */
export async function standAsStack(
  folder: string,
  at: Pick<Place, 'temporal' | 'namespace' | 'database'>,
): Promise<NodeJS.ProcessEnv> {
  await writeStackFile(folder, {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    home: folder,
    portal: 'http://127.0.0.1:1',
    temporal: at.temporal.address,
    temporalNamespace: at.namespace,
    temporalUi: null,
    database: at.database.url,
    smtp: 'smtp://127.0.0.1:1',
    mailFolder: null,
    sftp: { ...SFTP, managesAccounts: true },
  });
  return {
    ROLLCALL_HOME: folder,
    TEMPORAL_ADDRESS: at.temporal.address,
    TEMPORAL_NAMESPACE: at.namespace,
  };
}

/** Nothing waits long: the folder is looked at every second, and a file is whole at once. */
export const newDistrict = (id: string): NewDistrict => ({
  id,
  name: `${id} Unified`,
  contact: `it@${id}.example`,
  seats: 100,
  timeZone: 'America/Chicago',
  nightlyAt: '03:30',
  timings: { quietFor: 0, lookEvery: 1_000 },
});

export interface Place {
  readonly database: TestDatabase;
  readonly temporal: TestTemporal;
  readonly namespace: string;
  readonly client: Client;
  readonly rollcall: Rollcall;
  /** What lies on the SFTP server, by path; put a text to upload it. */
  readonly files: Map<string, string>;
  readonly mails: OutgoingMail[];
  /** Real workflows, real activities; only the SFTP and the mail server are stand-ins. */
  startWorker(): Promise<{ stop(): Promise<void> }>;
  stage(district: string, wanted: Status['stage']): Promise<Status>;
  close(): Promise<void>;
}

export async function place(): Promise<Place> {
  // Before the first connection: that starts the SDK's runtime, with whatever log there is.
  routeSdkLogs(makeLog('silent'));
  const [database, temporal] = await Promise.all([testDatabase(), testTemporal()]);
  const namespace = `client-${randomBytes(4).toString('hex')}`;
  await makeNamespace(temporal, namespace);
  const client = new Client({ connection: temporal.connection, namespace });
  const { db } = database;
  const rollcall = createRollcall({
    temporal: client,
    db,
    vendor: VENDOR,
    sftp: SFTP,
    portalUrl: 'https://portal.vendor.example',
  });
  const files = new Map<string, string>();
  const mails: OutgoingMail[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-client-'));
  return {
    database,
    temporal,
    namespace,
    client,
    rollcall,
    files,
    mails,

    startWorker: () => {
      const log = { info: () => undefined, warn: () => undefined };
      const archive = createArchive(folder, db, log);
      return runWorker({
        connection: temporal.nativeConnection,
        namespace,
        workflowBundle: temporal.workflowBundle,
        activitiesAtOnce: 10,
        release: () => archive.settled(),
        activities: createActivities({
          db,
          source: sourceOf(files),
          mailer: { send: async (mail) => void mails.push(mail) },
          archive,
          schedules: temporalSchedules(
            new ScheduleClient({ connection: temporal.connection, namespace }),
          ),
          secrets: { resolve: () => Promise.resolve('secret') },
          vendor: VENDOR,
          portalUrl: 'https://portal.vendor.example',
          ourSftp: SFTP,
          clock: { now: () => Date.now() },
          log,
        }),
      });
    },

    stage: (district, wanted) =>
      until(`${district} is at ${wanted}`, async () => {
        const status = await rollcall.status(district);
        return status.stage === wanted && status;
      }),

    async close() {
      await temporal.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A namespace and its search attributes take a moment to be known everywhere on the server. */
async function makeNamespace({ connection }: TestTemporal, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await until(`namespace ${namespace} has its search attributes`, async () => {
    await ensureSearchAttributes(connection, namespace);
    return true;
  });
  const probe = new Client({ connection, namespace });
  await until(`namespace ${namespace} takes workflows`, async () => {
    const handle = await probe.workflow.start('probe', {
      workflowId: 'probe',
      taskQueue: 'nobody',
      searchAttributes: { RollcallDistrict: ['probe'] },
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    await handle.terminate();
    return true;
  });
}

/** A folder in memory in the place of the SFTP server. */
function sourceOf(files: ReadonlyMap<string, string>): RosterSource {
  const times = new Map<string, number>();
  const at = (text: string): number => {
    const known = times.get(text) ?? 1_700_000_000_000 + times.size * 1_000;
    times.set(text, known);
    return known;
  };
  return {
    async stat({ path: name }) {
      const text = files.get(name);
      if (text === undefined) return null;
      return { kind: 'file', size: Buffer.byteLength(text), modifiedAt: at(text) };
    },
    async fetch({ path: name }, to) {
      const text = files.get(name) ?? '';
      await writeFile(to, text);
      return {
        sha256: createHash('sha256').update(text).digest('hex'),
        bytes: Buffer.byteLength(text),
        modifiedAt: at(text),
      };
    },
    makeFolder: () => Promise.resolve(),
    put: () => Promise.resolve(),
    prune: () => Promise.resolve(0),
  };
}

const HEADER =
  'school_id,school_name,teacher_email,teacher_first_name,teacher_last_name,class_id,class_name,student_first_name,student_last_name,student_email,student_grade_level';

/** A roster of students `from` to `to`, in one class; `bad` adds a row without an address. */
export function roster(from: number, to: number, bad = false): string {
  const rows = [HEADER];
  for (let n = from; n < to; n += 1) {
    rows.push(`01,Oak,t@t.example,Tess,Tor,C1,Bio,Stu${n},Dent,s${n}@s.example,${1 + (n % 9)}`);
  }
  if (bad) rows.push('01,Oak,t@t.example,Tess,Tor,C1,Bio,Bad,Dent,,5');
  return `${rows.join('\n')}\n`;
}
