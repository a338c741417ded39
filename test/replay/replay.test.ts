/**
 * Every committed history must replay on today's workflows: a district that is in the middle of
 * its onboarding when we deploy goes on as if nothing had happened. A red test here is mended in
 * the workflow, with `patched()`, never by recording anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { decoded } from '../e2e/histories.js';
import { HISTORIES } from './record.js';

const FILES = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));

const read = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(path.join(HISTORIES, name), 'utf8')) as Record<string, never>;

const replay = (history: unknown): Promise<void> =>
  Worker.runReplayHistory(
    { workflowBundle: { codePath: inject('workflowBundle') } },
    historyFromJSON(history),
  );

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'OFF' } },
  });
});

describe('a committed history', () => {
  it('is there for each type of workflow', () => {
    const types = ['onboarding', 'sync', 'undo', 'housekeeping', 'filter'];
    const isOne = new RegExp(`^(${types.join('|')})-`);
    expect(new Set(FILES.map((name) => isOne.exec(name)?.[1]))).toEqual(new Set(types));
    expect(FILES.length).toBeGreaterThanOrEqual(32);
  });

  it.each(FILES)('%s replays on the workflows of today', async (name) => {
    await replay(read(name));
  });

  it.each(FILES)('%s holds ids, counts and codes only', (name) => {
    // Nothing in a history of ours has the form of an address.
    expect(decoded(read(name)).match(/[\w.+-]+@[\w.-]+\.[a-z]{2,}/gi) ?? []).toEqual([]);
  });

  it('that does not fit the workflows is found out', async () => {
    const history = read('sync-applied.json') as unknown as {
      events: { [key: string]: unknown }[];
    };
    for (const event of history.events) {
      const scheduled = event['activityTaskScheduledEventAttributes'] as
        { activityType: { name: string } } | undefined;
      if (scheduled?.activityType.name === 'makePlan') scheduled.activityType.name = 'applyPlan';
    }
    await expect(replay(history)).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});
