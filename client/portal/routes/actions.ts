import { Hono, type Context } from 'hono';
import { RollcallError } from '../../errors.js';
import { flashFor, say, type FlashCode } from '../flash.js';
import { isDown, readDistrict } from '../read-district.js';
import { districtPath } from '../session.js';
import { inTurn } from '../in-turn.js';
import { districtPage } from '../views/district.js';
import { LONGEST_REASON } from '../views/logins.js';
import { messagePage, notForm } from '../views/message.js';
import { passwordPage } from '../views/password.js';
import type { PortalContext } from './context.js';

const BY = { by: 'portal' } as const;

/**
 * The forms of the district's page. Each is a fact told to the process, so sending it twice
 * is as good as once; all but the password answer with a redirect back to the page.
 */
export function actionRoutes(portal: PortalContext): Hono {
  const { rollcall, vendor, https } = portal;
  const app = new Hono();

  app.post('/d/:district/:form', async (c, next) => {
    if (isForm(c)) return next();
    return c.html(messagePage(vendor, notForm()), 415);
  });

  /** Does it, then goes back to the page, which says how it went. */
  const told = async (
    c: Context,
    district: string,
    done: FlashCode,
    act: () => Promise<unknown>,
  ) => {
    const code = await outcome(act, done);
    say(c, district, code, https);
    return c.redirect(districtPath(district), 303);
  };

  app.post('/d/:district/uploaded', (c) => {
    const district = c.req.param('district');
    return told(c, district, 'uploaded', () => rollcall.uploaded(district, BY));
  });

  app.post('/d/:district/logins-ok', (c) => {
    const district = c.req.param('district');
    return told(c, district, 'logins-ok', () => rollcall.loginsOk(district, BY));
  });

  app.post('/d/:district/logins-failed', async (c) => {
    const district = c.req.param('district');
    const text = textField((await c.req.parseBody())['reason']);
    const error = complaint(text);
    if (error) {
      const view = await readDistrict(portal, district);
      const page = districtPage({ ...view, flash: null, reason: { text, error } });
      return c.html(page, 422);
    }
    return told(c, district, 'logins-failed', () =>
      rollcall.loginsFailed(district, { ...BY, reason: text }),
    );
  });

  app.post('/d/:district/password', async (c) => {
    const district = c.req.param('district');
    try {
      // One after the other, so that the password shown last is the one that counts.
      const made = await inTurn(district, () => rollcall.newPassword(district));
      return c.html(passwordPage(vendor, district, made));
    } catch (error) {
      return told(c, district, 'failed', () => Promise.reject(error));
    }
  });
  return app;
}

/** What to say of it; what is neither refused nor down is a fault of ours and goes on. */
async function outcome(act: () => Promise<unknown>, done: FlashCode): Promise<FlashCode> {
  try {
    await act();
    return done;
  } catch (error) {
    if (error instanceof RollcallError) return flashFor(error);
    if (isDown(error)) return 'down';
    throw error;
  }
}

const isForm = (c: Context): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(
    c.req.header('content-type') ?? '',
  );

const textField = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function complaint(text: string): string | null {
  if (text === '') return 'Please write in a sentence what happens, so that support can help.';
  if (text.length > LONGEST_REASON) return `Please keep it to ${LONGEST_REASON} characters.`;
  return null;
}
