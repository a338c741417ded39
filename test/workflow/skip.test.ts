import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { skip } from './skip.js';
import { startServer } from './time.js';
import { DAY } from './world.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startServer();
});
afterAll(() => env.teardown());

it('skips time although the server counts something that is over', async () => {
  const before = await env.currentTimeMs();
  await env.connection.testService?.lockTimeSkipping({});
  await skip(env, 30 * DAY, async () => true);
  expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * DAY);
});

it('does not skip time while something is under way', async () => {
  const before = Date.now();
  await env.connection.testService?.lockTimeSkipping({});
  await skip(env, 3_000, async () => false);
  expect(Date.now() - before).toBeGreaterThanOrEqual(3_000);
  await env.connection.testService?.unlockTimeSkipping({});
});
