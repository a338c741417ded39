import { ensureAccount } from '../store/config/access.js';
import { getDistrict } from '../store/config/districts.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { pathForDistrict, sourceAddress } from './source-address.js';

/**
 * Makes the district's account and folder on the vendor's server. The password is made when a
 * person asks for it (portal or `rollcall credentials`), so that none ever passes through here.
 * A server of the district's own is left as it is.
 */
export const makeSftpAccess =
  (deps: Deps): Activities['makeSftpAccess'] =>
  async ({ district: id }) => {
    const district = await getDistrict(deps.db, id);
    const path = pathForDistrict(district);
    if (district.ownServer) return { server: 'district', path };
    if (deps.ourSftp?.managesAccounts) await ensureAccount(deps.db, id);
    await deps.source.makeFolder(await sourceAddress(deps, district));
    return { server: 'vendor', path };
  };
