import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../config/cache.js';
import { openRollcall } from '../../client/connect.js';
import { forWorker, readSettingsAndVendor } from '../../config/everything.js';
import { ConfigError, readSettings, temporalConnection } from '../../config/settings.js';
import { readStackFile, stackFilePath, writeStackFile } from '../../config/stack-file.js';
import { readVendor } from '../../config/vendor.js';
import { packageRoot } from '../../config/package-root.js';
import { startStack } from '../../dev/stack.js';
import { scratch } from './processes.js';

const FINGERPRINT = `SHA256:${'A'.repeat(43)}`;
const REAL = {
  DATABASE_URL: 'postgres://app:pw@db.example:5432/rollcall',
  SMTP_URL: 'smtps://user:pw@mail.example:465',
  MAIL_FROM: 'rollcall@vendor.example',
};

const stackOf = (home: string, pid = process.pid) => ({
  pid,
  startedAt: '2026-11-24T00:00:00.000Z',
  home,
  portal: 'http://127.0.0.1:8099',
  temporal: '127.0.0.1:7299',
  temporalNamespace: 'default',
  temporalUi: null,
  database: 'postgres://rollcall:pw@127.0.0.1:5499/rollcall',
  smtp: 'smtp://127.0.0.1:1099',
  mailFolder: path.join(home, 'mails'),
  sftp: {
    host: '127.0.0.1',
    port: 2299,
    hostKey: FINGERPRINT,
    username: 'rollcall.worker',
    secretRef: `file:${home}/sftp/worker-password`,
    base: '/',
    managesAccounts: true,
  },
});

const failureOf = (run: () => unknown): ConfigError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error('nothing was wrong');
};

