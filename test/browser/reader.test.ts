/** The check before the upload: the reader in a real page, under the strictest policy. */
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { bundledReader } from '../roster/bundled-reader.js';
import { fromPage, read } from '../roster/reading.js';
import { zip } from '../roster/zip-file.js';
import { findChromium, openChromium } from './chromium.js';

const program = findChromium();
/** In CI a missing browser is a failure, not a reason to skip. */
const skipped = program === null && process.env['CI'] !== 'true';

/** Nothing but the page's own script: no worker, no eval, no request. */
const POLICY = "default-src 'none'; script-src 'self'";
const SCRIPT = `
globalThis.offences = [];
addEventListener('securitypolicyviolation', (event) => {
  offences.push(event.violatedDirective + ' ' + event.blockedURI);
});
globalThis.readHere = async (base64) => {
  let rows = 0;
  const source = (async function* () {
    yield Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  })();
  const result = await roster.readRoster(source, () => { rows++; });
  const list = ([name, all]) => [
    name,
    [...all()].map((one) => (one.students ? { ...one, students: [...one.students] } : one)),
  ];
  if (result.ok) result.snapshot = [...result.snapshot()].flatMap((part) => [...part]);
  if (result.ok) result.says = Object.fromEntries(Object.entries(result.says).map(list));
  return JSON.stringify({ result, rows: result.ok ? rows : null });
};`;
interface Globals {
  /** What the page did against the policy. */
  readonly offences: string[];
  readHere(base64: string): Promise<string>;
}

async function openReader(browser: Browser): Promise<Page> {
  const body = `${await bundledReader()};${SCRIPT}`;
  const page = await browser.newPage();
  await page.route('http://reader.example/**', (route) =>
    new URL(route.request().url()).pathname === '/reader.js'
      ? route.fulfill({ contentType: 'text/javascript; charset=utf-8', body })
      : route.fulfill({
          contentType: 'text/html',
          headers: { 'content-security-policy': POLICY },
          body: '<!doctype html><title>reader</title><script src="/reader.js"></script>',
        }),
  );
  await page.goto('http://reader.example/');
  return page;
}

describe.skipIf(skipped)('the reader in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    if (program === null) throw new Error('there is no Chromium: install the package chromium');
    browser = await openChromium(program);
    page = await openReader(browser);
    // zod tries once whether it may compile its rules, and does without.
    expect(await offences()).toEqual(['script-src eval']);
  });
  afterAll(() => browser?.close());

  const offences = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as Globals).offences.splice(0));

  const content = sampleFile('mistakes');
  const name = 'roster.csv';
  const lines = Buffer.alloc(100_000_000, '\n');
  it.each([
    ['a CSV', Buffer.from(content)],
    ['a gzip', gzipSync(content)],
    ['a zip', zip({ name, content })],
    ['a zip without compression', zip({ name, content, stored: true })],
    ['a zip with a password', zip({ name, content, claims: { flags: 1 } })],
    ['a zip with a wrong checksum', zip({ name, content, claims: { crc: 7 } })],
    ['a bomb', zip({ name, content: lines })],
    ['a bomb that claims to be small', zip({ name, content: lines, claims: { size: 9 } })],
  ])('says of %s what the command says, without a worker and without eval', async (_, bytes) => {
    const { result, rows } = await read(bytes);
    const here: unknown = JSON.parse(
      JSON.stringify({ result, rows: result.ok ? rows.length : null }),
    );
    const there = await page.evaluate(
      (base64) => (globalThis as unknown as Globals).readHere(base64),
      bytes.toString('base64'),
    );
    expect(fromPage(there)).toEqual(here);
    expect(await offences()).toEqual([]);
  });
});
