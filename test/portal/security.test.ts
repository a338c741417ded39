import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintLink } from '../../store/config/links.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { addDistricts, OURS, portalOn, visit, visitByLink } from './fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addDistricts(database.db);
});
afterAll(() => database?.drop());

const sent = async (headers: Record<string, string>, publicUrl?: string) => {
  const { app, calls } = portalOn(database.db, {}, publicUrl ? { publicUrl } : {});
  const guest = await visitByLink(database.db, app);
  const answer = await guest.post(`/d/${OURS}/uploaded`, {}, headers);
  return { status: answer.status, page: await answer.text(), calls };
};

describe('headers', () => {
  it.each(['/', '/sample.csv', '/nowhere', '/l/forged', `/d/${OURS}`, '/health', '/ready'])(
    'of %s let no script, frame, foreign form or referrer through',
    async (path) => {
      const { app } = portalOn(database.db);
      const { headers } = await visit(app).get(path);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("form-action 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe(
        path.startsWith('/d/') ? 'same-origin' : 'no-referrer',
      );
    },
  );

  it('keep nothing of a district’s pages, of links and of refusals', async () => {
    const { app } = portalOn(database.db);
    const guest = await visitByLink(database.db, app);
    const answers = [
      await guest.get(`/d/${OURS}`),
      await guest.post(`/d/${OURS}/password`),
      await guest.post(`/d/${OURS}/uploaded`),
      await guest.get(`/l/${await mintLink(database.db, OURS)}`),
      await visit(app).get(`/d/${OURS}`),
    ];
    for (const answer of answers) expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('ask for https for good only where the public address is https', async () => {
    const plain = await visit(portalOn(database.db).app).get('/');
    expect(plain.headers.get('strict-transport-security')).toBeNull();
    const { app } = portalOn(database.db, {}, { publicUrl: 'https://portal.example' });
    const secure = await visit(app).get('/');
    expect(secure.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
  });

  it('let the stylesheet be kept for ever, under an address that the page names', async () => {
    const { app } = portalOn(database.db);
    const page = await (await visit(app).get('/')).text();
    const path = /href="(\/assets\/portal\.[\w-]+\.css)"/.exec(page)?.[1] ?? 'none';
    const answer = await visit(app).get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/css');
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it('come with pages that hold no script and no inline style', async () => {
    const { app } = portalOn(database.db, { stage: 'awaiting-login-test' });
    const guest = await visitByLink(database.db, app);
    const page = await (await guest.get(`/d/${OURS}`)).text();
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });
});

describe('a form from elsewhere', () => {
  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['another site, as the browser says', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling site', { Origin: 'http://other.portal.example', 'Sec-Fetch-Site': 'same-site' }],
    ['nobody knows where', { Origin: 'null' }],
  ])('from %s is refused and does nothing', async (_from, headers) => {
    const { status, page, calls } = await sent(headers);
    expect(status).toBe(403);
    expect(page).toContain('Nothing was changed');
    expect(calls).toEqual([]);
  });

  it.each([
    ['by its origin', {}, undefined],
    ['by the browser’s word', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }, undefined],
    [
      'behind a proxy',
      { Origin: 'https://rollcall.vendor.example' },
      'https://rollcall.vendor.example',
    ],
  ])('is told from our own one %s', async (_how, headers, publicUrl) => {
    const { status, calls } = await sent(headers, publicUrl);
    expect(status).toBe(303);
    expect(calls).toEqual([`uploaded ${OURS} portal`]);
  });

  it('does not pass as JSON, which browsers send on other terms', async () => {
    const { status, calls } = await sent({
      Origin: 'https://evil.example',
      'Content-Type': 'application/json',
    });
    expect(status).toBe(415);
    expect(calls).toEqual([]);
  });

  it('is refused when it is larger than a form of ours can be', async () => {
    const { app, calls } = portalOn(database.db, { stage: 'awaiting-login-test' });
    const guest = await visitByLink(database.db, app);
    const answer = await guest.post(`/d/${OURS}/logins-failed`, { reason: 'x'.repeat(20_000) });
    expect(answer.status).toBe(413);
    expect(calls).toEqual([]);
  });

  it('cannot be a GET', async () => {
    const { app, calls } = portalOn(database.db);
    const guest = await visitByLink(database.db, app);
    for (const form of ['uploaded', 'logins-ok', 'logins-failed', 'password'])
      expect((await guest.get(`/d/${OURS}/${form}`)).status, form).toBe(404);
    expect(calls).toEqual([]);
  });
});

describe('the request log', () => {
  it('names routes, never a token, a district or a text', async () => {
    const { app, lines } = portalOn(database.db, { stage: 'awaiting-login-test' });
    const token = await mintLink(database.db, OURS);
    const guest = visit(app);
    await guest.get(`/l/${token}`);
    await guest.get(`/d/${OURS}`);
    await guest.post(`/d/${OURS}/logins-failed`, { reason: 'Zoe cannot get in' });
    await guest.get('/l/forged-token');
    await guest.get('/a/secret/place');
    expect(lines.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual([
      'GET /l/:token 303',
      'GET /d/:district 200',
      'POST /d/:district/logins-failed 303',
      'GET /l/:token 404',
      expect.stringMatching(/^GET \S+ 404$/),
    ]);
    const text = JSON.stringify(lines);
    for (const secret of [token, OURS, 'Zoe', 'forged', 'secret'])
      expect(text).not.toContain(secret);
  });

  it('has an error’s code and not its message', async () => {
    const leak = Object.assign(new Error('row of zoe@student.example'), { code: 'ODD' });
    const { app, lines } = portalOn(database.db, {
      verbs: { showDistrict: () => Promise.reject(leak) },
    });
    const guest = await visitByLink(database.db, app);
    const answer = await guest.get(`/d/${OURS}`);
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).toContain('This page does not work just now');
    expect(page).not.toMatch(/zoe@|at .*\.ts/);
    expect(lines.at(-1)).toMatchObject({ status: 500, error: 'ODD' });
    expect(JSON.stringify(lines)).not.toContain('zoe@');
  });
});
