/** The activities on real parts: Postgres, the embedded SFTP server, a mail sink, an archive. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Deps } from '../../activities/index.js';
import { setDistrict } from '../../store/config/districts.js';
import type { Db } from '../../store/db.js';
import type { DistrictPatch } from '../../store/types.js';
import { createArchive, type WorkerArchive } from '../../worker/adapters/archive.js';
import { createSecrets } from '../../worker/adapters/secrets.js';
import { createSftpSource } from '../../worker/adapters/sftp-source.js';
import { createSmtpMailer } from '../../worker/adapters/smtp-mailer.js';
import type { Activities } from '../../workflows/contract.js';
import { startTestMail, type TestMail } from '../support/mail.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { startTestSftp, type TestSftp } from '../support/sftp.js';

type Name = keyof Activities;
type Input<N extends Name> = Parameters<Activities[N]>[0];
type Output<N extends Name> = Awaited<ReturnType<Activities[N]>>;

export const VENDOR = {
  name: 'Science Learning Co.',
  supportAddress: 'support@vendor.example',
  products: [
    { id: 'rocketlit', name: 'RocketLit', loginUrl: 'https://rocketlit.example/login' },
    { id: 'innerorbit', name: 'InnerOrbit', loginUrl: 'https://innerorbit.example/login' },
  ],
} as const;

export interface Bench {
  readonly db: Db;
  readonly database: TestDatabase;
  readonly sftp: TestSftp;
  readonly mail: TestMail;
  readonly archive: string;
  /** What a worker would be given; the clock stands still. */
  readonly deps: Deps;
  readonly clock: { time: number };
  readonly env: Record<string, string>;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** A district with that id, its folder and its settings. */
  district(id: string, patch?: DistrictPatch): Promise<string>;
  /** Puts a file into the district's folder. `modifiedAt` in whole seconds since the epoch. */
  upload(district: string, text: string, modifiedAt?: number): Promise<void>;
  /** Runs one activity in an activity's context of its own, as an attempt. */
  run<N extends Name>(name: N, input: Input<N>, changed?: Partial<Deps>): Promise<Output<N>>;
  /** The same, to be watched and cancelled on the way. */
  start<N extends Name>(name: N, input: Input<N>, changed?: Partial<Deps>): Attempt<Output<N>>;
  /** What was read has come to all workers. */
  settled(): Promise<void>;
  close(): Promise<void>;
}
export interface Attempt<T> {
  readonly result: Promise<T>;
  readonly heartbeats: unknown[];
  cancel(): void;
}

export async function startBench(): Promise<Bench> {
  const database = await testDatabase();
  const { db } = database;
  const sftp = await startTestSftp(db);
  const mail = await startTestMail();
  const archive = await mkdtemp(path.join(tmpdir(), 'rollcall-archive-'));
  const clock = { time: Date.parse('2026-11-24T12:00:00Z') };
  const env: Record<string, string> = { SERVICE_PASSWORD: sftp.service.password };
  const logged: string[] = [];
  const log: Deps['log'] = {
    info: (fields, message) => logged.push(`${JSON.stringify(fields)} ${message}`),
    warn: (fields, message) => logged.push(`${JSON.stringify(fields)} ${message}`),
  };
  const sharedArchive = createArchive(archive, db, log);
  const deps: Deps = {
    db,
    source: createSftpSource(),
    mailer: createSmtpMailer({ url: mail.url, from: 'rollcall@vendor.example', name: VENDOR.name }),
    archive: sharedArchive,
    schedules: {
      ensureNightly: () => Promise.reject(new Error('schedules are tested on the dev server')),
    },
    secrets: createSecrets(env),
    vendor: VENDOR,
    portalUrl: 'https://rollcall.vendor.example',
    ourSftp: {
      host: sftp.server.host,
      port: sftp.server.port,
      username: sftp.service.username,
      secretRef: 'env:SERVICE_PASSWORD',
      hostKey: sftp.server.hostKey,
      base: '/',
      managesAccounts: true,
    },
    clock: { now: () => clock.time },
    log,
  };
  const start = <N extends Name>(
    name: N,
    input: Input<N>,
    changed: Partial<Deps> = {},
  ): Attempt<Output<N>> => {
    type Run = (input: Input<N>) => Promise<Output<N>>;
    const activity = createActivities({ ...deps, ...changed })[name] as Run;
    // The SDK would print every failure that is asked for here.
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const heartbeats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
    const result = environment.run<[Input<N>], Output<N>, Run>(activity, input);
    return { result, heartbeats, cancel: () => environment.cancel('CANCELLED') };
  };
  const homeOf = (district: string): string => path.join(sftp.homes, district);
  return {
    db,
    database,
    sftp,
    mail,
    archive,
    deps,
    clock,
    env,
    logged,
    async district(id, patch = {}) {
      await sftp.addDistrict(id);
      await setDistrict(db, id, patch);
      await mkdir(homeOf(id), { recursive: true });
      return id;
    },
    async upload(district, text, modifiedAt = 179e7) {
      const file = path.join(homeOf(district), 'roster.csv');
      await writeFile(file, text);
      await utimes(file, modifiedAt, modifiedAt);
    },
    run: (name, input, changed) => start(name, input, changed).result,
    start,
    settled: () => sharedArchive.settled(),
    async close() {
      await sharedArchive.settled();
      await sftp.stop();
      await mail.stop();
      await database.drop();
      await rm(archive, {
        recursive: true,
        force: true,
      });
    },
  };
}

const HEADER =
  'school_id,school_name,teacher_email,teacher_first_name,teacher_last_name,class_id,class_name,student_first_name,student_last_name,student_email,student_grade_level';

export interface Pupil {
  readonly id: string;
  readonly last?: string;
  readonly school?: string;
  readonly grade?: string;
}

/** A second worker: everything but its archive's folder is the first one's. */
export interface OtherWorker {
  readonly folder: string;
  /** To be handed to `bench.run`. */
  readonly worker: { readonly archive: WorkerArchive };
  /** Before the bench is closed. */
  close(): Promise<void>;
}

export async function startOther({ db, deps }: Bench): Promise<OtherWorker> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-other-'));
  const archive = createArchive(folder, db, deps.log);
  const close = async (): Promise<void> => {
    await archive.settled();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, worker: { archive }, close };
}

/** A roster of one class a school, one row a pupil; every name and address is made up. */
export function csv(pupils: readonly Pupil[], lastLines: readonly string[] = []): string {
  const lines = pupils.map(({ id, last = 'Quillfeather', school = '010', grade = '5' }) =>
    [
      school,
      `School ${school}`,
      `teach-${school}@district.example`,
      'Tamsin',
      'Underhollow',
      `${school}-S5`,
      'Science 5',
      `Pip ${id}`,
      last,
      `${id}@pupils.district.example`,
      grade,
    ].join(','),
  );
  return `${[HEADER, ...lines, ...lastLines].join('\n')}\n`;
}

export const pupils = (from: number, to: number, more: Partial<Pupil> = {}): Pupil[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ ...more, id: `p${from + index}` }));

/** The failure that an attempt ended with; it must be a classified one. */
export async function failureOf(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const thrown: unknown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof ApplicationFailure) return thrown;
  throw new Error('the attempt did not fail with an ApplicationFailure', { cause: thrown });
}
