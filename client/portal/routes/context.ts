import type { Context } from 'hono';
import type { Sources } from '../read-district.js';

export interface PortalContext extends Sources {
  /** The cookies' Secure attribute: the public address is https. */
  readonly https: boolean;
}

/** A page that is kept nowhere. */
export function notKept(c: Context): void {
  c.header('Cache-Control', 'no-store');
}
