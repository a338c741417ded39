import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningTemporal, startTemporal } from '../../dev/temporal.js';
import type { Activities, Progress } from '../../workflows/contract.js';
import { onboardingId, TASK_QUEUE } from '../../workflows/ids.js';
import { PROFILES } from '../../workflows/profiles.js';
import type { Stage } from '../../workflows/stages.js';
import { until } from '../support/wait.js';
import { HOUR, POLICY, World } from './world.js';

/** A real onboarding has thousands of events before Temporal suggests to continue as new. */
const EVENTS = 60;

const world = new World('long-history');
let folder: string;
let temporal: RunningTemporal;
let connection: Connection;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'OFF' } },
  });
  // A server of its own: the limit holds for all of it.
  folder = await mkdtemp(path.join(tmpdir(), 'rollcall-renewed-'));
  temporal = await startTemporal({
    binary: inject('temporalBinary'),
    dbFile: path.join(folder, 'temporal.db'),
    config: [`limit.historyCount.suggestContinueAsNew=${EVENTS}`],
  });
  connection = await Connection.connect({ address: temporal.address });
  native = await NativeConnection.connect({ address: temporal.address });
  const names = Object.keys(PROFILES) as (keyof Activities)[];
  worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: inject('workflowBundle') },
    activities: Object.fromEntries(
      names.map((name) => [
        name,
        (input: never) =>
          world.call(name, input, Context.current().info.currentAttemptScheduledTimestampMs),
      ]),
    ),
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await native?.close();
  await connection?.close();
  await temporal?.stop();
  await rm(folder, { recursive: true, force: true });
});

const progress = (handle: WorkflowHandle) => handle.query<Progress>('progress');
const reaches = (handle: WorkflowHandle, stage: Stage) =>
  until(`the onboarding in stage ${stage}`, async () => {
    const now = await progress(handle);
    return now.stage === stage && now;
  });

/** Signals that do not count, until Temporal suggested to continue as new and it was done. */
async function continueAsNew(handle: WorkflowHandle): Promise<void> {
  const { runId } = await handle.describe();
  await until('it continued as new', async () => {
    await handle.signal('loginTestCompleted', { by: 'impatient' });
    return (await handle.describe()).runId !== runId;
  });
}

describe('an onboarding whose history has grown long', () => {
  it('continues as new with all that it knows, and goes on to live', async () => {
    world.policy = { ...POLICY, remindAfter: [1000], remindEvery: 24 * HOUR };
    const client = new Client({ connection });
    const handle = await client.workflow.start('districtOnboarding', {
      taskQueue: TASK_QUEUE,
      workflowId: onboardingId(world.district),
      args: [{ district: world.district }],
    });
    await until('the district was reminded', () => world.mailed().includes('upload-reminder'));
    const waiting = await progress(handle);
    await continueAsNew(handle);
    expect(await progress(handle)).toMatchObject({
      stage: 'awaiting-upload',
      since: waiting.since,
    });

    world.file = { sha256: 'a', errors: 2 };
    await handle.signal('fileUploaded', { by: 'sftp' });
    const offered = await reaches(handle, 'awaiting-correction');
    await until('the mails are out', () => world.mailed().includes('correction-reminder'));
    await continueAsNew(handle);
    const now = await progress(handle);
    expect(now).toMatchObject({
      stage: 'awaiting-correction',
      since: offered.since,
      planHash: 'plan-a-1',
      lastRun: offered.lastRun,
    });
    expect(now.ignored[0]).toEqual({
      signal: 'loginTestCompleted',
      by: 'impatient',
      why: 'there are no logins to test yet',
    });

    await handle.signal('planApproved', { by: 'cli', planHash: 'plan-a-1' });
    await reaches(handle, 'awaiting-login-test');
    await handle.signal('loginTestCompleted', { by: 'portal' });
    await handle.result();
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
    const reminders = world.mailed().filter((one) => one.endsWith('-reminder'));
    expect(reminders.slice(0, 2)).toEqual(['upload-reminder', 'correction-reminder']);
    expect(world.mailed().filter((one) => one === 'invitation')).toHaveLength(1);
    expect(new Set(reminders).size).toBe(reminders.length);
  }, 60_000);
});
