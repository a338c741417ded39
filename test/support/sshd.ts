/** A real OpenSSH server on a free port, for root and for an ordinary user alike. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import type { SourceAddress } from '../../activities/ports.js';
import { fingerprint } from '../../worker/adapters/host-key.js';
import { makeKey, publicKeyOf } from './sftp-openssh.js';
import { until } from './wait.js';

const PLACES = [
  '/usr/sbin/sshd',
  '/usr/local/sbin/sshd',
  '/usr/bin/sshd',
  '/opt/homebrew/sbin/sshd',
];
const program = PLACES.find((file) => existsSync(file));

/** True only where there is no sshd; in CI its tests are never skipped. */
export const sshdIsMissing = program === undefined && process.env['CI'] !== 'true';

export interface TestSshd {
  readonly port: number;
  /** The folder that it shows; its paths are those of this machine. */
  readonly folder: string;
  readonly username: string;
  /** PEM of a key that it accepts. */
  readonly privateKey: string;
  /** PEM of one that it does not know. */
  readonly strangeKey: string;
  /** Fingerprints of its two host keys. */
  readonly hostKeys: { readonly ed25519: string; readonly rsa: string };
  /** The worker's way to a file in `folder`. */
  address(name: string): SourceAddress;
  stop(): Promise<void>;
}

export async function startSshd(): Promise<TestSshd> {
  if (program === undefined) throw new Error('there is no sshd: install openssh-server');
  const base = await mkdtemp(path.join(tmpdir(), 'rollcall-sshd-'));
  const folder = path.join(base, 'files');
  await mkdir(folder);
  // Where sshd as root wants to lock its unprivileged half up.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const [ed25519, rsa, user, stranger] = await Promise.all([
    makeKey(base, 'host-ed25519'),
    makeKey(base, 'host-rsa', 'rsa'),
    makeKey(base, 'user'),
    makeKey(base, 'stranger'),
  ]);
  await writeFile(path.join(base, 'authorized_keys'), `${await publicKeyOf(user)}\n`);
  const port = await freePort();
  const config = path.join(base, 'sshd_config');
  await writeFile(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${ed25519}`,
      `HostKey ${rsa}`,
      `PidFile ${path.join(base, 'sshd.pid')}`,
      `AuthorizedKeysFile ${path.join(base, 'authorized_keys')}`,
      'AuthenticationMethods publickey',
      'PermitRootLogin prohibit-password',
      // The keys lie under /tmp, which others may write to.
      'StrictModes no',
      'UsePAM no',
      'Subsystem sftp internal-sftp',
      '',
    ].join('\n'),
  );
  const process = spawn(program, ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  process.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('sshd answers on its port', async () => {
    if (process.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return await answers(port);
  });
  const { username } = userInfo();
  const privateKey = await readFile(user, 'utf8');
  const hostKeys = { ed25519: await pinOf(ed25519), rsa: await pinOf(rsa) };
  return {
    port,
    folder,
    username,
    privateKey,
    strangeKey: await readFile(stranger, 'utf8'),
    hostKeys,
    address: (name) => ({
      host: '127.0.0.1',
      port,
      username,
      secret: { privateKey },
      hostKey: hostKeys.ed25519,
      path: path.join(folder, name),
    }),
    async stop() {
      await end(process);
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function pinOf(keyFile: string): Promise<string> {
  const [, base64 = ''] = (await publicKeyOf(keyFile)).split(' ');
  return fingerprint(Buffer.from(base64, 'base64'));
}

/** sshd takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}

function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    process.once('exit', () => resolve());
    process.kill('SIGTERM');
  });
}
