import { Hono } from 'hono';
import type { Vendor } from '../../../config/vendor.js';
import { SAMPLE_CSV } from '../sample-csv.js';
import { STYLESHEET, STYLESHEET_PATH } from '../style/index.js';
import { homePage } from '../views/home.js';
import { ICON, ICON_PATH } from '../views/icon.js';

/** What anybody may see: the front page, the sample file, the stylesheet and the icon. */
export function publicRoutes(vendor: Vendor, showMails: boolean): Hono {
  const app = new Hono();
  app.get('/', (c) => c.html(homePage(vendor, showMails)));
  app.get('/sample.csv', (c) =>
    c.body(SAMPLE_CSV, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="roster-sample.csv"',
      'Cache-Control': 'public, max-age=3600',
    }),
  );
  app.get(STYLESHEET_PATH, (c) =>
    c.body(STYLESHEET, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    }),
  );
  app.get(ICON_PATH, (c) =>
    c.body(ICON, 200, {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=86400',
    }),
  );
  app.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /\n'));
  return app;
}
