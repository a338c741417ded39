/** The portal as it is served: over HTTP, on a real database and a real Temporal. */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPortal, type RunningPortal } from '../../client/portal/serve.js';
import type { Settings } from '../../config/settings.js';
import { checkPassword } from '../../store/config/access.js';
import { addDistrict } from '../../store/config/districts.js';
import { mintLink } from '../../store/config/links.js';
import { readNote } from '../../store/config/notes.js';
import { onboardingId } from '../../workflows/ids.js';
import type { Stage } from '../../workflows/stages.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { DISTRICT, VENDOR } from './stand-in.js';

let database: TestDatabase;
let temporal: TestTemporal;
const portals: RunningPortal[] = [];
const workflows: string[] = [];

beforeAll(async () => {
  [database, temporal] = await Promise.all([testDatabase(), testTemporal()]);
});
afterAll(async () => {
  await Promise.all(portals.map((one) => one.stop()));
  if (temporal) {
    const handles = workflows.map((id) => temporal.client.workflow.getHandle(id));
    await Promise.all(handles.map((one) => one.terminate('the test is over')));
    await temporal.close();
  }
  await database?.drop();
});

async function portal(
  change: Partial<Settings> = {},
  mailbox?: () => Promise<never[]>,
): Promise<string> {
  const settings: Settings = {
    home: '/nowhere',
    databaseUrl: database.url,
    smtpUrl: 'smtp://127.0.0.1:1',
    mailFrom: 'rollcall@vendor.example',
    mailFolder: null,
    portal: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://rollcall.vendor.example',
      isNamed: true,
    },
    archiveDir: '/nowhere',
    vendorFile: '/nowhere',
    logLevel: 'silent',
    sftp: {
      host: 'sftp.vendor.example',
      port: 2022,
      username: 'rollcall',
      secretRef: 'env:NONE',
      hostKey: 'SHA256:kq0Wm2y7oX1bV9cR5tZ3pL8sN6dF4gH2jK0mQ1wE3rY',
      base: '/',
      managesAccounts: true,
    },
    worker: { activitiesAtOnce: 10, dbPool: 20, threads: 2, threadMb: 512 },
    temporalAddress: temporal.address,
    temporalNamespace: null,
    ...change,
  };
  const running = await startPortal({
    settings,
    env: {},
    vendor: VENDOR,
    ...(mailbox ? { mailbox } : {}),
  });
  portals.push(running);
  return running.url;
}

/** A new district; with a stage, its onboarding stands there and no worker ever moves it. */
async function districtAt(stage?: Stage): Promise<string> {
  const district = `portal-${randomBytes(4).toString('hex')}`;
  const { name, contact, seats, timeZone, nightlyAt } = DISTRICT;
  await addDistrict(database.db, { id: district, name, contact, seats, timeZone, nightlyAt });
  if (stage === undefined) return district;
  const key = defineSearchAttributeKey('RollcallStage', 'KEYWORD');
  await temporal.client.workflow.start('districtOnboarding', {
    workflowId: onboardingId(district),
    taskQueue: temporal.taskQueue,
    args: [{ district }],
    typedSearchAttributes: new TypedSearchAttributes([{ key, value: stage }]),
  });
  workflows.push(onboardingId(district));
  return district;
}

/** What a browser sends after it came in by a link. */
async function cameIn(url: string, district: string) {
  const token = await mintLink(database.db, district);
  const opened = await fetch(`${url}/l/${token}`, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const headers = { Cookie: cookie, Origin: url };
  return {
    page: () => fetch(`${url}/d/${district}`, { headers }),
    post: (form: string, fields: Record<string, string> = {}) =>
      fetch(`${url}/d/${district}/${form}`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams(fields),
      }),
  };
}

interface Signalled {
  readonly signal: string;
  readonly told: { readonly by?: string; readonly reason?: string };
}
async function signalsTo(district: string): Promise<{ signals: Signalled[]; history: string }> {
  const { events = [] } = await temporal.client.workflow
    .getHandle(onboardingId(district))
    .fetchHistory();
  const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: one }) => {
    if (!one) return [];
    const data = one.input?.payloads?.[0]?.data ?? new Uint8Array();
    const told = JSON.parse(Buffer.from(data).toString('utf8')) as Signalled['told'];
    return [{ signal: one.signalName ?? '', told }];
  });
  return { signals, history: JSON.stringify(signals) };
}

