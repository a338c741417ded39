import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { upload } from '../../dev/demo/upload.js';
import { addKey } from '../../store/config/access.js';
import { testDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { makeKey, publicKeyOf, run, sftp, ssh } from '../support/sftp-openssh.js';
import type { Ended, SftpLogin } from '../support/sftp-openssh.js';
import { startTestSftp } from '../support/sftp.js';
import type { TestSftp } from '../support/sftp.js';

let database: TestDatabase;
let server: TestSftp;
let maple: SftpLogin;
let folder: string;

const login = async (account: { username: string; password: string }): Promise<SftpLogin> => ({
  ...account,
  host: '127.0.0.1',
  port: server.server.port,
  hostPublicKey: await publicKeyOf(server.hostKeyFile),
});
const local = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(path.join(folder, name), content);
  return path.join(folder, name);
};
const home = (...names: string[]): string => path.join(server.homes, 'maple-valley', ...names);

const sha256 = (what: Buffer): string => createHash('sha256').update(what).digest('hex');

/** What it printed, if all went well. */
function good(ended: Ended): string {
  expect(ended).toMatchObject({ status: 0 });
  return ended.stdout;
}

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestSftp(database.db);
  folder = await mkdtemp(path.join(tmpdir(), 'rollcall-client-'));
  maple = await login(await server.addDistrict('maple-valley'));
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  server.uploads.length = 0;
  await rm(home(), { recursive: true, force: true });
});

