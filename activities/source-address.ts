/** Where a district's file lies: on its own server, or in its folder on the vendor's. */
import path from 'node:path/posix';
import type { District } from '../store/types.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';
import type { Secrets, SourceAddress } from './ports.js';

type Server = Pick<Deps, 'ourSftp' | 'secrets'>;

/**
 * @throws SourceProblem('SFTP_SECRET') if the secret is not where its reference says,
 *   ApplicationFailure NO_SFTP_SERVER if there is no server at all
 */
export async function sourceAddress(
  { ourSftp, secrets }: Server,
  district: District,
): Promise<SourceAddress> {
  const { ownServer, fileName } = district;
  if (ownServer) {
    const { host, port, username, hostKey } = ownServer;
    const secret = await secretUnder(ownServer.secretRef, secrets);
    return {
      host,
      port,
      username,
      hostKey,
      secret,
      path: path.join('/', ownServer.path, fileName),
    };
  }
  if (!ourSftp) throw failureOf('NO_SFTP_SERVER');
  const { host, port, username, hostKey } = ourSftp;
  const secret = await secretUnder(ourSftp.secretRef, secrets);
  return {
    host,
    port,
    username,
    hostKey,
    secret,
    path: path.join('/', ourSftp.base, district.id, fileName),
  };
}

/** Whether a file shows on that server only when it is whole: ours puts it in place on CLOSE. */
export const showsWholeFiles = (
  { ourSftp }: Pick<Deps, 'ourSftp'>,
  { ownServer }: District,
): boolean => !ownServer && ourSftp?.managesAccounts === true;

/** The path that the district itself sees; without host or user, fit for a history. */
export function pathForDistrict(district: District): string {
  const { ownServer, fileName } = district;
  return path.join('/', ownServer?.path ?? '', fileName);
}

async function secretUnder(reference: string, secrets: Secrets): Promise<SourceAddress['secret']> {
  const secret = await secrets.resolve(reference);
  return secret.includes('PRIVATE KEY-----') ? { privateKey: secret } : { password: secret };
}
