import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askedFor, fairShare, type Turn } from '../../workflows/priority.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { within } from '../support/wait.js';

let temporal: TestTemporal;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const OF_THE_GIANT = 60;
const SMALL = ['small-1', 'small-2', 'small-3', 'small-4', 'small-5'];

/** Districts in the order in which a worker with one hand takes them, the giant having come first. */
async function order(turnOf: (district: string) => Turn): Promise<string[]> {
  const { client, nativeConnection: connection, namespace, workflowBundle } = temporal;
  const taskQueue = `fair-${randomUUID()}`;
  const start = (district: string) =>
    client.workflow.start('rosterSync', {
      ...{ taskQueue, workflowId: `fair/${randomUUID()}`, args: [{ district }] },
      priority: turnOf(district),
    });
  const handles = [];
  for (let n = 0; n < OF_THE_GIANT; n += 1) handles.push(await start('giant'));
  for (const district of SMALL) handles.push(await start(district));
  const taken: string[] = [];
  const worker = await Worker.create({
    ...{ connection, namespace, taskQueue, workflowBundle },
    maxConcurrentActivityTaskExecutions: 1,
    activities: {
      openRun: async ({ district }: { district: string }) => {
        taken.push(district);
        throw ApplicationFailure.nonRetryable('that is all', 'ENOUGH');
      },
      sendMail: async () => ({ sent: true }),
    },
  });
  await worker.runUntil(
    within('all have ended', Promise.allSettled(handles.map((one) => one.result())), 25_000),
  );
  expect(taken).toHaveLength(OF_THE_GIANT + SMALL.length);
  return taken;
}

const lastSmall = (taken: readonly string[]): number =>
  Math.max(...SMALL.map((district) => taken.indexOf(district)));

it('small districts do not wait for all that a large one has to be done', async () => {
  expect(lastSmall(await order(fairShare))).toBeLessThan(OF_THE_GIANT / 3);
});

it('what somebody waits for goes before the nights', async () => {
  const taken = await order((id) => (id === 'giant' ? fairShare(id) : askedFor(id)));
  expect(lastSmall(taken)).toBeLessThan(OF_THE_GIANT / 3);
});
