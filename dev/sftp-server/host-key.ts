/** The server's own key: made on the first start, kept for good, so that clients can pin it. */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import { fingerprint } from '../../worker/adapters/host-key.js';

export interface HostKey {
  /** In OpenSSH's form. */
  readonly privateKey: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
}

/** Reads the key, or makes an ed25519 one. Throws if the file is there and holds no private key. */
export async function loadHostKey(file: string): Promise<HostKey> {
  const privateKey = (await readIfThere(file)) ?? (await make(file));
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error || !key.isPrivateKey()) {
    throw new Error(
      `${file} holds no private key that can be read. Put the old file back, or remove it to have ` +
        'a new key made; every client that has pinned the old one then has to be told.',
    );
  }
  await chmod(file, 0o600);
  return { privateKey, fingerprint: fingerprint(key.getPublicSSH()) };
}

/**
 * A new ed25519 pair in OpenSSH's form. ssh2 1.17 drops the leading zeros of a public key, so that
 * one pair in 256 cannot be read by anybody (mscdex/ssh2, issue 1513): such a one is thrown away.
 */
export function makeKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const halves = [ssh2.utils.parseKey(pair.private), ssh2.utils.parseKey(pair.public)];
    if (!halves.some((half) => half instanceof Error)) return pair;
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and of two that start at once the first one's key holds. */
async function make(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(makeKeyPair().private);
    await handle.sync();
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
  return await readFile(file, 'utf8');
}
