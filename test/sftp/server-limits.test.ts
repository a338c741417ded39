import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import type { AuthenticationType, Client, ConnectConfig } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadHostKey, makeKeyPair } from '../../dev/sftp-server/host-key.js';
import type { SftpLimits } from '../../dev/sftp-server/limits.js';
import { testDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { startTestSftp } from '../support/sftp.js';
import type { TestSftp } from '../support/sftp.js';
import { until, within } from '../support/wait.js';

let database: TestDatabase;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function start(limits: Partial<SftpLimits>): Promise<TestSftp> {
  const server = await startTestSftp(database.db, limits);
  stops.push(() => server.stop());
  return server;
}

/** A client of ssh2; settles with `ready`, or with why not. */
async function signIn(
  server: TestSftp,
  options: ConnectConfig,
): Promise<{ client: Client; end: 'ready' | 'close' }> {
  const client = new ssh2.Client();
  client.on('error', () => undefined);
  stops.push(async () => client.destroy());
  const end = new Promise<'ready' | 'close'>((resolve) => {
    client.once('ready', () => resolve('ready')).once('close', () => resolve('close'));
  });
  client.connect({ host: '127.0.0.1', port: server.server.port, ...options });
  return { client, end: await within('signing in ends', end, 15_000) };
}

/** A bare line; `closed` settles when the server hangs up. */
function line(server: TestSftp): { socket: Socket; closed: Promise<unknown> } {
  const socket = dial({ host: '127.0.0.1', port: server.server.port });
  socket.on('error', () => undefined).resume();
  stops.push(async () => socket.destroy());
  return { socket, closed: within('the server hangs up', once(socket, 'close'), 15_000) };
}

describe('the embedded server', () => {
  it('hangs up after a few wrong passwords', async () => {
    const server = await start({ loginAttempts: 3 });
    let asked = 0;
    const { end } = await signIn(server, {
      username: 'maple-valley',
      authHandler: (_left, _partial, next) => {
        asked += 1;
        next({ type: 'password', username: 'maple-valley', password: `wrong-${asked}` });
      },
    });
    expect(end).toBe('close');
    expect(asked).toBe(3);
    expect(server.log).toContain('sftp: hung up after too many refused attempts');
    expect(server.log.join('\n')).not.toContain('wrong-');
  });

  it('offers passwords and keys, and nothing else', async () => {
    const server = await start({});
    const offered = new Set<AuthenticationType>();
    await signIn(server, {
      username: 'maple-valley',
      authHandler: (left, _partial, next) => {
        for (const method of left ?? []) offered.add(method);
        if (left) next(false as never);
        else next({ type: 'none', username: 'maple-valley' });
      },
    });
    expect([...offered].sort()).toEqual(['password', 'publickey']);
  });

  it('hangs up on those who do not sign in, and keeps those who did', async () => {
    const server = await start({ loginGrace: 1_500 });
    const { client, end } = await signIn(server, server.service);
    expect(end).toBe('ready');
    const silent = line(server);
    await silent.closed;
    const answer = await new Promise((resolve) =>
      client.sftp((error, sftp) => (error ? resolve(error) : sftp.readdir('/', resolve))),
    );
    expect(answer).toBeUndefined();
  });

  it('hangs up on those who ask for nothing any more', async () => {
    const server = await start({ idle: 300 });
    const { client, end } = await signIn(server, server.service);
    expect(end).toBe('ready');
    await within('the server hangs up', once(client, 'close'), 15_000);
  });

  it('takes so many connections and no more, until one has left', async () => {
    const server = await start({ connections: 2 });
    const first = await signIn(server, server.service);
    const second = await signIn(server, server.service);
    expect([first.end, second.end]).toEqual(['ready', 'ready']);
    await line(server).closed;
    first.client.end();
    await until('the place is free again', async () => {
      const { end } = await signIn(server, server.service);
      return end === 'ready';
    });
  });

  it('keeps places for those who sign in', async () => {
    const server = await start({ strangers: 1 });
    const stranger = line(server);
    await once(stranger.socket, 'data');
    await line(server).closed;
    expect(stranger.socket.destroyed).toBe(false);
  });

  it('survives what is not SSH, and half of what is', async () => {
    const server = await start({});
    for (const noise of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0'.repeat(100_000),
      'SSH-2.0-x\r\n\0\0\0\u0001junk',
    ]) {
      const { socket, closed } = line(server);
      socket.write(noise);
      socket.end();
      await closed;
    }
    expect((await signIn(server, server.service)).end).toBe('ready');
  });

  it('survives a malformed packet inside a session', async () => {
    const server = await start({});
    const { client } = await signIn(server, server.service);
    const closed = within('the server hangs up', once(client, 'close'), 15_000);
    client.subsys('sftp', (error, channel) => {
      if (error) throw error;
      channel.write(Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3]));
      channel.write(Buffer.from([0, 0, 0, 2, 99, 0]));
    });
    await closed;
    expect((await signIn(server, server.service)).end).toBe('ready');
  });

  it('stops in the middle of an upload and leaves nothing of it', async () => {
    const server = await start({});
    const { client } = await signIn(server, await server.addDistrict('oak-hill'));
    await new Promise<void>((resolve, reject) =>
      client.sftp((error, sftp) => {
        if (error) reject(error);
        else sftp.open('/roster.csv', 'w', (refused) => (refused ? reject(refused) : resolve()));
      }),
    );
    expect(await readdir(path.join(server.homes, '.uploads'))).toHaveLength(1);
    await server.server.stop();
    expect(await readdir(path.join(server.homes, '.uploads'))).toEqual([]);
    expect(await readdir(path.join(server.homes, 'oak-hill'))).toEqual(['reports']);
  });
});

describe('the host key', () => {
  it('is the same for all who start at once, and readable by its owner alone', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-key-'));
    const file = path.join(folder, 'new', 'host-key');
    const keys = await Promise.all([loadHostKey(file), loadHostKey(file), loadHostKey(file)]);
    expect(new Set(keys.map((key) => key.fingerprint)).size).toBe(1);
    expect(await readdir(path.dirname(file))).toEqual(['host-key']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(folder, { recursive: true });
  });

  it('can always be read again, though ssh2 spoils one pair in 256', () => {
    const unreadable = Array.from({ length: 2000 }, makeKeyPair).filter((pair) =>
      [pair.private, pair.public].some((half) => ssh2.utils.parseKey(half) instanceof Error),
    );
    expect(unreadable).toEqual([]);
  });

  it('is never replaced silently: a broken file is named', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-key-'));
    const file = path.join(folder, 'host-key');
    await writeFile(file, 'not a key\n');
    await expect(loadHostKey(file)).rejects.toThrow(
      /host-key holds no private key that can be read/,
    );
    expect(await readFile(file, 'utf8')).toBe('not a key\n');
    await rm(folder, { recursive: true });
  });
});
