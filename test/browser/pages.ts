/** Pages in a real browser: a served portal, a visitor who came in by a link, and axe. */
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import axe from 'axe-core';
import type { Hono } from 'hono';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves the app on a free port of this machine. */
export async function serve(app: Hono): Promise<Served> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
] as const;
export interface Look {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

/** The same page by day or night, wide or narrow. */
export async function show(page: Page, { colorScheme, width }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
}

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained about, such as a refused style or script. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** A page of its own, with fresh cookies, at `address`. */
export async function open(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  // Without motion a colour is at once what it will be.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The status of a page that says no is said in the console too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return { page, complaints, close: () => context.close() };
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, one line each with the elements. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's policy rightly does not hinder.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({
        runOnly: { type: 'tag', values: tags },
      }),
    RULES,
  );
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join(' | ')})`,
  );
}

/** Pixels by which the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Kept only if ROLLCALL_SHOTS names a folder, for people to look at. */
export async function keepShot(page: Page, name: string, look: Look): Promise<void> {
  const folder = process.env['ROLLCALL_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name}-${look.colorScheme}-${look.width}.png`);
  await page.screenshot({ path: file, fullPage: true });
}

const OUTLINE =
  '(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`)(getComputedStyle(document.activeElement))';

/** Walks on with Tab until the focus is on `name` (a label, or a field's id), where it must show. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const met: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    const label = (await focused.innerText()).trim() || (await focused.getAttribute('id'));
    if (label !== name) {
      met.push(label ?? '?');
      continue;
    }
    const outline = await page.evaluate<string>(OUTLINE);
    if (outline !== 'solid 3px') throw new Error(`the focus does not show on ${name}: ${outline}`);
    return;
  }
  throw new Error(`Tab never came to ${name}, only to ${met.join(' | ')}`);
}
