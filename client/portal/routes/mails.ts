import { Hono } from 'hono';
import type { Vendor } from '../../../config/vendor.js';
import { mailsPage, type ShownMail } from '../views/mails.js';
import { notKept } from './context.js';

/** `GET /dev/mails`: only mounted in development. */
export function mailRoutes(vendor: Vendor, mailbox: () => Promise<readonly ShownMail[]>): Hono {
  const app = new Hono();
  app.get('/dev/mails', async (c) => {
    notKept(c);
    const newestFirst = [...(await mailbox())].sort((a, b) => b.at.localeCompare(a.at));
    return c.html(mailsPage(vendor, newestFirst));
  });
  return app;
}
