import type { Context } from '../context.js';
import { down } from '../errors.js';
import type { Rollcall } from '../types.js';
import { mintLink, openLink, revokeLinks } from '../../store/config/links.js';

export function linkVerbs(context: Context): Pick<Rollcall, 'newLink' | 'revokeLinks'> {
  return {
    async newLink(id) {
      const { portalUrl } = context.deps;
      await context.district(id);
      if (portalUrl === null) throw noAddress();
      const token = await context.store((db) => mintLink(db, id));
      const link = await context.store((db) => openLink(db, token));
      return {
        district: id,
        url: `${portalUrl}/l/${token}`,
        expiresAt: link.state === 'open' ? link.expiresAt : null,
      };
    },

    async revokeLinks(id) {
      await context.district(id);
      return { district: id, revoked: await context.store((db) => revokeLinks(db, id)) };
    },
  };
}

const noAddress = () =>
  down(
    'NO_PORTAL_URL',
    'Nobody has said where districts see the portal: set PORTAL_URL, or start ours with `npx rollcall up`.',
  );