describe('the served portal', () => {
  it('is ready when Postgres and Temporal answer', async () => {
    const url = await portal();
    const answer = await fetch(`${url}/ready`);
    expect(await answer.json()).toEqual({
      ready: true,
      parts: { database: 'ok', temporal: 'ok' },
    });
    expect(answer.status).toBe(200);
  });

  it('names the part that does not answer, and is alive all the same', async () => {
    const nobody = await closedPort();
    const url = await portal({
      temporalAddress: `127.0.0.1:${nobody}`,
      databaseUrl: `postgres://nobody@127.0.0.1:${nobody}/nothing`,
    });
    const answer = await fetch(`${url}/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      ready: false,
      parts: { database: 'down', temporal: 'down' },
    });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const page = await fetch(`${url}/l/${randomBytes(32).toString('base64url')}`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('This page does not work just now');
  });

  it('shows the district’s page while Temporal is away, and takes no button for granted', async () => {
    const url = await portal({ temporalAddress: `127.0.0.1:${await closedPort()}` });
    const district = await districtAt();
    const guest = await cameIn(url, district);
    const answer = await guest.page();
    expect(answer.status).toBe(503);
    const page = await answer.text();
    expect(page).toContain('We cannot show the current step just now');
    expect(page).toContain('sftp.vendor.example');
    const told = await guest.post('uploaded');
    expect(told.status).toBe(303);
    expect(told.headers.getSetCookie().join()).toContain('rollcall_said=down');
  });

  it('shows the mails that were sent on this machine alone', async () => {
    const mailbox = () => Promise.resolve([]);
    const local = 'http://127.0.0.1:8080';
    const mailsAt = async (host: string, publicUrl: string): Promise<number> => {
      const at = { host, port: 0, publicUrl, isNamed: true };
      const url = new URL(await portal({ portal: at }, mailbox));
      url.hostname = '127.0.0.1';
      return (await fetch(new URL('/dev/mails', url))).status;
    };
    expect(await mailsAt('127.0.0.1', local)).toBe(200);
    expect(await mailsAt('0.0.0.0', local)).toBe(404);
    expect(await mailsAt('127.0.0.1', 'https://rollcall.vendor.example')).toBe(404);
  });

  it('says of a taken port that it is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const taken = portal({
      portal: { host: '127.0.0.1', port, publicUrl: 'http://x.example', isNamed: true },
    });
    await expect(taken).rejects.toMatchObject({ code: 'PORT_TAKEN', exit: 3 });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the buttons, through to Temporal and the store', () => {
  it('tell of an upload', async () => {
    const district = await districtAt('awaiting-upload');
    const guest = await cameIn(await portal(), district);
    expect((await guest.post('uploaded')).status).toBe(303);
    const { signals } = await signalsTo(district);
    expect(signals).toEqual([{ signal: 'fileUploaded', told: { by: 'portal' } }]);
    expect(await (await guest.page()).text()).toContain('Please upload your roster file');
  });

  it('tell of failed logins, and keep the words out of the history', async () => {
    const district = await districtAt('awaiting-login-test');
    const guest = await cameIn(await portal(), district);
    const words = 'Zoë sees “unknown user”, teachers get in';
    expect((await guest.post('logins-failed', { reason: words })).status).toBe(303);
    expect((await guest.post('logins-ok')).status).toBe(303);
    const { signals, history } = await signalsTo(district);
    expect(signals.map(({ signal }) => signal)).toEqual(['loginTestFailed', 'loginTestCompleted']);
    const reference = signals[0]?.told.reason ?? 'none';
    expect(reference).toMatch(/^note\//);
    expect(await readNote(database.db, district, reference)).toBe(words);
    expect(history).not.toContain('Zo');
  });

  it('say that it is too early for logins that nobody was asked to try', async () => {
    const district = await districtAt('awaiting-upload');
    const guest = await cameIn(await portal(), district);
    const answer = await guest.post('logins-ok');
    expect(answer.headers.getSetCookie().join()).toContain('rollcall_said=early');
    expect((await signalsTo(district)).signals).toEqual([]);
  });

  it('make a password that signs in, in place of the one before', async () => {
    const district = await districtAt();
    const guest = await cameIn(await portal(), district);
    const shown = async (): Promise<string> => {
      const page = await (await guest.post('password')).text();
      return /<code class="secret">([^<]+)</.exec(page)?.[1] ?? 'none';
    };
    const first = await shown();
    expect(await checkPassword(database.db, district, first)).toBe(district);
    const second = await shown();
    expect(await checkPassword(database.db, district, second)).toBe(district);
    expect(await checkPassword(database.db, district, first)).toBeNull();
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
