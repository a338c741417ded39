/**
 * The portal's pages as people meet them. `ROLLCALL_SHOTS=/tmp/shots npx vitest run test/browser`
 * keeps a picture of each.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { down } from '../../client/errors.js';
import { mintLink } from '../../store/config/links.js';
import { STAGES, type Stage } from '../../workflows/stages.js';
import { addDistricts, OURS, portalOn } from '../portal/fixture.js';
import { DISTRICT, OWN_SERVER, type StandIn } from '../portal/stand-in.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { findChromium, openChromium } from './chromium.js';
import {
  keepShot,
  LOOKS,
  open,
  overflow,
  serve,
  show,
  tabTo,
  violations,
  type OpenPage,
  type Served,
} from './pages.js';

const program = findChromium();
/** In CI a missing browser is a failure, not a reason to skip. */
const skipped = program === null && process.env['CI'] !== 'true';

const mailbox = async () => [
  {
    to: ['office@maple-valley.example'],
    subject: 'Please upload your roster file',
    text: 'Hello,\n\nyour page: http://127.0.0.1:8080/l/dGhpcyBpcyBub3QgYSB0b2tlbg\n',
    at: '2026-11-23T22:03:00.000Z',
  },
];

describe.skipIf(skipped)('the portal in a browser', () => {
  let database: TestDatabase;
  let browser: Browser;
  const ending: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    if (program === null) throw new Error('there is no Chromium: install the package chromium');
    [database, browser] = await Promise.all([testDatabase(), openChromium(program)]);
    await addDistricts(database.db);
  });
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });
  afterAll(async () => {
    await browser?.close();
    await database?.drop();
  });

  async function served(given: StandIn, deps = {}): Promise<Served & { calls: readonly string[] }> {
    const { app, calls } = portalOn(database.db, given, deps);
    const running = await serve(app);
    ending.push(running.stop);
    return { ...running, calls };
  }
  const linkTo = async (url: string): Promise<string> =>
    `${url}/l/${await mintLink(database.db, OURS)}`;
  async function visit(...args: Parameters<typeof open>): Promise<OpenPage> {
    const opened = await open(...args);
    ending.push(opened.close);
    return opened;
  }
  async function byKeyboard(stage: Stage) {
    const portal = await served({ stage });
    const opened = await visit(browser, await linkTo(portal.url), { javaScriptEnabled: false });
    return { page: opened.page, calls: portal.calls };
  }
  /** Everything that must hold of any page, whatever it says. */
  async function inspect(name: string, address: string, act?: (page: Page) => Promise<void>) {
    const { page, complaints, close } = await visit(browser, address);
    await act?.(page);
    for (const look of LOOKS) {
      await show(page, look);
      const at = `${name}, ${look.colorScheme}, ${look.width} px`;
      expect(await violations(page), at).toEqual([]);
      expect(await overflow(page), at).toBe(0);
      await keepShot(page, name, look);
    }
    await show(page, { colorScheme: 'light', width: 320 });
    expect(await overflow(page), `${name} at 320 px`).toBe(0);
    expect(complaints, name).toEqual([]);
    await close();
  }

  it.each(['not-started', ...STAGES] as const)(
    'is readable and free of barriers at %s, by day and night, wide and narrow',
    async (stage) => {
      const { url } = await served({ stage });
      await inspect(stage, await linkTo(url));
    },
    60_000,
  );

  it('is so for a district with its own server, and while Temporal is away', async () => {
    const own = await served({ district: { ...DISTRICT, ownServer: OWN_SERVER } });
    await inspect('own-server', await linkTo(own.url));
    const away = await served({
      verbs: { status: () => Promise.reject(down('TEMPORAL_DOWN', 'away')) },
    });
    await inspect('temporal-away', await linkTo(away.url));
  }, 60_000);

  it('is so on the pages that only say something', async () => {
    const { url } = await served({}, { mailbox });
    await inspect('home', url);
    await inspect('mails', `${url}/dev/mails`);
    await inspect('forged-link', `${url}/l/forged`);
    await inspect('no-access', `${url}/d/${OURS}`);
  }, 60_000);

  it('is so after each answer to a form', async () => {
    const { url } = await served({ stage: 'awaiting-login-test' });
    await inspect('password', await linkTo(url), async (page) => {
      await page.getByRole('button', { name: 'Make a new SFTP password' }).click();
      await page.getByRole('heading', { name: 'Your new SFTP password' }).waitFor();
    });
    await inspect('reason-missing', await linkTo(url), async (page) => {
      await page.getByText('They do not work', { exact: true }).click();
      await page.getByLabel('What happens?').fill(' ');
      await page.getByRole('button', { name: 'Tell support' }).click();
      await page.getByText('Please write in a sentence').waitFor();
    });
    await inspect('logins-work', await linkTo(url), async (page) => {
      await page.getByRole('button', { name: 'The logins work' }).click();
      await page.getByRole('status').waitFor();
    });
  }, 60_000);

  describe('by keyboard alone, without JavaScript', () => {
    it('first comes a way past the header', async () => {
      const { page } = await byKeyboard('awaiting-upload');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#content');
    });

    it('an upload can be told', async () => {
      const { page, calls } = await byKeyboard('awaiting-upload');
      await tabTo(page, 'My file is uploaded');
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      expect(calls).toEqual([`uploaded ${OURS} portal`]);
    });

    it('the logins can be said to work', async () => {
      const { page, calls } = await byKeyboard('awaiting-login-test');
      await tabTo(page, 'The logins work');
      await page.keyboard.press('Space');
      await page.getByRole('status').waitFor();
      expect(calls).toEqual([`loginsOk ${OURS} portal`]);
    });

    it('the logins can be said to fail, with a reason', async () => {
      const { page, calls } = await byKeyboard('awaiting-login-test');
      await tabTo(page, 'They do not work');
      await page.keyboard.press('Enter');
      await tabTo(page, 'reason');
      await page.keyboard.type('unknown user');
      await tabTo(page, 'Tell support that they do not work');
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      expect(calls).toEqual([`loginsFailed ${OURS} portal unknown user`]);
    });

    it('a new password can be made, and the way back found', async () => {
      const { page, calls } = await byKeyboard('live');
      await tabTo(page, 'Make a new SFTP password');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your new SFTP password' }).waitFor();
      await tabTo(page, 'I have kept it, go back');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'You are live' }).waitFor();
      expect(calls).toEqual([`newPassword ${OURS}`]);
    });
  });

  it('prints without buttons, black on white even at night', async () => {
    const { url } = await served({ stage: 'awaiting-correction' });
    const { page } = await visit(browser, await linkTo(url));
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('button:visible').count()).toBe(0);
    expect(await page.locator('.findings li:visible').count()).toBeGreaterThan(2);
    const colours = await page.evaluate(
      "[getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.card')).backgroundColor]",
    );
    expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  });
});
