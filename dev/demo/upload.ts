/** Uploads as a district would: with OpenSSH's own `sftp`, or with ssh2 where there is none. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import { fingerprint } from '../../worker/adapters/host-key.js';

export interface UploadTarget {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** OpenSSH form, `SHA256:…`. */
  readonly hostKey: string;
  /** Where the file belongs on that server. */
  readonly path: string;
}

export type Uploader = 'openssh' | 'ssh2';

/** Puts `file` at `target.path` and says which program did it. */
export async function upload(target: UploadTarget, file: string): Promise<Uploader> {
  if (await uploadWithOpenSsh(target, file)) return 'openssh';
  const client = new SftpClient('demo');
  try {
    await client.connect({
      host: target.host,
      port: target.port,
      username: target.username,
      password: target.password,
      hostVerifier: (key: Buffer) => fingerprint(key) === target.hostKey,
    });
    await client.fastPut(file, target.path);
  } finally {
    await client.end();
  }
  return 'ssh2';
}

/** Knows the one host key of the pinned fingerprint; OpenSSH (8.5 and newer) asks it for each key. */
const KNOWN_HOSTS = `#!/bin/sh
if [ "$1" = "$2" ]; then printf '%s %s %s\\n' "$3" "$4" "$5"; fi
`;

/** False if there is no `sftp` here; throws if there is one and it failed. */
async function uploadWithOpenSsh(target: UploadTarget, file: string): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-upload-'));
  try {
    const askpass = path.join(folder, 'askpass');
    await writeFile(askpass, '#!/bin/sh\nprintf "%s\\n" "$ROLLCALL_DEMO_PASSWORD"\n');
    await chmod(askpass, 0o700);
    const batch = path.join(folder, 'batch');
    await writeFile(batch, `put ${quoted(file)} ${quoted(target.path)}\n`);
    const knownHosts = path.join(folder, 'known-hosts');
    await writeFile(knownHosts, KNOWN_HOSTS);
    await chmod(knownHosts, 0o700);
    const options = [
      'BatchMode=no',
      'StrictHostKeyChecking=yes',
      'UserKnownHostsFile=none',
      'GlobalKnownHostsFile=none',
      `KnownHostsCommand="${knownHosts}" ${target.hostKey} %f %H %t %K`,
      'PreferredAuthentications=password',
      'PubkeyAuthentication=no',
      'NumberOfPasswordPrompts=1',
      'LogLevel=ERROR',
    ].flatMap((option) => ['-o', option]);
    const place = `${target.username}@${target.host}`;
    const args = ['-F', 'none', ...options, '-P', String(target.port), '-b', batch, place];
    return await run('sftp', args, {
      ...process.env,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      ROLLCALL_DEMO_PASSWORD: target.password,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(false) : reject(error),
    );
    child.on('close', (status) =>
      status === 0
        ? resolve(true)
        : reject(new Error(`sftp ended with status ${status}: ${complaint.trim()}`)),
    );
  });
}
