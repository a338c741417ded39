import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import type { Vendor } from '../../config/vendor.js';
import type { Db } from '../../store/db.js';
import { portalHeaders } from './headers.js';
import type { Readiness } from './readiness.js';
import { isDown, type PortalVerbs } from './read-district.js';
import { districtRoutes } from './routes/district.js';
import { healthRoutes } from './routes/health.js';
import { linkRoutes } from './routes/link.js';
import { mailRoutes } from './routes/mails.js';
import { publicRoutes } from './routes/public.js';
import type { ShownMail } from './views/mails.js';
import { broken, crossSite, messagePage, notFound, tooLarge } from './views/message.js';

/** One line of the request log: the route's pattern, as paths hold tokens. */
export interface RequestLine {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Name or code of an error that reached the top, never its message. */
  readonly error?: string;
}

export interface PortalDeps {
  readonly rollcall: PortalVerbs;
  readonly db: Db;
  readonly vendor: Vendor;
  /** Where browsers find the portal; https makes the cookies secure. */
  readonly publicUrl: string;
  readonly ready: () => Promise<Readiness>;
  /** Development only: the mails that were sent. */
  readonly mailbox?: (() => Promise<readonly ShownMail[]>) | undefined;
  readonly log?: ((line: RequestLine) => void) | undefined;
}

/** Forms hold a sentence or nothing. */
const LARGEST_BODY = 16 * 1024;

/** The portal as a Hono app; opens nothing, so a test can send it requests without a port. */
export function createPortal(deps: PortalDeps): Hono {
  const { rollcall, db, vendor, mailbox, log } = deps;
  const publicOrigin = new URL(deps.publicUrl).origin;
  const https = publicOrigin.startsWith('https:');
  const portal = { rollcall, db, vendor, https };
  const app = new Hono();

  app.use(async (c, next) => {
    const began = performance.now();
    await next();
    log?.({
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round(performance.now() - began),
      ...(c.error ? { error: nameOf(c.error) } : {}),
    });
  });
  app.use(portalHeaders(https));
  app.use(
    csrf({
      // Behind a proxy the address that we see is not the one that the browser sees.
      origin: (origin, c) => origin === publicOrigin || origin === new URL(c.req.url).origin,
    }),
  );
  app.use(
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: (c) => c.html(messagePage(vendor, tooLarge()), 413),
    }),
  );

  app.route('/', publicRoutes(vendor, mailbox !== undefined));
  app.route('/', healthRoutes(deps.ready));
  app.route('/', linkRoutes(portal));
  app.route('/', districtRoutes(portal));
  if (mailbox) app.route('/', mailRoutes(vendor, mailbox));

  app.notFound((c) => c.html(messagePage(vendor, notFound()), 404));
  app.onError((error, c) => {
    c.header('Cache-Control', 'no-store');
    if (error instanceof HTTPException && error.status === 403)
      return c.html(messagePage(vendor, crossSite()), 403);
    const status = error instanceof HTTPException ? error.status : isDown(error) ? 503 : 500;
    return c.html(messagePage(vendor, broken(vendor)), status);
  });
  return app;
}

/** A code or a class name; messages of other people's errors may quote values. */
function nameOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.name;
}
