import path from 'node:path';
import type { Context } from '../context.js';
import { down, refused, RollcallError } from '../errors.js';
import type { Access, Rollcall } from '../types.js';
import { addKey, ensureAccount, newPassword } from '../../store/config/access.js';
import type { District } from '../../store/types.js';

type Verbs = Pick<Rollcall, 'newPassword' | 'acceptKey' | 'access'>;

export function credentialVerbs(context: Context): Verbs {
  return {
    async newPassword(id) {
      const access = ourAccess(context, await context.district(id));
      await context.store((db) => ensureAccount(db, id));
      const password = await context.store((db) => newPassword(db, id));
      return { ...access, password };
    },

    async acceptKey(id, publicKey) {
      const access = ourAccess(context, await context.district(id));
      try {
        await context.store((db) => ensureAccount(db, id));
        const { fingerprint } = await context.store((db) => addKey(db, id, publicKey));
        return { ...access, password: null, fingerprint };
      } catch (error) {
        // An unreadable key is an unreadable file (exit 2), not a "no".
        if (!(error instanceof RollcallError) || error.code !== 'KEY_INVALID') throw error;
        throw new RollcallError(error.code, error.message, 2);
      }
    },

    async access(id) {
      return accessOf(context, await context.district(id));
    },
  };
}

/** Where the district uploads to; null where only the vendor's administrator can say. */
function accessOf({ deps: { sftp } }: Context, district: District): Access | null {
  if (district.ownServer) {
    const { host, port, username, path: folder, hostKey } = district.ownServer;
    return { host, port, username, path: path.posix.join('/', folder, district.fileName), hostKey };
  }
  if (!sftp?.managesAccounts) return null;
  // Each account sees its own folder as the top.
  return {
    host: sftp.host,
    port: sftp.port,
    username: district.id,
    path: `/${district.fileName}`,
    hostKey: sftp.hostKey,
  };
}

function ourAccess(context: Context, district: District): Access {
  const { sftp } = context.deps;
  if (district.ownServer) {
    throw refused(
      'OWN_SERVER',
      `${district.id} has its own SFTP server, whose accounts are its own: change the worker’s secret where \`npx rollcall district show ${district.id}\` says, or \`district set\` another server.`,
    );
  }
  if (!sftp) {
    throw down(
      'NO_SFTP_SERVER',
      'No SFTP server is set up: start the embedded one with `npx rollcall up`, or set SFTP_URL.',
    );
  }
  const access = accessOf(context, district);
  if (access) return access;
  throw refused(
    'ACCOUNTS_ELSEWHERE',
    `The accounts of ${sftp.host} are not Rollcall’s: make the account "${district.id}" there by that server’s own means.`,
  );
}