describe('the settings', () => {
  it('come from the environment alone where it names everything', () => {
    const settings = readSettings(
      {
        ...REAL,
        ROLLCALL_HOME: 'state',
        PORTAL_URL: 'https://rollcall.vendor.example/',
        PORTAL_PORT: '9000',
        SFTP_URL: 'sftp://svc%40x@files.example:2022/in%20box/',
        SFTP_SECRET: 'env:SFTP_PASSWORD',
        SFTP_HOST_KEY: `${FINGERPRINT}=`,
      },
      '/srv/app',
    );
    expect(settings).toMatchObject({
      home: '/srv/app/state',
      archiveDir: '/srv/app/state/archive',
      vendorFile: path.join(packageRoot(), 'rollcall.config.json'),
      databaseUrl: REAL.DATABASE_URL,
      mailFolder: null,
      portal: { host: '127.0.0.1', port: 9000, publicUrl: 'https://rollcall.vendor.example' },
      logLevel: 'info',
      temporalAddress: null,
      sftp: {
        host: 'files.example',
        port: 2022,
        username: 'svc@x',
        base: '/in box',
        hostKey: FINGERPRINT,
        managesAccounts: false,
      },
    });
  });

  it('list every problem at once, and repeat no value', () => {
    const wrong = {
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      SMTP_URL: 'hunter2',
      MAIL_FROM: 'Rollcall <hunter2@x>',
      PORTAL_PORT: '99999',
      PORTAL_URL: 'ftp://hunter2',
      LOG_LEVEL: 'loud',
      SFTP_URL: 'sftp://u:hunter2@h/',
      SFTP_SECRET: 'hunter2',
    };
    const failure = failureOf(() => readSettings(wrong, '/srv/app'));
    for (const name of [...Object.keys(wrong), 'SFTP_HOST_KEY'])
      expect(failure.message).toMatch(new RegExp(`^ {2}- ${name} `, 'm'));
    expect(failure.message).not.toContain('hunter2');
    expect(failure.notRunning).toBe(false);
  });

  it('say how much a worker does at a time, and refuse what could come to a standstill', () => {
    const { worker } = readSettings(REAL, '/');
    expect(worker).toMatchObject({ activitiesAtOnce: 10, dbPool: 22, threadMb: 2048 });
    expect(worker.threads).toBeGreaterThanOrEqual(2);
    const own = { ROLLCALL_ACTIVITIES: '30', ROLLCALL_DB_POOL: '33', ROLLCALL_THREADS: '1' };
    expect(readSettings({ ...REAL, ...own, ROLLCALL_THREAD_MB: ' 512 ' }, '/').worker).toEqual({
      ...{ activitiesAtOnce: 30, dbPool: 33, threads: 1, threadMb: 512 },
    });
    for (const wrong of [
      { ROLLCALL_ACTIVITIES: '30', ROLLCALL_DB_POOL: '32' },
      { ROLLCALL_DB_POOL: '12' },
    ])
      expect(failureOf(() => readSettings({ ...REAL, ...wrong }, '/')).message).toMatch(
        /ROLLCALL_DB_POOL must be at least 3 more than ROLLCALL_ACTIVITIES/,
      );
    const none = { ROLLCALL_ACTIVITIES: '0', ROLLCALL_THREADS: '1.5', ROLLCALL_THREAD_MB: 'lots' };
    const { problems } = failureOf(() => readSettings({ ...REAL, ...none }, '/'));
    expect(problems.map((line) => line.split(' ')[0])).toEqual(Object.keys(none));
  });

  it('say what to start or to set when nothing runs', () => {
    const failure = failureOf(() => readSettings({ LOG_LEVEL: 'info' }, '/nowhere'));
    expect(failure.notRunning).toBe(true);
    expect(failure.message).toMatch(/^[^\n]*npx rollcall up[^\n]*set DATABASE_URL\.$/);
  });

  it('take what is not named from the running stack, and what is named from the environment', async () => {
    const home = await scratch();
    await writeStackFile(home, stackOf(home));
    const { SMTP_URL, MAIL_FROM } = REAL;
    const settings = readSettings({ ROLLCALL_HOME: home, SMTP_URL, MAIL_FROM }, '/');
    expect(settings).toMatchObject({
      databaseUrl: stackOf(home).database,
      smtpUrl: REAL.SMTP_URL,
      mailFolder: null,
      portal: { port: 8099, publicUrl: 'http://127.0.0.1:8099' },
      sftp: { managesAccounts: true },
    });
  });

  it('take a variable that is blank for one that is not set', async () => {
    const home = await scratch();
    await writeStackFile(home, stackOf(home));
    for (const blank of ['', ' ']) {
      const env = {
        ...{ ROLLCALL_HOME: home, DATABASE_URL: blank, LOG_LEVEL: blank, SMTP_URL: blank },
        ...{ ROLLCALL_CONFIG: blank, SFTP_SECRET: blank, TEMPORAL_ADDRESS: blank },
      };
      const { settings, vendor } = await readSettingsAndVendor(env, '/');
      expect(settings.databaseUrl).toBe(stackOf(home).database);
      expect(settings.smtpUrl).toBe(stackOf(home).smtp);
      expect(vendor.products).toHaveLength(2);
      expect((await temporalConnection(env, settings)).address).toBe(stackOf(home).temporal);
    }
  });

  it('want a sender with a mail server, an absolute path for a secret, a portal at the top', () => {
    const env = {
      DATABASE_URL: REAL.DATABASE_URL,
      SMTP_URL: REAL.SMTP_URL,
      PORTAL_URL: 'https://vendor.example/rollcall',
      SFTP_URL: 'sftp://u@files.example/',
      SFTP_SECRET: 'file:secret',
      SFTP_HOST_KEY: FINGERPRINT,
    };
    expect(failureOf(() => readSettings(env, '/')).problems).toEqual([
      expect.stringMatching(/^PORTAL_URL must have no path/),
      expect.stringMatching(/^SFTP_SECRET must be env:NAME or file:\/path/),
      expect.stringMatching(/^MAIL_FROM must be set with SMTP_URL/),
    ]);
  });

  it('ask for mail server and public address where a worker runs, and nowhere else', () => {
    const { DATABASE_URL, SMTP_URL, MAIL_FROM } = REAL;
    const client = readSettings({ DATABASE_URL }, '/');
    expect(client.smtpUrl).toBeNull();
    expect(failureOf(() => forWorker(client)).problems).toEqual([
      expect.stringContaining('SMTP_URL'),
      expect.stringContaining('PORTAL_URL'),
    ]);
    const env = { DATABASE_URL, SMTP_URL, MAIL_FROM, PORTAL_URL: 'https://rollcall.example' };
    expect(forWorker(readSettings(env, '/'))).toMatchObject({ smtpUrl: SMTP_URL });
  });

  it('do not believe the stack file of a process that is gone, nor a broken one', async () => {
    const home = await scratch();
    await writeStackFile(home, stackOf(home, 4_194_999));
    expect(readStackFile(home)).toBeNull();
    await writeFile(stackFilePath(home), '{"pid":');
    expect(readStackFile(home)).toBeNull();
    await writeStackFile(home, stackOf(home));
    const ours = await readFile(stackFilePath(home), 'utf8');
    await writeFile(stackFilePath(home), ours.replace(/("pidStarted": ").*"/, '$1long ago"'));
    expect(readStackFile(home)).toBeNull(); // the number is another process's by now
    await writeFile(stackFilePath(home), ours);
    expect(readStackFile(home)).toEqual(stackOf(home));
    expect((await stat(stackFilePath(home))).mode & 0o777).toBe(0o600);
  });
});

describe('where Temporal is', () => {
  const running = { temporalAddress: '127.0.0.1:7299' };

  it('is what Temporal’s own variables say, with key and TLS', async () => {
    const env = {
      TEMPORAL_ADDRESS: 'eu.tmprl.example:7233',
      TEMPORAL_NAMESPACE: 'schools.a1b2',
      TEMPORAL_API_KEY: 'key',
    };
    expect(await temporalConnection(env, running)).toEqual({
      address: 'eu.tmprl.example:7233',
      namespace: 'schools.a1b2',
      connectOptions: { address: 'eu.tmprl.example:7233', apiKey: 'key', tls: true },
    });
  });

  it('is the running stack, whatever profile lies in the user’s home', async () => {
    const home = await scratch();
    await mkdir(path.join(home, 'temporalio'));
    await writeFile(
      path.join(home, 'temporalio/temporal.toml'),
      '[profile.default]\naddress = "production.example:7233"\n',
    );
    const env = { XDG_CONFIG_HOME: home, HOME: home };
    expect((await temporalConnection(env, running)).address).toBe('127.0.0.1:7299');
    expect((await temporalConnection(env, running)).namespace).toBe('default');
    const other = { ...running, temporalNamespace: 'schools' };
    expect((await temporalConnection({}, other)).namespace).toBe('schools');
    await expect(temporalConnection(env, { temporalAddress: null })).rejects.toThrow(/rollcall up/);
  });
});

describe('the vendor’s file', () => {
  it('that comes with Rollcall is right', async () => {
    const vendor = await readVendor(path.join(packageRoot(), 'rollcall.config.json'));
    expect(vendor.products.map(({ id }) => id)).toEqual(['rocketlit', 'innerorbit']);
    expect(vendor.supportAddress).toContain('@');
  });

  it('has all of its problems listed at once', async () => {
    const file = path.join(await scratch(), 'rollcall.config.json');
    const product = { id: 'Bad Id', name: '', loginUrl: 'javascript:alert(1)' };
    await writeFile(file, JSON.stringify({ vendor: { name: 'X' }, products: [product], more: 1 }));
    const failure = await readVendor(file).catch((error: unknown) => error as ConfigError);
    expect(failure).toBeInstanceOf(ConfigError);
    const { problems } = failure as ConfigError;
    for (const where of [
      'vendor.supportAddress',
      'products.0.id',
      'products.0.name',
      'products.0.loginUrl',
    ])
      expect(problems.filter((line) => line.startsWith(`${where}: `))).toHaveLength(1);
    expect(problems.join()).toContain('more');
  });

  it('is listed with the environment’s problems before anything starts', async () => {
    const home = path.join(await scratch(), 'home');
    const env = { ROLLCALL_HOME: home, ROLLCALL_CONFIG: 'missing.json', LOG_LEVEL: 'loud' };
    const failure = await startStack({ cwd: '/', env, say: () => {} }).catch(
      (error: unknown) => error,
    );
    expect((failure as ConfigError).problems).toHaveLength(2);
    const client = await openRollcall(env, '/').catch((error: unknown) => error);
    expect((client as ConfigError).problems).toHaveLength(2);
    await expect(stat(home)).rejects.toThrow(/ENOENT/);
  });
});

describe('the cache', () => {
  it('is named by ROLLCALL_CACHE, XDG_CACHE_HOME or the user’s home, in this order', () => {
    const env = { HOME: '/home/ann', XDG_CACHE_HOME: '/xdg', ROLLCALL_CACHE: '/own' };
    expect(cacheFolder(env)).toBe('/own');
    expect(cacheFolder({ ...env, ROLLCALL_CACHE: '' })).toBe('/xdg/rollcall');
    expect(cacheFolder({ HOME: '/home/ann' })).toBe('/home/ann/.cache/rollcall');
  });
});
