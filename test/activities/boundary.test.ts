import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, CancelledFailure } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Deps } from '../../activities/index.js';
import { MailRefused } from '../../activities/ports.js';
import { startProxy } from '../support/sftp-proxy.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { until, within } from '../support/wait.js';
import { csv, pupils, startBench, type Bench } from './bench.js';
import type { oneActivity, OneActivity } from './one-activity.js';

const NAME = 'Nib Thistlewood';
const ADDRESS = 'nib.thistlewood@pupils.district.example';
const PASSWORD = 'correct-horse-battery';
const PLANTED = [NAME, 'Thistlewood', ADDRESS, 'nib.thistlewood', PASSWORD];

let bench: Bench;
let temporal: TestTemporal;
let workflowBundle: { code: string };
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bench = await startBench();
  temporal = await testTemporal();
  const workflowsPath = fileURLToPath(new URL('one-activity.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
});
afterAll(async () => {
  await temporal.close();
  await bench.close();
});

function worker(changed: Partial<Deps> = {}): Promise<Worker> {
  const { nativeConnection: connection, namespace, taskQueue } = temporal;
  const activities = createActivities({ ...bench.deps, ...changed });
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle,
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
  });
}

const start = (call: OneActivity) =>
  temporal.client.workflow.start<typeof oneActivity>('oneActivity', {
    workflowId: `one/${randomUUID()}`,
    taskQueue: temporal.taskQueue,
    args: [call],
  });
type Handle = Awaited<ReturnType<typeof start>>;

/** All that the server keeps: every text, and every payload as the text that it holds. */
async function kept(handle: Handle): Promise<string> {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('utf8'));
    else if (value && typeof value === 'object') Object.values(value).forEach(collect);
  };
  const { raw } = await handle.describe();
  collect(await handle.fetchHistory());
  collect(raw);
  return texts.join('\n');
}

/** Runs the activity on a real worker until it is given up. */
async function failing(call: OneActivity, changed: Partial<Deps>) {
  const handle = await start(call);
  const error: unknown = await (
    await worker(changed)
  ).runUntil(handle.result().catch((thrown: unknown) => thrown));
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ActivityFailure)) {
    throw new Error('the activity did not fail', { cause: error });
  }
  return { failure: error.cause.cause as ApplicationFailure, text: await kept(handle) };
}

const throwing = (thrown: unknown) => (): Promise<never> => Promise.reject(thrown);

describe('what crosses from a worker into a history', () => {
  const nasty = Object.assign(new Error(`${NAME} <${ADDRESS}> ${PASSWORD}`), {
    code: 'EENVELOPE',
    response: `550 ${ADDRESS}`,
    detail: `Key (email)=(${ADDRESS})`,
    cause: new Error(PASSWORD),
  });

  it.each<[string, Omit<OneActivity, 'attempts'>, () => Partial<Deps>, string]>([
    [
      'a mail library that quotes the address',
      { name: 'sendMail', input: { district: 'boundary', template: 'live', key: 'nasty' } },
      () => ({ mailer: { send: throwing(nasty) } }),
      'EENVELOPE',
    ],
    [
      'an SFTP library that quotes a name',
      { name: 'lookForUpload', input: { district: 'boundary' } },
      () => ({ source: { ...bench.deps.source, stat: throwing(new TypeError(NAME)) } }),
      'INTERNAL_TypeError',
    ],
    [
      'a thrown text',
      { name: 'lookForUpload', input: { district: 'boundary' } },
      () => ({ secrets: { resolve: throwing(`the password is ${PASSWORD}`) } }),
      'INTERNAL',
    ],
  ])('%s leaves a code and our own words', async (_what, call, changed, type) => {
    await known();
    const { failure, text } = await failing({ ...call, attempts: 2 }, changed());
    expect(failure).toMatchObject({ type, nonRetryable: false });
    expect(text).toContain(failure.message);
    expect(PLANTED.filter((one) => text.includes(one))).toEqual([]);
  });

  it('a value that Postgres refuses leaves its SQLSTATE', async () => {
    await known();
    const opened = await bench.run('openRun', {
      district: 'boundary',
      workflowId: 'w',
      occasion: 'o',
    });
    // Postgres quotes the whole row that breaks a rule, and the driver passes it on.
    await bench.db.raw(
      `alter table rollcall.runs add constraint no_refusal check (error_code is distinct from 'PLANTED_CODE')`,
    );
    const { failure, text } = await failing(
      {
        name: 'writeReport',
        input: {
          district: 'boundary',
          run: opened.run,
          outcome: 'failed',
          errorCode: 'PLANTED_CODE',
        },
        attempts: 5,
      },
      {},
    );
    expect(failure).toMatchObject({ type: 'DB_ERROR', nonRetryable: true });
    expect(failure.message).toContain('23514');
    expect(failure.message).not.toContain('PLANTED_CODE');
    expect(text).not.toContain('Failing row');
  });

  it('a refused mail is a value', async () => {
    await known();
    const handle = await start({
      name: 'sendMail',
      input: { district: 'boundary', template: 'live', key: 'refused' },
      attempts: 1,
    });
    const refusing = await worker({ mailer: { send: throwing(new MailRefused(550)) } });
    expect(await refusing.runUntil(handle.result())).toEqual({ sent: false });
  });
});

