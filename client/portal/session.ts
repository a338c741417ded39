/**
 * The link of a mail, swapped for a cookie. The cookie holds the same token: revoking a link
 * or its expiry ends what was opened with it, and opening a link writes nothing anywhere.
 */
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export const LINK_COOKIE = 'rollcall_link';

export const districtPath = (district: string): string => `/d/${encodeURIComponent(district)}`;

/** All findings of a run, as CSV. */
export const reportPath = (district: string, run: number): string =>
  `${districtPath(district)}/reports/run-${run}.csv`;

/** Only the district's own pages get the cookie to see. */
export function keepLink(
  c: Context,
  link: { token: string; district: string; expiresAt: string },
  secure: boolean,
): void {
  const seconds = Math.floor((Date.parse(link.expiresAt) - Date.now()) / 1000);
  setCookie(c, LINK_COOKIE, link.token, {
    path: districtPath(link.district),
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    maxAge: Math.max(1, seconds),
  });
}

export const keptLink = (c: Context): string | undefined => getCookie(c, LINK_COOKIE);
