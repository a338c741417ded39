import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintLink, revokeLinks } from '../../store/config/links.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { dump } from './dump.js';
import { addDistricts, ORIGIN, OTHERS, OURS, portalOn, visit, visitByLink } from './fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addDistricts(database.db);
});
afterAll(() => database?.drop());

const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0] ?? '';

/** Sends the cookie by hand, as a browser would not: to any path. */
const ask = async (district: string, cookie?: string): Promise<Response> =>
  portalOn(database.db).app.request(`${ORIGIN}/d/${encodeURIComponent(district)}`, {
    headers: cookie ? { Cookie: cookie } : {},
  });

describe('the link of a mail', () => {
  it('opens the page of its district', async () => {
    const { app } = portalOn(database.db);
    const guest = visit(app);
    const answer = await guest.get(`/l/${await mintLink(database.db, OURS)}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`/d/${OURS}`);
    const page = await guest.get(`/d/${OURS}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Maple Valley Unified School District');
  });

  it('becomes a cookie for that district’s pages alone, no longer than the link itself', async () => {
    const { app } = portalOn(database.db);
    const hour = 3_600_000;
    const answer = await visit(app).get(`/l/${await mintLink(database.db, OURS, hour)}`);
    const cookie = cookieOf(answer);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(new RegExp(`; Path=/d/${OURS}(;|$)`));
    expect(cookie).not.toMatch(/; Secure/);
    const seconds = Number(/Max-Age=(\d+)/.exec(cookie)?.[1]);
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  it('gives a Secure cookie when the public address is https', async () => {
    const { app } = portalOn(database.db, {}, { publicUrl: 'https://portal.example' });
    const answer = await visit(app).get(`/l/${await mintLink(database.db, OURS)}`);
    expect(cookieOf(answer)).toMatch(/; Secure/);
  });

  it.each(['GET', 'HEAD'] as const)('changes nothing in the database on %s', async (method) => {
    const { app, calls } = portalOn(database.db);
    const tokens = [
      await mintLink(database.db, OURS),
      await mintLink(database.db, OURS, 0),
      randomBytes(32).toString('base64url'),
      'short',
    ];
    const before = await dump(database.db);
    const guest = visit(app);
    for (const token of tokens) await guest.get(`/l/${token}`, method);
    await guest.get(`/l/${tokens[0]}`, method);
    await guest.get(`/d/${OURS}`, method);
    expect(await dump(database.db)).toEqual(before);
    expect(Object.keys(before).length).toBeGreaterThan(5);
    expect(calls).toEqual([]);
  });

  it('answers HEAD as it answers GET, without a body', async () => {
    const { app } = portalOn(database.db);
    const token = await mintLink(database.db, OURS);
    const answer = await visit(app).get(`/l/${token}`, 'HEAD');
    expect(answer.status).toBe(303);
    expect(await answer.text()).toBe('');
  });

  it.each([
    ['a forged', () => randomBytes(32).toString('base64url')],
    ['a cut off', () => 'AAAA'],
    ['a hostile', () => encodeURIComponent('<script>alert(1)</script>')],
    ['a broken', () => '%E0%A4%A'],
  ])('says to %s one that it is not known, and what to do', async (_what, token) => {
    const { app } = portalOn(database.db);
    const answer = await visit(app).get(`/l/${token()}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const page = await answer.text();
    expect(page).toContain('We do not know this link');
    expect(page).toContain('newest mail');
    expect(page).toContain('mailto:support@vendor.example');
    expect(page).not.toContain('<script');
  });

  it('says to an expired one that it has ended', async () => {
    const { app } = portalOn(database.db);
    const answer = await visit(app).get(`/l/${await mintLink(database.db, OURS, 0)}`);
    expect(answer.status).toBe(410);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).toContain('This link has ended');
  });

  it('says to a revoked one that it has ended, and shuts what was open with it', async () => {
    const { app } = portalOn(database.db);
    const token = await mintLink(database.db, OTHERS);
    const guest = visit(app);
    await guest.get(`/l/${token}`);
    expect((await guest.get(`/d/${OTHERS}`)).status).toBe(200);
    await revokeLinks(database.db, OTHERS);
    expect((await guest.get(`/l/${token}`)).status).toBe(410);
    expect((await guest.get(`/d/${OTHERS}`)).status).toBe(403);
  });
});

describe('a district’s page without a link of its own', () => {
  it('is refused alike without a link, with another’s, and where there is no district', async () => {
    const others = `rollcall_link=${await mintLink(database.db, OTHERS)}`;
    const forged = `rollcall_link=${randomBytes(32).toString('base64url')}`;
    const answers = [
      await ask(OURS),
      await ask(OURS, others),
      await ask(OURS, forged),
      await ask('nowhere'),
      await ask('nowhere', others),
      await ask(OURS.slice(0, 5), others),
    ];
    const pages = await Promise.all(answers.map((one) => one.text()));
    expect(answers.map((one) => one.status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('Please open your link first');
    expect(pages[0]).not.toContain('Maple');
  });

  it('takes no form either', async () => {
    const { app, calls } = portalOn(database.db);
    const ours = await visitByLink(database.db, app, OTHERS);
    for (const form of ['uploaded', 'logins-ok', 'logins-failed', 'password']) {
      const answer = await ours.post(`/d/${OURS}/${form}`, { reason: 'x' });
      expect(answer.status, form).toBe(403);
    }
    expect(calls).toEqual([]);
  });
});