describe('an activity on a real worker', () => {
  it('hears of a cancellation half-way, and is then cancelled and not broken', async () => {
    const { ref, held, proxy, deps } = await heldFetch('cancel-me');
    const handle = await start({ name: 'fetchRoster', input: ref, attempts: 1 });
    const error: unknown = await (
      await worker(deps)
    ).runUntil(async () => {
      await within('the transfer is under way', held, 20_000);
      await handle.cancel();
      return handle.result().catch((thrown: unknown) => thrown);
    });
    await proxy.stop();
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    const history = await handle.fetchHistory();
    const types = history.events?.map((event) => event.activityTaskCanceledEventAttributes);
    expect(types?.filter(Boolean)).toHaveLength(1);
  });

  it('that was going on when its worker stopped is done by the next worker', async () => {
    const { ref, held, proxy, deps, text } = await heldFetch('stop-me');
    const handle = await start({ name: 'fetchRoster', input: ref, attempts: 10 });
    const first = await worker(deps);
    const stopped = first.run();
    await within('the transfer is under way', held, 20_000);
    first.shutdown();
    await within('the worker has stopped', stopped, 20_000);
    await proxy.stop();

    const result = await (await worker()).runUntil(handle.result());
    expect(result).toMatchObject({ ok: true, bytes: text.length });
  });

  it('shows how many bytes have come', async () => {
    const { ref, held, proxy, deps } = await heldFetch('watch-me', 120_000, 12_000_000);
    const handle = await start({ name: 'fetchRoster', input: ref, attempts: 1 });
    await (
      await worker(deps)
    ).runUntil(async () => {
      await within('the transfer is under way', held, 20_000);
      const bytes = await until('a heartbeat tells the bytes', async () => {
        const { raw } = await handle.describe();
        const payload = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data;
        if (!payload) return null;
        return (JSON.parse(Buffer.from(payload).toString()) as { bytes?: number }).bytes;
      });
      expect(bytes).toBeGreaterThan(0);
      proxy.release();
      await handle.result();
    });
    await proxy.stop();
  });
});

let districtMade: Promise<unknown> | null = null;
const known = (): Promise<unknown> => (districtMade ??= bench.district('boundary'));

/** A run whose fetch stops in its middle. 64 reads of 128 KiB are under way at a time. */
async function heldFetch(district: string, rows = 60_000, atByte = 2_000_000) {
  await bench.district(district);
  const text = csv(pupils(1, rows));
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', { district, workflowId: 'w', occasion: '1' });
  const proxy = await startProxy(bench.sftp.server);
  const { ourSftp } = bench.deps;
  const deps = { ourSftp: ourSftp && { ...ourSftp, port: proxy.port } };
  return { ref: { district, run }, held: proxy.holdAfter(atByte), proxy, deps, text };
}