describe("OpenSSH's sftp on the embedded server", () => {
  it('uploads with a password and ends by itself', async () => {
    const file = await local('roster.csv', 'one\n');
    good(await sftp(maple, `put ${file} roster.csv`));
    expect(await readFile(home('roster.csv'), 'utf8')).toBe('one\n');
    expect(server.uploads).toEqual([{ district: 'maple-valley', name: 'roster.csv' }]);
  });

  it('is given the demo’s file only by a server with the pinned host key', async () => {
    const file = await local('roster.csv', 'one\n');
    const { host, port, hostKey } = server.server;
    const { username, password = '' } = maple;
    const target = { username, password, host, port, hostKey, path: '/roster.csv' };
    expect(await upload(target, file)).toBe('openssh');
    expect(await readFile(home('roster.csv'), 'utf8')).toBe('one\n');

    const other = { ...target, hostKey: `SHA256:${'A'.repeat(43)}`, path: '/other.csv' };
    await expect(upload(other, file)).rejects.toThrow(/Host key verification failed/);
    await expect(stat(home('other.csv'))).rejects.toThrow(/ENOENT/);
  });

  it('lists, moves, makes and removes', async () => {
    const file = await local('a.csv', 'a\n');
    const printed = good(
      await sftp(
        maple,
        'pwd',
        'mkdir sub',
        'cd sub',
        `put ${file} b.csv`,
        'rename b.csv c.csv',
        'ls -l',
        'rm c.csv',
        'cd ..',
        'rmdir sub',
        'ls -1',
      ),
    );
    expect(printed).toMatch(/Remote working directory: \/\n/);
    expect(printed).toMatch(/-rw------- .* 2 \w{3} [ \d]\d \d\d:\d\d .*c\.csv/);
    expect(printed.split('sftp> ls -1').at(-1)?.trim()).toBe('reports');
    expect(server.uploads.map(({ name }) => name)).toEqual(['sub/b.csv', 'sub/c.csv']);
  });

  it('brings 48 MB there and back unharmed', async () => {
    const bytes = randomBytes(48 * 1024 * 1024);
    const file = await local('big.csv', bytes);
    const back = path.join(folder, 'back.csv');
    good(await sftp(maple, `put ${file} roster.csv`, `get roster.csv ${back}`));
    expect(sha256(await readFile(home('roster.csv')))).toBe(sha256(bytes));
    expect(sha256(await readFile(back))).toBe(sha256(bytes));
  });

  it('keeps the time of a file with put -p, and takes a change of mode without one', async () => {
    const file = await local('old.csv', 'old\n');
    await utimes(file, 1_700_000_000, 1_700_000_000);
    good(await sftp(maple, `put -p ${file} roster.csv`, 'chmod 666 roster.csv'));
    const stats = await stat(home('roster.csv'));
    expect(stats.mtimeMs).toBe(1_700_000_000_000);
    expect(stats.mode & 0o777).toBe(0o600);
  });

  it('continues an upload with reput', async () => {
    const whole = randomBytes(300_000);
    const start = await local('start.csv', whole.subarray(0, 100_000));
    const file = await local('whole.csv', whole);
    good(await sftp(maple, `put ${start} roster.csv`, `reput ${file} roster.csv`));
    expect((await readFile(home('roster.csv'))).equals(whole)).toBe(true);
  });

  it('uploads a folder with everything in it', async () => {
    await rm(path.join(folder, 'tree'), { recursive: true, force: true });
    await mkdir(path.join(folder, 'tree', 'inner'), { recursive: true });
    await local('tree/inner/x.csv', 'x\n');
    good(await sftp(maple, `put -r ${path.join(folder, 'tree')}`));
    expect(await readFile(home('tree', 'inner', 'x.csv'), 'utf8')).toBe('x\n');
  });

  it.each([
    ['get missing.csv', /not found|No such file/i],
    ['cd missing', /No such file/i],
    ['rmdir reports2', /No such file/i],
    ['rm missing.csv', /No such file|not found/i],
    ['mkdir reports', /Failure|exists/i],
    ['rename missing.csv other.csv', /No such file/i],
    ['ln -s /etc/passwd link', /unsupported/i],
    ['ln reports hard', /support/i],
    ['get ../../../../etc/hostname', /not found|No such file/i],
    ['ls /etc', /not found|No such file/i],
    ['df', /support/i],
  ])('refuses "%s" and says so', async (line, words) => {
    const ended = await sftp(maple, line);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(words);
  });

  it('does not remove a folder that holds something', async () => {
    const file = await local('in.csv', 'in\n');
    const ended = await sftp(maple, `put ${file} reports/in.csv`, 'rmdir reports');
    expect(ended.status).toBe(1);
    expect(await readFile(home('reports', 'in.csv'), 'utf8')).toBe('in\n');
  });

  it('signs in with an accepted key, ed25519 or RSA, and with no other', async () => {
    const known = await makeKey(folder, 'known');
    const rsa = await makeKey(folder, 'rsa', 'rsa');
    const strange = await makeKey(folder, 'strange');
    await addKey(database.db, 'maple-valley', await publicKeyOf(known));
    await addKey(database.db, 'maple-valley', await publicKeyOf(rsa));
    const { password: _, ...who } = maple;
    expect(good(await sftp({ ...who, keyFile: known }, 'pwd'))).toContain('directory: /');
    expect(good(await sftp({ ...who, keyFile: rsa }, 'pwd'))).toContain('directory: /');
    expect(await sftp({ ...who, keyFile: strange }, 'pwd')).toMatchObject({ status: 255 });
    expect(await sftp({ ...who, username: 'oak-hill', keyFile: known }, 'pwd')).toMatchObject({
      status: 255,
    });
  });

  it('takes no signature with SHA-1', async () => {
    const rsa = await makeKey(folder, 'rsa-old', 'rsa');
    await addKey(database.db, 'maple-valley', await publicKeyOf(rsa));
    const { password: _, ...who } = maple;
    const old = { ...who, keyFile: rsa, options: ['PubkeyAcceptedAlgorithms=ssh-rsa'] };
    const ended = await sftp(old, 'pwd');
    expect(ended.status).toBe(255);
    expect(ended.stderr).toMatch(/Permission denied/);
    expect(good(await sftp({ ...who, keyFile: rsa }, 'pwd'))).toContain('directory: /');
  });

  it('refuses a wrong password, and a name that there is not', async () => {
    const wrong = await sftp({ ...maple, password: 'not-this-one' }, 'pwd');
    expect(wrong.status).toBe(255);
    expect(wrong.stderr).toMatch(/Permission denied/);
    expect(await sftp({ ...maple, username: 'nobody' }, 'pwd')).toMatchObject({ status: 255 });
    expect(server.log.join('\n')).not.toMatch(/not-this-one|nobody/);
  });

  it('is refused by a client that knows another host key', async () => {
    const other = await publicKeyOf(await makeKey(folder, 'other-host'));
    const ended = await sftp({ ...maple, hostPublicKey: other }, 'pwd');
    expect(ended.status).toBe(255);
    expect(ended.stderr).toMatch(/Host key verification failed/);
  });

  it.each([
    ['HostKeyAlgorithms=ssh-rsa', /no matching host key type/],
    ['MACs=hmac-sha1', /no matching MAC|no matching/],
    ['Ciphers=aes128-cbc', /no matching cipher/],
    ['KexAlgorithms=diffie-hellman-group14-sha1', /no matching key exchange/],
  ])('offers nothing outdated: %s', async (option, words) => {
    const cipher = option.startsWith('MACs') ? ['Ciphers=aes128-ctr'] : [];
    const ended = await sftp({ ...maple, options: [option, ...cipher] }, 'pwd');
    expect(ended.status).toBe(255);
    expect(ended.stderr).toMatch(words);
  });

  it('shows one host key, and that is the pinned one', async () => {
    const { stdout } = await run('ssh-keyscan', ['-p', String(server.server.port), '127.0.0.1']);
    expect(stdout.trim().split('\n')).toEqual([
      `[127.0.0.1]:${server.server.port} ${maple.hostPublicKey}`,
    ]);
  });

  it('gives no shell, runs no command and forwards no port', async () => {
    const command = await ssh(maple, 'id');
    expect(command.stdout).toBe('');
    expect(command.status).not.toBe(0);
    expect(await ssh(maple)).toMatchObject({ status: 255, stdout: '' });
    const forward = await ssh(maple, '-o', 'ExitOnForwardFailure=yes', '-N', '-R', '0:127.0.0.1:1');
    expect(forward.status).toBe(255);
    expect(await ssh(maple, '-W', '127.0.0.1:1')).toMatchObject({ status: 255, stdout: '' });
  });

  it('keeps its host key and its files over a restart', async () => {
    const file = await local('kept.csv', 'kept\n');
    good(await sftp(maple, `put ${file} roster.csv`));
    const { hostKey } = server.server;
    await server.restart();
    expect(server.server.hostKey).toBe(hostKey);
    maple = { ...maple, port: server.server.port };
    expect(good(await sftp(maple, 'ls -1'))).toContain('roster.csv');
    expect((await stat(server.hostKeyFile)).mode & 0o777).toBe(0o600);
  });
});
