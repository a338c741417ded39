/** Who may come in: districts by password or key, both in Postgres, and the worker's own account. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, PublicKeyAuthContext } from 'ssh2';
import { authorizedKeys, checkPassword } from '../../store/config/access.js';
import type { Db } from '../../store/db.js';
import { isHomeName } from './confine.js';
import type { SftpLimits } from './limits.js';

/** `district` is null for the worker's own account. */
export interface Account {
  readonly district: string | null;
}

export interface Doorkeeper {
  readonly db: Db;
  readonly service?: { readonly username: string; readonly password: string };
  readonly limits: SftpLimits;
  /** Never told a user name: what strangers type there may be an address or a password. */
  readonly log: (line: string) => void;
}

/** Answers every attempt of one connection; `onAccount` is called once, just before the welcome. */
export function guard(
  client: Connection,
  keeper: Doorkeeper,
  onAccount: (account: Account) => void,
): void {
  let refused = 0;
  const judge = async (context: AuthContext): Promise<void> => {
    const account = await identify(context, keeper);
    if (account === 'key-known') return context.accept();
    if (account !== null) {
      keeper.log(`sftp: signed in by ${context.method}: ${account.district ?? 'service'}`);
      onAccount(account);
      return context.accept();
    }
    // "none" is how a client asks what there is.
    if (context.method !== 'none') refused += 1;
    if (context.method === 'password') {
      keeper.log('sftp: a password was refused');
      await delay(keeper.limits.loginDelay);
    }
    if (refused >= keeper.limits.loginAttempts) {
      keeper.log('sftp: hung up after too many refused attempts');
      client.end();
      return undefined;
    }
    return context.reject(['publickey', 'password']);
  };
  client.on('authentication', (context) => {
    judge(context).catch((error: unknown) => {
      keeper.log(`sftp: sign-in could not be checked (${codeOf(error)})`);
      context.reject();
    });
  });
}

/** The account; or that the key offered would do, so that the client may go on and sign. */
async function identify(
  context: AuthContext,
  keeper: Doorkeeper,
): Promise<Account | 'key-known' | null> {
  if (context.method === 'password') return await byPassword(context, keeper);
  if (context.method === 'publickey') return await byKey(context, keeper);
  return null;
}

async function byPassword(
  { username, password }: { username: string; password: string },
  { db, service }: Doorkeeper,
): Promise<Account | null> {
  if (service && username === service.username) {
    return same(password, service.password) ? { district: null } : null;
  }
  const district = await checkPassword(db, username, password);
  return district === null ? null : { district };
}

async function byKey(
  context: PublicKeyAuthContext,
  { db }: Doorkeeper,
): Promise<Account | 'key-known' | null> {
  const { key, signature, blob, hashAlgo, username } = context;
  // "ssh-rsa" with no newer hash is SHA-1.
  if (key.algo === 'ssh-rsa' && hashAlgo === undefined) return null;
  for (const line of await authorizedKeys(db, username)) {
    const known = ssh2.utils.parseKey(line);
    if (known instanceof Error || !known.getPublicSSH().equals(key.data)) continue;
    if (!signature || !blob) return 'key-known';
    // What ssh2 cannot verify it answers with an Error, which is as truthy as a yes.
    const verdict: unknown = known.verify(blob, signature, hashAlgo);
    return verdict === true && isHomeName(username) ? { district: username } : null;
  }
  return null;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the same time wherever the two differ. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'INTERNAL';
};
