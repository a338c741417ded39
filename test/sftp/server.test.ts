import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SFTPWrapper, Stats } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../worker/adapters/host-key.js';
import { testDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { startProxy } from '../support/sftp-proxy.js';
import { startTestSftp } from '../support/sftp.js';
import type { TestSftp } from '../support/sftp.js';
import { until } from '../support/wait.js';

type Login = { username: string; password: string };

let database: TestDatabase;
let server: TestSftp;
let maple: Login;
let oak: Login;
const clients: SftpClient[] = [];

const quiet = (): void => undefined;

/** A connected client; the raw session underneath sends whatever it is told. */
async function connect(
  who: Login,
  port = server.server.port,
): Promise<{ client: SftpClient; raw: SFTPWrapper }> {
  const client = new SftpClient('test', { error: quiet, end: quiet, close: quiet });
  clients.push(client);
  const raw = await client.connect({
    ...who,
    host: '127.0.0.1',
    port,
    hostVerifier: (key: Buffer) => fingerprint(key) === server.server.hostKey,
  });
  return { client, raw };
}

/** The status of a call that is refused, or 'ok'. */
function outcome(
  ask: (done: (error?: Error | null) => void) => void,
): Promise<number | string | undefined> {
  return new Promise((resolve) =>
    ask((error) => resolve(error ? (error as { code?: number }).code : 'ok')),
  );
}
const OK = 'ok';
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;

const home = (district: string, ...names: string[]): string =>
  path.join(server.homes, district, ...names);
const onDisk = (...names: string[]): Promise<string> =>
  readFile(home('maple-valley', ...names), 'utf8');

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestSftp(database.db, { fileBytes: 1_000_000, handles: 3 });
  maple = await server.addDistrict('maple-valley');
  oak = await server.addDistrict('oak-hill');
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});
beforeEach(async () => {
  server.uploads.length = 0;
  for (const name of await readdir(server.homes)) {
    await rm(path.join(server.homes, name), { recursive: true, force: true });
  }
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
});

describe('ssh2-sftp-client on the embedded server', () => {
  it('does all that it can do', async () => {
    const { client } = await connect(maple);
    expect(await client.cwd()).toBe('/');
    await client.put(Buffer.from('first\n'), '/roster.csv');
    expect(await client.get('/roster.csv')).toEqual(Buffer.from('first\n'));
    await client.append(Buffer.from('second\n'), '/roster.csv');
    expect(await onDisk('roster.csv')).toBe('first\nsecond\n');
    expect(await client.stat('/roster.csv')).toMatchObject({ isFile: true, size: 13 });
    expect(await client.exists('/reports')).toBe('d');
    expect(await client.exists('/nothing')).toBe(false);
    await client.mkdir('/a/b/c', true);
    await client.rename('/roster.csv', '/a/b/c/moved.csv');
    expect((await client.list('/a/b/c')).map(({ type, name }) => [type, name])).toEqual([
      ['-', 'moved.csv'],
    ]);
    await client.delete('/a/b/c/moved.csv');
    await client.rmdir('/a', true);
    expect(await readdir(home('maple-valley'))).toEqual(['reports']);
  });

  it('lists a folder of a thousand files, each once', async () => {
    await mkdir(home('maple-valley', 'many'), { recursive: true });
    const names = Array.from({ length: 1000 }, (_, nth) => `file-${String(nth).padStart(4, '0')}`);
    await Promise.all(names.map((name) => writeFile(home('maple-valley', 'many', name), '')));
    const { client } = await connect(maple);
    expect((await client.list('/many')).map(({ name }) => name)).toEqual(names);
  });

  it('does many things at once in one session', async () => {
    const { client, raw } = await connect(maple);
    await client.put(Buffer.alloc(200_000, 'x'), '/roster.csv');
    const size = (): Promise<number> =>
      new Promise((resolve, reject) =>
        raw.stat('/roster.csv', (error, stats) => (error ? reject(error) : resolve(stats.size))),
      );
    const sizes = await Promise.all(Array.from({ length: 1000 }, size));
    expect(new Set(sizes)).toEqual(new Set([200_000]));
  });
});

