/** OpenSSH's own `sftp` program, as a district would use it. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SftpLogin {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** The server's public key, `ssh-ed25519 …`; any other one makes the program refuse. */
  readonly hostPublicKey: string;
  readonly password?: string;
  /** A private key. */
  readonly keyFile?: string;
  /** More of ssh's options, `Name=value`. */
  readonly options?: readonly string[];
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the lines in batch mode: the first one that fails ends it, unless it begins with `-`. */
export function sftp(login: SftpLogin, ...lines: string[]): Promise<Ended> {
  return withOptions(login, async (options, env, folder) => {
    const batch = path.join(folder, 'batch');
    await writeFile(batch, lines.map((line) => `${line}\n`).join(''));
    const place = `${login.username}@${login.host}`;
    return await run('sftp', [...options, '-P', String(login.port), '-b', batch, place], env);
  });
}

/** Asks for more than files: a shell without `command`. */
export function ssh(login: SftpLogin, ...args: string[]): Promise<Ended> {
  return withOptions(login, (options, env) => {
    const place = `${login.username}@${login.host}`;
    return run('ssh', [...options, '-p', String(login.port), place, ...args], env);
  });
}

async function withOptions(
  login: SftpLogin,
  use: (options: string[], env: NodeJS.ProcessEnv, folder: string) => Promise<Ended>,
): Promise<Ended> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-openssh-'));
  try {
    const askpass = path.join(folder, 'askpass');
    await writeFile(askpass, '#!/bin/sh\nprintf "%s\\n" "$TEST_PASSWORD"\n');
    await chmod(askpass, 0o700);
    const known = path.join(folder, 'known_hosts');
    await writeFile(known, `[${login.host}]:${login.port} ${login.hostPublicKey}\n`);
    const options = [
      // Before -b, which would switch the asking for a password off.
      'BatchMode=no',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${known}`,
      'GlobalKnownHostsFile=none',
      'IdentitiesOnly=yes',
      'NumberOfPasswordPrompts=1',
      login.keyFile ? 'PreferredAuthentications=publickey' : 'PreferredAuthentications=password',
      ...(login.keyFile ? [`IdentityFile=${login.keyFile}`] : []),
      ...(login.options ?? []),
    ].flatMap((option) => ['-o', option]);
    const env = {
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: ':0',
      SSH_AUTH_SOCK: '',
      TEST_PASSWORD: login.password ?? '',
    };
    return await use(['-F', 'none', ...options], env, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** The public half of a private key file, without its comment. */
export async function publicKeyOf(keyFile: string): Promise<string> {
  const { stdout } = await run('ssh-keygen', ['-y', '-f', keyFile]);
  return stdout.trim().split(' ').slice(0, 2).join(' ');
}

/** Makes `<folder>/<name>` and `.pub`. @returns the path of the private key */
export async function makeKey(folder: string, name: string, type = 'ed25519'): Promise<string> {
  const file = path.join(folder, name);
  const made = await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
  if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`);
  return file;
}
