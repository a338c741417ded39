/** The worker's side against servers that keep to the letter of SSH and break everything else. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import type { AuthContext, SFTPWrapper, ServerChannel } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { SourceUnreachable } from '../../activities/ports.js';
import type { ListedFile, SourceAddress } from '../../activities/ports.js';
import { makeKeyPair } from '../../dev/sftp-server/host-key.js';
import { fingerprint } from '../../worker/adapters/host-key.js';
import { createSftpSource } from '../../worker/adapters/sftp-source.js';

const { Server, utils } = ssh2;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

interface Strange {
  /** Default: everybody may come in. */
  readonly judge?: (context: AuthContext) => void;
  /** Talks SFTP, or what it takes for it. Without it there is no SFTP. */
  readonly talk?: (channel: ServerChannel) => void;
  /** The same with ssh2's own half of SFTP. */
  readonly serve?: (sftp: SFTPWrapper) => void;
}

async function startStrange({ judge, talk, serve }: Strange): Promise<SourceAddress> {
  const key = makeKeyPair().private;
  const server = new Server({ hostKeys: [key] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', judge ?? ((context) => context.accept()));
    client.on('session', (accept) => {
      const session = accept();
      if (talk) session.on('subsystem', (yes) => talk(yes()));
      if (serve) session.on('sftp', (yes) => serve(yes()));
    });
    stops.push(() => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  const parsed = utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    username: 'someone',
    secret: { password: 'a-password' },
    hostKey: fingerprint(parsed.getPublicSSH()),
    path: '/roster.csv',
  };
}

const VERSION = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);
/** Answers the greeting as it should, and the first request with `answer`. */
const greetThen =
  (answer: (channel: ServerChannel) => void) =>
  (channel: ServerChannel): void => {
    channel.on('error', () => undefined);
    channel.once('data', () => {
      channel.write(VERSION);
      channel.once('data', () => answer(channel));
    });
  };
const source = createSftpSource({ readyTimeout: 5_000 });

describe('the worker gives up, and lives on, when a server', () => {
  it('sends a packet of no known kind', async () => {
    const at = await startStrange({
      talk: greetThen((channel) => channel.write(Buffer.from([0, 0, 0, 2, 99, 0]))),
    });
    await expect(source.stat(at)).rejects.toEqual(new SourceUnreachable('ECONNRESET'));
  });

  it('announces a packet of four gigabytes', async () => {
    const at = await startStrange({
      talk: greetThen((channel) => channel.write(Buffer.from([255, 255, 255, 255, 105]))),
    });
    await expect(source.stat(at)).rejects.toEqual(new SourceUnreachable('ECONNRESET'));
  });

  it('closes the session and keeps the line', async () => {
    const at = await startStrange({ talk: greetThen((channel) => channel.close()) });
    await expect(source.stat(at)).rejects.toEqual(new SourceUnreachable('ECONNRESET'));
  });

  it('closes the session in the middle of a transfer and keeps the line', async () => {
    const attributes = { mode: 0o100600, uid: 0, gid: 0, size: 10, atime: 1, mtime: 1 };
    const at = await startStrange({
      serve: (sftp) =>
        sftp
          .on('STAT', (id) => sftp.attrs(id, attributes))
          .on('OPEN', (id) => sftp.handle(id, Buffer.from('h')))
          .on('FSTAT', () => sftp.end()),
    });
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-strange-'));
    const fetched = source.fetch(at, path.join(folder, '1.csv'), {
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    await expect(fetched).rejects.toEqual(new SourceUnreachable('ECONNRESET'));
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('says neither kind nor time of its files: it goes by their names', async () => {
    const files = ['run-1.csv', 'run-2.csv', '../run-3.csv'];
    const removed: string[] = [];
    let page: string[] | null = files;
    const at = await startStrange({
      serve: (sftp) =>
        sftp
          .on('OPENDIR', (id) => sftp.handle(id, Buffer.from('h')))
          .on('READDIR', (id) => {
            if (page === null) sftp.status(id, 1);
            else
              sftp.name(
                id,
                page.map((filename) => ({ filename, longname: '', attrs: {} as never })),
              );
            page = null;
          })
          .on('CLOSE', (id) => sftp.status(id, 0))
          .on('REMOVE', (id, name) => {
            removed.push(name);
            sftp.status(id, 0);
          }),
    });
    const { signal } = new AbortController();
    const choose = (shown: readonly ListedFile[]) => {
      expect(shown).toEqual(['run-1.csv', 'run-2.csv'].map((name) => ({ name, modifiedAt: null })));
      return files;
    };
    expect(await source.prune(at, choose, { signal })).toBe(2);
    expect(removed).toEqual(['/run-1.csv', '/run-2.csv']);
  });

  it('lists its files without end', async () => {
    const name = { filename: 'run-1.csv', longname: '', attrs: {} as never };
    const at = await startStrange({
      serve: (sftp) =>
        sftp
          .on('OPENDIR', (id) => sftp.handle(id, Buffer.from('h')))
          .on('READDIR', (id) =>
            sftp.name(
              id,
              Array.from({ length: 500 }, () => name),
            ),
          )
          .on('CLOSE', (id) => sftp.status(id, 0)),
    });
    const { signal } = new AbortController();
    let shown = 0;
    const choose = (files: readonly ListedFile[]) => {
      shown = files.length;
      return [];
    };
    expect(await source.prune(at, choose, { signal })).toBe(0);
    expect(shown).toBe(10_000);
  });

  it('has no SFTP', async () => {
    const at = await startStrange({});
    await expect(source.stat(at)).rejects.toBeInstanceOf(SourceUnreachable);
  });
});

const asking = (right: string, questions: number) => (context: AuthContext) => {
  if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
  else {
    const prompts = Array.from({ length: questions }, () => ({
      prompt: 'Password: ',
      echo: false,
    }));
    context.prompt(prompts, (answers) => {
      if (answers[0] === right) context.accept();
      else context.reject(['keyboard-interactive']);
    });
  }
};

describe('a server that asks instead of taking a password', () => {
  /** Status 2: no such file. */
  const noFile = greetThen((channel) =>
    channel.write(Buffer.from([0, 0, 0, 17, 101, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])),
  );

  it('gets it as the answer', async () => {
    const at = await startStrange({ judge: asking('a-password', 1), talk: noFile });
    expect(await source.stat(at)).toBeNull();
  });

  it('may refuse it', async () => {
    const at = await startStrange({ judge: asking('another-one', 1), talk: noFile });
    await expect(source.stat(at)).rejects.toMatchObject({ code: 'SFTP_AUTH' });
  });
});
