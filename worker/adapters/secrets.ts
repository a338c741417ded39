/** Secrets are named, never stored: settings and the database hold only `env:NAME` or `file:/path`. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { SourceProblem } from '../../activities/ports.js';
import type { Secrets } from '../../activities/ports.js';

/** Larger than any private key; keeps a mistaken reference from filling the memory. */
const LARGEST = 64 * 1024;

/**
 * `resolve` answers a password, or a private key in PEM form, without the line end that editors
 * add. Throws SourceProblem('SFTP_SECRET') for any other form and if nothing is there.
 * @param env the whole environment: which variables hold secrets only the references say
 */
export function createSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  return {
    async resolve(reference) {
      const parsed = parse(reference);
      if (parsed === null) throw new SourceProblem('SFTP_SECRET');
      const value = 'name' in parsed ? env[parsed.name] : await readSecretFile(parsed.file);
      const secret = value?.replace(/\r?\n$/, '');
      if (secret === undefined || secret === '') throw new SourceProblem('SFTP_SECRET');
      return secret;
    },
  };
}

function parse(reference: string): { name: string } | { file: string } | null {
  const [, form, rest = ''] = /^(env|file):(.+)$/s.exec(reference) ?? [];
  if (form === 'env' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(rest)) return { name: rest };
  if (form === 'file' && path.isAbsolute(rest) && !rest.includes('\0')) return { file: rest };
  return null;
}

async function readSecretFile(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      return size > LARGEST ? undefined : await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch {
    // Missing, unreadable, a folder: the same advice, and the path stays out of the history.
    return undefined;
  }
}