describe('the homes', () => {
  it('are apart: nobody reaches another one, by any spelling', async () => {
    const neighbour = await connect(oak);
    await neighbour.client.put(Buffer.from('theirs\n'), '/roster.csv');
    const { raw } = await connect(maple);
    for (const spelling of [
      '/oak-hill/roster.csv',
      '../oak-hill/roster.csv',
      '/../oak-hill/roster.csv',
      '/reports/../../oak-hill/roster.csv',
      `${server.homes}/oak-hill/roster.csv`,
      '/./..//../oak-hill/./roster.csv',
      'oak-hill\\roster.csv',
      '/\0/../oak-hill/roster.csv',
    ]) {
      expect(await outcome((done) => raw.stat(spelling, done))).toBe(NO_SUCH_FILE);
      expect(await outcome((done) => raw.open(spelling, 'r', done))).toBe(NO_SUCH_FILE);
      expect(await outcome((done) => raw.unlink(spelling, done))).toBe(NO_SUCH_FILE);
    }
    expect(await outcome((done) => raw.rename('/reports', '/../oak-hill', done))).toBe(OK);
    expect(await readdir(home('maple-valley'))).toEqual(['oak-hill']);
    expect(await readFile(home('oak-hill', 'roster.csv'), 'utf8')).toBe('theirs\n');
  });

  it('end at symbolic links, devices and pipes, which are not even listed', async () => {
    await connect(maple);
    const { raw, client } = await connect(maple);
    await client.list('/');
    await mkdir(home('oak-hill'), { recursive: true });
    await writeFile(home('oak-hill', 'roster.csv'), 'theirs\n');
    await symlink(home('oak-hill'), home('maple-valley', 'folder-link'));
    await symlink(home('oak-hill', 'roster.csv'), home('maple-valley', 'file-link'));
    await symlink('/nowhere', home('maple-valley', 'dangling'));
    await promisify(execFile)('mkfifo', [home('maple-valley', 'pipe')]);
    expect((await client.list('/')).map(({ name }) => name)).toEqual(['reports']);
    for (const name of ['/folder-link/roster.csv', '/file-link', '/dangling', '/pipe']) {
      expect(await outcome((done) => raw.stat(name, done))).toBe(PERMISSION_DENIED);
      expect(await outcome((done) => raw.open(name, 'r', done))).toBe(PERMISSION_DENIED);
      expect(await outcome((done) => raw.open(name, 'w', done))).toBe(PERMISSION_DENIED);
      expect(await outcome((done) => raw.unlink(name, done))).toBe(PERMISSION_DENIED);
      expect(await outcome((done) => raw.rename(name, '/x', done))).toBe(PERMISSION_DENIED);
    }
    expect(await outcome((done) => raw.opendir('/folder-link', done))).toBe(PERMISSION_DENIED);
    expect(await outcome((done) => raw.mkdir('/folder-link/x', done))).toBe(PERMISSION_DENIED);
    expect(await readFile(home('oak-hill', 'roster.csv'), 'utf8')).toBe('theirs\n');
  });

  it('stay themselves: a home that is a link leads nowhere', async () => {
    await mkdir(home('oak-hill'), { recursive: true });
    await symlink(home('oak-hill'), home('maple-valley'));
    const { raw } = await connect(maple);
    expect(await outcome((done) => raw.open('/roster.csv', 'w', done))).toBe(PERMISSION_DENIED);
    expect(await readdir(home('oak-hill'))).toEqual([]);
  });

  it('cannot be removed, moved or replaced by a file', async () => {
    const { raw } = await connect(maple);
    expect(await outcome((done) => raw.rmdir('/', done))).toBe(PERMISSION_DENIED);
    expect(await outcome((done) => raw.rename('/', '/x', done))).toBe(PERMISSION_DENIED);
    expect(await outcome((done) => raw.rename('/reports', '/', done))).toBe(PERMISSION_DENIED);
    expect(await outcome((done) => raw.open('/', 'w', done))).toBe(PERMISSION_DENIED);
  });

  it('are all seen by the worker, who does not tell of his own uploads', async () => {
    await connect(oak).then(({ client }) => client.put(Buffer.from('o\n'), '/roster.csv'));
    const { client, raw } = await connect(server.service);
    await client.mkdir('/maple-valley/reports', true);
    await client.put(Buffer.from('r\n'), '/maple-valley/reports/1.csv');
    expect((await client.list('/')).map(({ name }) => name)).toEqual(['maple-valley', 'oak-hill']);
    expect(await client.get('/oak-hill/roster.csv')).toEqual(Buffer.from('o\n'));
    expect(await outcome((done) => raw.stat('/.uploads', done))).toBe(NO_SUCH_FILE);
    expect(server.uploads).toEqual([{ district: 'oak-hill', name: 'roster.csv' }]);
  });
});

