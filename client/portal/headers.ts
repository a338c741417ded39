import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Headers of every answer. The pages need one stylesheet, one icon and forms to ourselves;
 * everything else is refused. `https`: the portal's public address is https.
 */
export function portalHeaders(https: boolean): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    strictTransportSecurity: https ? 'max-age=31536000' : false,
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [] },
    // What a handler set itself stays: district pages have another Referrer-Policy.
    overwrite: false,
  });
}

/**
 * Pages of a district, and answers to a link. They are kept nowhere.
 *
 * `same-origin` rather than `no-referrer`: under the latter browsers send `Origin: null` with
 * our own forms, and the check against forged posts could not tell them from others. Nothing
 * leaves this origin either way, and no address of these pages holds a token.
 */
export const districtHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'same-origin');
  c.header('X-Robots-Tag', 'noindex, nofollow');
};
