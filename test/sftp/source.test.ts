import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceProblem, SourceUnreachable } from '../../activities/ports.js';
import type { ListedFile, SourceAddress } from '../../activities/ports.js';
import { createSftpSource } from '../../worker/adapters/sftp-source.js';
import { testDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { startProxy } from '../support/sftp-proxy.js';
import type { Proxy } from '../support/sftp-proxy.js';
import { startTestSftp } from '../support/sftp.js';
import type { TestSftp } from '../support/sftp.js';
import { sshdIsMissing, startSshd } from '../support/sshd.js';
import type { TestSshd } from '../support/sshd.js';

/** What both servers have in common for these tests. */
interface Place {
  /** The folder on the disk. */
  readonly folder: string;
  readonly port: number;
  address(name: string): SourceAddress;
  /** The same account with a secret that is not its own. */
  stranger(name: string): SourceAddress;
  stop(): Promise<void>;
}

const MB = 1024 * 1024;
const servers: { name: string; missing: boolean; start: () => Promise<Place> }[] = [
  { name: 'the embedded server', missing: false, start: embedded },
  { name: "OpenSSH's sshd", missing: sshdIsMissing, start: openSsh },
];

async function embedded(): Promise<Place> {
  const database: TestDatabase = await testDatabase();
  const server: TestSftp = await startTestSftp(database.db);
  const folder = path.join(server.homes, 'maple-valley');
  await mkdir(folder);
  const address = (name: string): SourceAddress => server.address(`/maple-valley/${name}`);
  return {
    folder,
    port: server.server.port,
    address,
    stranger: (name) => ({ ...address(name), secret: { password: 'someone-elses' } }),
    async stop() {
      await server.stop();
      await database.drop();
    },
  };
}

async function openSsh(): Promise<Place> {
  const sshd: TestSshd = await startSshd();
  return {
    folder: sshd.folder,
    port: sshd.port,
    address: (name) => sshd.address(name),
    stranger: (name) => ({ ...sshd.address(name), secret: { privateKey: sshd.strangeKey } }),
    stop: () => sshd.stop(),
  };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const problem = (code: string) => expect.objectContaining({ name: 'SourceProblem', code });

describe.each(servers)('the worker and $name', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    const source = createSftpSource();
    let place: Place;
    let archive: string;
    let to: string;
    const proxies: Proxy[] = [];

    beforeAll(async () => {
      place = await start();
    });
    afterAll(() => place?.stop());
    beforeEach(async () => {
      archive = await mkdtemp(path.join(tmpdir(), 'rollcall-archive-'));
      to = path.join(archive, '1.csv');
    });
    afterEach(async () => {
      for (const proxy of proxies.splice(0)) await proxy.stop();
      await rm(archive, { recursive: true, force: true });
      for (const name of await readdir(place.folder)) {
        await rm(path.join(place.folder, name), { recursive: true, force: true });
      }
    });

    const put = async (bytes: Buffer | string, name = 'roster.csv'): Promise<string> => {
      const file = path.join(place.folder, name);
      await writeFile(file, bytes);
      await utimes(file, 1_700_000_000, 1_700_000_000);
      return file;
    };
    const fetch = (
      at = place.address('roster.csv'),
      options: { onProgress?: (bytes: number) => void; signal?: AbortSignal } = {},
    ) =>
      source.fetch(at, to, {
        onProgress: options.onProgress ?? (() => undefined),
        signal: options.signal ?? new AbortController().signal,
      });
    /** The way to the roster through a relay that can be stopped and cut. */
    const viaProxy = async (): Promise<{ proxy: Proxy; at: SourceAddress }> => {
      const proxy = await startProxy({ host: '127.0.0.1', port: place.port });
      proxies.push(proxy);
      return { proxy, at: { ...place.address('roster.csv'), port: proxy.port } };
    };

    /** Stops the transfer in its middle, lets `meanwhile` happen, and lets it go on. */
    const during = async (meanwhile: (file: string) => Promise<void>): Promise<unknown> => {
      const file = await put(randomBytes(12 * MB));
      const { proxy, at } = await viaProxy();
      const held = proxy.holdAfter(3 * MB);
      const fetched = fetch(at).catch((error: unknown) => error);
      await held;
      await meanwhile(file);
      proxy.release();
      return await fetched;
    };

    it('sees a file with its size and time', async () => {
      await put('12345');
      expect(await source.stat(place.address('roster.csv'))).toEqual({
        kind: 'file',
        size: 5,
        modifiedAt: 1_700_000_000_000,
      });
    });

    it('sees nothing where nothing is, and a folder as something else', async () => {
      await mkdir(path.join(place.folder, 'folder'));
      expect(await source.stat(place.address('roster.csv'))).toBeNull();
      expect(await source.stat(place.address('no/such/roster.csv'))).toBeNull();
      await put('x', 'file');
      expect(await source.stat(place.address('file/roster.csv'))).toBeNull();
      expect(await source.stat(place.address('folder'))).toMatchObject({ kind: 'other' });
    });

    it('fetches a file whole, with its hash and its progress', async () => {
      const bytes = randomBytes(24 * MB + 17);
      await put(bytes);
      const progress: number[] = [];
      const fetched = await fetch(undefined, { onProgress: (now) => progress.push(now) });
      expect(fetched).toEqual({
        sha256: sha256(bytes),
        bytes: bytes.length,
        modifiedAt: 1_700_000_000_000,
      });
      expect((await readFile(to)).equals(bytes)).toBe(true);
      expect(await readdir(archive)).toEqual(['1.csv']);
      expect((await stat(to)).mode & 0o777).toBe(0o600);
      expect(progress.at(-1)).toBe(bytes.length);
      expect(progress.length).toBeGreaterThan(100);
      expect(progress).toEqual([...progress].sort((one, other) => one - other));
    });

    it('fetches an empty file', async () => {
      await put('');
      expect(await fetch()).toMatchObject({ bytes: 0, sha256: sha256(Buffer.alloc(0)) });
      expect(await readFile(to)).toHaveLength(0);
    });

    it('fetches again over what an earlier try left', async () => {
      await put('new\n');
      await writeFile(to, 'from an earlier try');
      await writeFile(`${to}.part`, 'half of an earlier try, and longer');
      await fetch();
      expect(await readFile(to, 'utf8')).toBe('new\n');
      expect(await readdir(archive)).toEqual(['1.csv']);
    });

    it('says that there is no file, or a folder in its place', async () => {
      await expect(fetch()).rejects.toEqual(problem('NO_FILE'));
      await mkdir(path.join(place.folder, 'roster.csv'));
      await expect(fetch()).rejects.toEqual(problem('NOT_A_FILE'));
      expect(await readdir(archive)).toEqual([]);
    });

    it('says that a path is no path', async () => {
      const long = place.address(`${'n'.repeat(300)}/roster.csv`);
      await expect(source.stat(long)).rejects.toEqual(problem('SFTP_PATH'));
      for (const wrong of ['roster.csv', '', '/a\0b']) {
        const at = { ...place.address(''), path: wrong };
        await expect(source.stat(at)).rejects.toEqual(problem('SFTP_PATH'));
        await expect(fetch(at)).rejects.toEqual(problem('SFTP_PATH'));
      }
    });

    it('is refused with a secret that is not the right one, and says no more than that', async () => {
      const at = place.stranger('roster.csv');
      const error = await source.stat(at).catch((thrown: unknown) => thrown);
      expect(error).toEqual(problem('SFTP_AUTH'));
      const { stack, cause, message } = error as Error;
      expect([message, cause]).toEqual(['SFTP_AUTH', undefined]);
      // Without the frames: the folder of a clone may well be named after the user.
      const said = stack?.split('\n').filter((line) => !/^\s+at /.test(line));
      expect(said).toEqual([expect.not.stringContaining(at.username)]);
    });

    it('sends no secret to a server with another host key', async () => {
      const other = `SHA256:${createHash('sha256').update('other').digest('base64').slice(0, 43)}`;
      const at = { ...place.address('roster.csv'), hostKey: other };
      await expect(source.stat(at)).rejects.toEqual(problem('SFTP_HOST_KEY'));
      await expect(fetch(at)).rejects.toEqual(problem('SFTP_HOST_KEY'));
      await expect(source.makeFolder(at)).rejects.toEqual(problem('SFTP_HOST_KEY'));
    });

    it('takes a pin with spaces around it and padding', async () => {
      const at = place.address('roster.csv');
      expect(await source.stat({ ...at, hostKey: ` ${at.hostKey}=\n` })).toBeNull();
    });

    it('says that a key is no key', async () => {
      const at = { ...place.address('roster.csv'), secret: { privateKey: 'not a key' } };
      await expect(source.stat(at)).rejects.toEqual(problem('SFTP_SECRET'));
    });

    it('makes a folder with its parents, once or twice', async () => {
      const at = place.address('a/b/roster.csv');
      await source.makeFolder(at);
      await source.makeFolder(at);
      await Promise.all([source.makeFolder(at), source.makeFolder(place.address('a/c/x'))]);
      expect((await readdir(path.join(place.folder, 'a'))).sort()).toEqual(['b', 'c']);
    });

    it('does not make a folder where a file is in the way', async () => {
      await put('x', 'file');
      await expect(source.makeFolder(place.address('file/roster.csv'))).rejects.toEqual(
        problem('SFTP_PATH'),
      );
    });

    describe('putting a file', () => {
      const signal = new AbortController().signal;
      const local = async (content: string | Buffer): Promise<string> => {
        const file = path.join(archive, 'report');
        await writeFile(file, content);
        return file;
      };

      it('makes its folder, and takes the place of the one before', async () => {
        const at = place.address('reports/run-1.csv');
        for (const content of ['first', 'second', '']) {
          await source.put(at, await local(content), { signal });
          const there = path.join(place.folder, 'reports');
          expect(await readdir(there)).toEqual(['run-1.csv']);
          expect(await readFile(path.join(there, 'run-1.csv'), 'utf8')).toBe(content);
        }
      });

      it('puts every byte of a large one', async () => {
        const bytes = randomBytes(3 * MB);
        await source.put(place.address('reports/run-2.csv'), await local(bytes), { signal });
        const there = await readFile(path.join(place.folder, 'reports/run-2.csv'));
        expect(sha256(there)).toBe(sha256(bytes));
      });

      it('leaves nothing where a file or a folder is in the way', async () => {
        await put('x', 'reports');
        const at = place.address('reports/run-1.csv');
        await expect(source.put(at, await local('x'), { signal })).rejects.toEqual(
          problem('SFTP_PATH'),
        );
        await rm(path.join(place.folder, 'reports'));
        await mkdir(path.join(place.folder, 'reports/run-1.csv'), { recursive: true });
        await expect(source.put(at, await local('x'), { signal })).rejects.toMatchObject({
          name: 'SourceProblem',
        });
        expect(await readdir(path.join(place.folder, 'reports'))).toEqual(['run-1.csv']);
      });

      it('stops when it is told to', async () => {
        const stopped = AbortSignal.abort(new Error('enough'));
        const at = place.address('reports/run-1.csv');
        await expect(source.put(at, await local('x'), { signal: stopped })).rejects.toThrow(
          'enough',
        );
      });
    });

    describe('removing files of a folder', () => {
      const signal = new AbortController().signal;
      const at = () => place.address('reports/run-1.csv');
      const inFolder = (name = ''): string => path.join(place.folder, 'reports', name);
      const fill = async (...names: string[]): Promise<void> => {
        await mkdir(inFolder(), { recursive: true });
        for (const name of names) await put('x', `reports/${name}`);
      };
      const left = async (): Promise<string[]> => (await readdir(inFolder())).sort();

      it('shows plain files with their times, and removes those that are named', async () => {
        await put('the roster');
        await fill('a', '.hidden', 'c');
        await mkdir(inFolder('folder'));
        await symlink('../roster.csv', inFolder('link'));
        const shown: string[] = [];
        const choose = (files: readonly ListedFile[]): string[] => {
          for (const { name, modifiedAt } of files) {
            shown.push(name);
            expect(modifiedAt).toBe(1_700_000_000_000);
          }
          return ['a', 'folder', 'link', '../roster.csv', '..', 'no-such'];
        };
        expect(await source.prune(at(), choose, { signal })).toBe(1);
        expect(shown.sort()).toEqual(['.hidden', 'a', 'c']);
        expect(await left()).toEqual(['.hidden', 'c', 'folder', 'link']);
        expect(await readdir(place.folder)).toContain('roster.csv');
        expect(await source.prune(at(), choose, { signal })).toBe(0);
      });

      it('sees all of a long list', async () => {
        const names = Array.from({ length: 300 }, (_, n) => `f${n}`);
        await fill(...names);
        const all = (files: readonly ListedFile[]) => files.map(({ name }) => name).slice(1);
        expect(await source.prune(at(), all, { signal })).toBe(299);
        expect(await left()).toHaveLength(1);
      });

      it('has nothing to do where there is no folder', async () => {
        expect(await source.prune(at(), () => ['run-1.csv'], { signal })).toBe(0);
      });

      it('goes on behind a file that is gone, and one that cannot be removed', async () => {
        await fill('a', 'b', 'c');
        const choose = (): string[] => {
          rmSync(inFolder('a'));
          rmSync(inFolder('b'));
          mkdirSync(inFolder('b'));
          return ['a', 'b', 'c'];
        };
        const error = await source
          .prune(at(), choose, { signal })
          .catch((thrown: unknown) => thrown);
        expect(error).toEqual(problem('SFTP_PATH'));
        expect(await left()).toEqual(['b']);
      });

      it('stops when it is told to', async () => {
        const stopped = AbortSignal.abort(new Error('enough'));
        const pruned = source.prune(at(), () => [], { signal: stopped });
        await expect(pruned).rejects.toThrow('enough');
      });
    });

    describe('while a file is being fetched', () => {
      it('notices that it was replaced by another one', async () => {
        const result = await during(async (file) => {
          await writeFile(`${file}.new`, randomBytes(12 * MB));
          await rename(`${file}.new`, file);
        });
        expect(result).toEqual(problem('FILE_CHANGED'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('notices that it was written over', async () => {
        const result = await during((file) => writeFile(file, randomBytes(13 * MB)));
        expect(result).toEqual(problem('FILE_CHANGED'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('notices that it shrank, instead of asking for the rest for ever', async () => {
        const result = await during((file) => truncate(file, MB));
        expect(result).toEqual(problem('FILE_CHANGED'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('notices that it was removed', async () => {
        const result = await during((file) => rm(file));
        expect(result).toEqual(problem('FILE_CHANGED'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('gives it back whole if it only paused', async () => {
        const result = await during(async () => undefined);
        expect(result).toMatchObject({ bytes: 12 * MB, sha256: sha256(await readFile(to)) });
      });

      it('leaves nothing behind when the line is cut', async () => {
        await put(randomBytes(12 * MB));
        const { proxy, at } = await viaProxy();
        const held = proxy.holdAfter(3 * MB);
        const fetched = fetch(at).catch((error: unknown) => error);
        await held;
        expect(await readdir(archive)).toEqual(['1.csv.part']);
        proxy.cut();
        expect(await fetched).toEqual(new SourceUnreachable('ECONNRESET'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('gives a dead line up, though nobody hangs up', async () => {
        await put(randomBytes(12 * MB));
        const { proxy, at } = await viaProxy();
        const held = proxy.holdAfter(3 * MB);
        const impatient = createSftpSource({ keepaliveInterval: 100, keepaliveCountMax: 2 });
        const fetched = impatient
          .fetch(at, to, { onProgress: () => undefined, signal: new AbortController().signal })
          .catch((error: unknown) => error);
        await held;
        expect(await fetched).toEqual(new SourceUnreachable('ETIMEDOUT'));
        expect(await readdir(archive)).toEqual([]);
      });

      it('stops when it is told to, with the reason that it is given', async () => {
        await put(randomBytes(12 * MB));
        const { proxy, at } = await viaProxy();
        const held = proxy.holdAfter(3 * MB);
        const stop = new AbortController();
        const fetched = fetch(at, { signal: stop.signal }).catch((error: unknown) => error);
        await held;
        const reason = new Error('cancelled by the test');
        stop.abort(reason);
        expect(await fetched).toBe(reason);
        expect(await readdir(archive)).toEqual([]);
        await expect(fetch(at, { signal: stop.signal })).rejects.toBe(reason);
      });
    });
  });
});

const at = (port: number, host = '127.0.0.1'): SourceAddress => ({
  host,
  port,
  username: 'someone',
  secret: { password: 'a-password' },
  hostKey: 'SHA256:none',
  path: '/roster.csv',
});
const listen = async (onLine: string | null): Promise<{ port: number; stop(): void }> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    if (onLine !== null) socket.end(onLine);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
};

describe('a server that is not there', () => {
  const source = createSftpSource({ readyTimeout: 300 });
  it('is unreachable, with a code alone', async () => {
    const gone = await listen(null);
    gone.stop();
    const error = await source.stat(at(gone.port)).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new SourceUnreachable('ECONNREFUSED'));
    await expect(source.stat(at(22, 'no-such-host.example'))).rejects.toThrow(
      /^the SFTP server did not answer \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  it('is unreachable when it is silent', async () => {
    const silent = await listen(null);
    await expect(source.stat(at(silent.port))).rejects.toEqual(new SourceUnreachable('ETIMEDOUT'));
    silent.stop();
  });

  it('is unreachable when it speaks something else', async () => {
    const web = await listen('HTTP/1.1 400 Bad Request\r\n\r\n');
    const error = await source.stat(at(web.port)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect((error as SourceUnreachable).code).toMatch(/^(EPROTO|ECONNRESET)$/);
    web.stop();
  });
});

describe.skipIf(sshdIsMissing)('a server with host keys of several kinds', () => {
  it('is known by any of them', async () => {
    const sshd = await startSshd();
    const source = createSftpSource();
    const at = sshd.address('roster.csv');
    await writeFile(path.join(sshd.folder, 'target.csv'), 'x\n');
    await symlink('target.csv', path.join(sshd.folder, 'roster.csv'));
    expect(await source.stat({ ...at, hostKey: sshd.hostKeys.rsa })).toMatchObject({ size: 2 });
    expect(await source.stat({ ...at, hostKey: sshd.hostKeys.ed25519 })).toMatchObject({ size: 2 });
    await expect(source.stat({ ...at, hostKey: 'SHA256:none' })).rejects.toBeInstanceOf(
      SourceProblem,
    );
    await sshd.stop();
  });
});