describe('requests that cannot be met', () => {
  it('get the status that belongs to them', async () => {
    const { client, raw } = await connect(maple);
    await client.put(Buffer.from('x'), '/file');
    expect(await outcome((done) => raw.open('/none', 'r', done))).toBe(NO_SUCH_FILE);
    expect(await outcome((done) => raw.open('/none/x', 'w', done))).toBe(NO_SUCH_FILE);
    expect(await outcome((done) => raw.open('/file/x', 'w', done))).toBe(NO_SUCH_FILE);
    expect(await outcome((done) => raw.open('/reports', 'r', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.open('/file', 'wx', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.opendir('/file', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.mkdir('/file', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.mkdir('/none/x', done))).toBe(NO_SUCH_FILE);
    expect(await outcome((done) => raw.rmdir('/file', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.unlink('/reports', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.rename('/file', '/reports', done))).toBe(FAILURE);
    expect(await outcome((done) => raw.rename('/file', '/none/x', done))).toBe(NO_SUCH_FILE);
    expect(await outcome((done) => raw.stat(`/${'n'.repeat(300)}`, done))).toBe(FAILURE);
    expect(await outcome((done) => raw.symlink('/etc', '/link', done))).toBe(8);
    expect(await outcome((done) => raw.readlink('/file', done))).toBe(8);
    expect(await outcome((done) => raw.close(Buffer.from('none'), done))).toBe(FAILURE);
    expect(await outcome((done) => raw.readdir(Buffer.alloc(4), done))).toBe(FAILURE);
  });

  it('leave the session in order: the next one is answered', async () => {
    const { client, raw } = await connect(maple);
    expect(await outcome((done) => raw.stat('/none', done))).toBe(NO_SUCH_FILE);
    await client.put(Buffer.from('still here'), '/roster.csv');
    expect(await onDisk('roster.csv')).toBe('still here');
  });

  it('stop at the number of open files', async () => {
    const { client, raw } = await connect(maple);
    await client.put(Buffer.from('x'), '/file');
    const open = (): Promise<number | string | undefined> =>
      outcome((done) => raw.open('/file', 'r', done));
    expect([await open(), await open(), await open(), await open()]).toEqual([OK, OK, OK, FAILURE]);
  });

  it('end at the size of a file, clearly, and the old file stays', async () => {
    const { client, raw } = await connect(maple);
    await client.put(Buffer.from('old\n'), '/roster.csv');
    server.uploads.length = 0;
    await expect(client.put(Buffer.alloc(1_000_001), '/roster.csv')).rejects.toThrow(
      /larger than the 1000000 bytes that are allowed here/,
    );
    expect(await outcome((done) => raw.setstat('/roster.csv', { size: 1e12 }, done))).toBe(FAILURE);
    expect(await onDisk('roster.csv')).toBe('old\n');
    expect(await readdir(path.join(server.homes, '.uploads'))).toEqual([]);
    expect(server.uploads).toEqual([]);
    await client.put(Buffer.alloc(1_000_000), '/roster.csv');
    expect(server.uploads).toHaveLength(1);
  });
});

describe('uploads', () => {
  it('are told when the file is closed, and not before', async () => {
    const { raw } = await connect(maple);
    const handle = await new Promise<Buffer>((resolve, reject) =>
      raw.open('/roster.csv', 'w', (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    const bytes = Buffer.from('whole\n');
    expect(await outcome((done) => raw.write(handle, bytes, 0, 6, 0, done))).toBe(OK);
    expect(server.uploads).toEqual([]);
    expect(await outcome((done) => raw.close(handle, done))).toBe(OK);
    expect(server.uploads).toEqual([{ district: 'maple-valley', name: 'roster.csv' }]);
  });

  it('under temporary names count when they get their final one', async () => {
    const { client } = await connect(maple);
    for (const name of ['r.csv.filepart', 'r.csv.part', 'r.TMP', '.r.swp', 'r.csv~', '.hidden']) {
      await client.put(Buffer.from('x\n'), `/${name}`);
    }
    expect(server.uploads).toEqual([]);
    await client.put(Buffer.from('yesterday\n'), '/roster.csv');
    await client.rename('/r.csv.filepart', '/roster.csv');
    await client.rename('/r.csv.part', '/r.csv.tmp');
    expect(server.uploads.map(({ name }) => name)).toEqual(['roster.csv', 'roster.csv']);
    expect(await onDisk('roster.csv')).toBe('x\n');
  });

  it('are not told of reading, touching and listing', async () => {
    const { client } = await connect(maple);
    await client.put(Buffer.from('x\n'), '/roster.csv');
    server.uploads.length = 0;
    await client.get('/roster.csv');
    await client.list('/');
    await client.chmod('/roster.csv', 0o777);
    expect(server.uploads).toEqual([]);
  });

  it('are whole or not at all: one that is cut off leaves the old file and no trace', async () => {
    const first = await connect(maple);
    await first.client.put(Buffer.from('old\n'), '/roster.csv');
    server.uploads.length = 0;
    const proxy = await startProxy({ host: '127.0.0.1', port: server.server.port });
    const { client } = await connect(maple, proxy.port);
    const held = proxy.holdUploadAfter(300_000);
    const upload = client.put(randomBytes(900_000), '/roster.csv').catch(() => 'broken');
    await held;
    const waiting = path.join(server.homes, '.uploads');
    await until('the upload waits aside', async () => (await readdir(waiting)).length === 1);
    proxy.cut();
    expect(await upload).toBe('broken');
    await until('nothing is left of it', async () => (await readdir(waiting)).length === 0);
    expect(await onDisk('roster.csv')).toBe('old\n');
    expect(server.uploads).toEqual([]);
    await proxy.stop();
  });

  it('do not disturb a reader of the old file', async () => {
    const { client, raw } = await connect(maple);
    await client.put(Buffer.from('old\n'), '/roster.csv');
    const handle = await new Promise<Buffer>((resolve, reject) =>
      raw.open('/roster.csv', 'r', (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    await client.put(Buffer.from('new, and longer\n'), '/roster.csv');
    const stats = await new Promise<Stats>((resolve, reject) =>
      raw.fstat(handle, (error, found) => (error ? reject(error) : resolve(found))),
    );
    expect(stats.size).toBe(4);
    expect(await onDisk('roster.csv')).toBe('new, and longer\n');
    expect((await stat(home('maple-valley', 'roster.csv'))).mode & 0o777).toBe(0o600);
  });
});
