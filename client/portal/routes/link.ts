import { Hono } from 'hono';
import { openLink } from '../../../store/config/links.js';
import { districtPath, keepLink } from '../session.js';
import { linkEnded, linkUnknown, messagePage } from '../views/message.js';
import { notKept, type PortalContext } from './context.js';

/**
 * `GET /l/:token`: the link of a mail. Mail scanners open it too, so it changes nothing:
 * a good token becomes a cookie and a redirect, HEAD is answered as GET.
 */
export function linkRoutes({ db, vendor, https }: PortalContext): Hono {
  const app = new Hono();
  app.get('/l/:token', async (c) => {
    notKept(c);
    c.header('X-Robots-Tag', 'noindex, nofollow');
    const token = c.req.param('token');
    const link = await openLink(db, token);
    if (link.state === 'unknown') return c.html(messagePage(vendor, linkUnknown(vendor)), 404);
    if (link.state === 'expired') return c.html(messagePage(vendor, linkEnded(vendor)), 410);
    keepLink(c, { token, district: link.district, expiresAt: link.expiresAt }, https);
    return c.redirect(districtPath(link.district), 303);
  });
  return app;
}
