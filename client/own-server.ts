/** A district's own SFTP server, as given by `--sftp`, `--sftp-secret` and `--sftp-host-key`. */
import { usage } from './errors.js';
import type { OwnServer } from '../store/types.js';

const bad = (message: string) => usage('BAD_SFTP', message);

/**
 * The three belong together. The secret is a reference, so that no password stands in a shell's
 * history, a process list or our database.
 */
export function readOwnServer(url: string, secretRef?: string, hostKey?: string): OwnServer {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || parsed.protocol !== 'sftp:' || parsed.hostname === '') {
    throw bad('--sftp: write sftp://user@host:port/folder.');
  }
  if (parsed.password !== '') {
    throw bad(
      '--sftp must not hold a password: put it into an environment variable or a file of the worker and name that with --sftp-secret env:NAME or file:/path.',
    );
  }
  if (parsed.username === '')
    throw bad('--sftp: the user is missing: write sftp://user@host/folder.');
  if (parsed.search !== '' || parsed.hash !== '') {
    throw bad('--sftp: write ? and # in the folder as %3F and %23.');
  }
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 22 : Number(parsed.port),
    username: decoded(parsed.username),
    path: decoded(parsed.pathname) || '/',
    secretRef: readSecretRef(secretRef),
    hostKey: readHostKey(hostKey),
  };
}

function decoded(part: string): string {
  try {
    const text = decodeURIComponent(part);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (!/[\u0000-\u001f\u007f]/.test(text)) return text;
  } catch {
    // A stray % ends here too.
  }
  throw bad('--sftp: the user or the folder cannot be read; write % as %25.');
}

function readSecretRef(reference: string | undefined): string {
  if (reference !== undefined && /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/.test(reference)) {
    return reference;
  }
  throw bad(
    '--sftp needs --sftp-secret env:NAME or file:/path: where the worker finds the password or the private key.',
  );
}

function readHostKey(hostKey: string | undefined): string {
  if (hostKey !== undefined && /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(hostKey)) {
    return hostKey.replace(/=$/, '');
  }
  throw bad(
    '--sftp needs --sftp-host-key SHA256:…, the fingerprint of the server’s key: ask its keeper, or see `ssh-keyscan HOST | ssh-keygen -lf -`.',
  );
}
