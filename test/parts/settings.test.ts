import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../config/cache.js';
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

  it('say what to start or to set when nothing runs', () => {
    const failure = failureOf(() => readSettings({ SMTP_URL: REAL.SMTP_URL }, '/nowhere'));
    expect(failure.notRunning).toBe(true);
    expect(failure.message).toMatch(/^[^\n]*npx rollcall up[^\n]*set DATABASE_URL\.$/);
  });

  it('take what is not named from the running stack, and what is named from the environment', async () => {
    const home = await scratch();
    await writeStackFile(home, stackOf(home));
    const settings = readSettings({ ROLLCALL_HOME: home, SMTP_URL: REAL.SMTP_URL }, '/');
    expect(settings).toMatchObject({
      databaseUrl: stackOf(home).database,
      smtpUrl: REAL.SMTP_URL,
      mailFolder: null,
      portal: { port: 8099, publicUrl: 'http://127.0.0.1:8099' },
      sftp: { managesAccounts: true },
    });
    const empty = { ROLLCALL_HOME: home, DATABASE_URL: '', LOG_LEVEL: '' };
    expect(readSettings(empty, '/').databaseUrl).toBe(stackOf(home).database);
  });

  it('do not believe the stack file of a process that is gone, nor a broken one', async () => {
    const home = await scratch();
    await writeStackFile(home, stackOf(home, 4_194_999));
    expect(readStackFile(home)).toBeNull();
    await writeFile(stackFilePath(home), '{"pid":');
    expect(readStackFile(home)).toBeNull();
    await writeStackFile(home, stackOf(home));
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
