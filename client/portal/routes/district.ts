import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { openLink } from '../../../store/config/links.js';
import { takeSaid } from '../flash.js';
import { districtHeaders } from '../headers.js';
import { readDistrict } from '../read-district.js';
import { keptLink } from '../session.js';
import { districtPage } from '../views/district.js';
import { messagePage, noAccess } from '../views/message.js';
import { actionRoutes } from './actions.js';
import type { PortalContext } from './context.js';
import { reportRoutes } from './reports.js';

/** `/d/:district` and its forms, for a browser that opened a link of that district. */
export function districtRoutes(portal: PortalContext): Hono {
  const app = new Hono();
  app.use('/d/:district/*', districtHeaders, onlyWithLink(portal));
  app.get('/d/:district', async (c) => {
    const district = c.req.param('district');
    const view = await readDistrict(portal, district);
    const page = districtPage({
      ...view,
      flash: takeSaid(c, district, portal.https),
      reason: null,
    });
    return c.html(page, view.now ? 200 : 503);
  });
  app.route('/', reportRoutes(portal));
  app.route('/', actionRoutes(portal));
  return app;
}

/**
 * No link, a link that ended, another district's link and a district that does not exist are
 * answered alike, so that nobody learns from this page who is a customer.
 */
const onlyWithLink = ({ db, vendor }: PortalContext) =>
  createMiddleware(async (c, next) => {
    const token = keptLink(c);
    const link = token ? await openLink(db, token) : null;
    if (link?.state === 'open' && link.district === c.req.param('district')) return next();
    return c.html(messagePage(vendor, noAccess(vendor)), 403);
  });
