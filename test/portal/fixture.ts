/** A portal on a real database, with two districts and as many links as a test wants. */
import type { Hono } from 'hono';
import { createPortal, type PortalDeps, type RequestLine } from '../../client/portal/app.js';
import { addDistrict } from '../../store/config/districts.js';
import { mintLink } from '../../store/config/links.js';
import type { Db } from '../../store/db.js';
import { DISTRICT, standIn, VENDOR, type StandIn } from './stand-in.js';

export const ORIGIN = 'http://portal.example';
export const OURS = DISTRICT.id;
export const OTHERS = 'cedar-grove';

export async function addDistricts(db: Db): Promise<void> {
  for (const id of [OURS, OTHERS]) {
    const { name, contact, seats, timeZone, nightlyAt } = DISTRICT;
    await addDistrict(db, { id, name, contact, seats, timeZone, nightlyAt });
  }
}

export interface Portal {
  readonly app: Hono;
  readonly calls: readonly string[];
  readonly lines: readonly RequestLine[];
}

export function portalOn(db: Db, given: StandIn = {}, deps: Partial<PortalDeps> = {}): Portal {
  const { verbs, calls } = standIn(given);
  const lines: RequestLine[] = [];
  const app = createPortal({
    rollcall: verbs,
    db,
    vendor: VENDOR,
    publicUrl: ORIGIN,
    ready: async () => ({ ready: true, parts: { database: 'ok', temporal: 'ok' } }),
    log: (line) => lines.push(line),
    ...deps,
  });
  return { app, calls, lines };
}

/** A browser's visit: cookies by the paths that they were set for. */
export interface Visit {
  get(path: string, method?: 'GET' | 'HEAD'): Promise<Response>;
  /** Sends a form as a page of the portal itself would; `headers` replace what a browser sends. */
  post(
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

export function visit(app: Hono, origin = ORIGIN): Visit {
  const jar = new Map<string, { value: string; path: string }>();
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const cookies = [...jar]
      .filter(([, { path: at }]) => path === at || path.startsWith(`${at}/`))
      .map(([name, { value }]) => `${name}=${value}`);
    const headers = new Headers(init.headers);
    if (cookies.length > 0) headers.set('Cookie', cookies.join('; '));
    const answer = await app.request(`${origin}${path}`, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) keep(line);
    return answer;
  };
  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/Max-Age=0\b/i.test(line)) jar.delete(name);
    else jar.set(name, { value, path: /Path=([^;]+)/i.exec(line)?.[1] ?? '/' });
  };
  return {
    get: (path, method = 'GET') => send(path, { method }),
    post: (path, fields = {}, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Origin: origin,
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

/** A visit that came in by a link of that district. */
export async function visitByLink(db: Db, app: Hono, district: string = OURS): Promise<Visit> {
  const guest = visit(app);
  await guest.get(`/l/${await mintLink(db, district)}`);
  return guest;
}
