import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import { TASK_QUEUE } from '../../workflows/ids.js';
import type { FileProblem, SyncResult } from '../../workflows/contract.js';
import { until } from '../support/wait.js';
import { timeTravel } from './time.js';
import { HOUR, MINUTE, type TestFile, type World } from './world.js';

const time = timeTravel();

function worldWith(file: TestFile | null): World {
  const world = time.newWorld();
  world.file = file;
  return world;
}

describe('a sync', () => {
  it('applies a clean file by itself, and says what changed', async () => {
    const { world, handle } = await time.sync(worldWith({ sha256: 'a' }));
    const result = (await handle.result()) as SyncResult;
    expect(result).toMatchObject({ run: 1, outcome: 'applied', rows: 1200, planHash: 'plan-a-1' });
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'system' }]);
    expect(world.mailed()).toEqual([]);
    const { typedSearchAttributes, memo } = await handle.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.district)).toBe(world.district);
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage)).toBe('done');
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn)).toBe('nobody');
    expect(memo).toMatchObject({ stage: 'done', lastRun: { run: 1, outcome: 'applied' } });
  });

  it('opens one run for one execution, named by its run id', async () => {
    const { world, handle } = await time.sync(worldWith({ sha256: 'a' }));
    await handle.result();
    const { runId } = await handle.describe();
    expect(world.runs).toMatchObject([{ workflowId: handle.workflowId, occasion: runId }]);
  });

  it('leaves the roster alone when the bytes are those it stands for', async () => {
    const world = worldWith({ sha256: 'a' });
    world.accepted = world.file;
    const { handle } = await time.sync(world);
    expect(await handle.result()).toMatchObject({ outcome: 'unchanged' });
    expect(world.calls).not.toContain('readRoster');
    expect(world.mailed()).toEqual([]);
  });

  it('takes the errors of a file for what they are, and applies the rest', async () => {
    const { handle } = await time.sync(worldWith({ sha256: 'a', errors: 4 }));
    expect(await handle.result()).toMatchObject({ outcome: 'applied', findings: { errors: 4 } });
  });

  it('waits until an upload stands still', async () => {
    const world = worldWith({ sha256: 'a' });
    world.settling = 3;
    const { handle } = await time.sync(world);
    await until('it looked', () => world.countOf('lookForUpload') > 0);
    await time.pass(4 * MINUTE);
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
  });

  it('gives up on an upload that never stands still', async () => {
    const world = worldWith({ sha256: 'a' });
    world.settling = 99;
    const { handle } = await time.sync(world);
    await until('it looked', () => world.countOf('lookForUpload') > 0);
    await time.pass(HOUR);
    expect(await handle.result()).toMatchObject({ outcome: 'refused', problem: 'FILE_CHANGED' });
    expect(world.countOf('lookForUpload')).toBe(10);
  });

  it('fetches again when the file changes meanwhile', async () => {
    const world = worldWith({ sha256: 'a' });
    world.before('fetchRoster', (call) => {
      world.problem = call === 1 ? 'FILE_CHANGED' : null;
    });
    const { handle } = await time.sync(world);
    await until('it fetched', () => world.countOf('fetchRoster') > 0);
    await time.pass(2 * MINUTE);
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
  });
});

async function refused(world: World, problem: FileProblem): Promise<void> {
  const { handle } = await time.sync(world);
  expect(await handle.result()).toMatchObject({ outcome: 'refused', problem });
  expect(world.mails).toMatchObject([{ template: 'sync-refused', run: 1, problem }]);
  expect(world.applied).toEqual([]);
}

describe('a sync refuses, and tells support', () => {
  it('when there is no file', () => refused(worldWith(null), 'NO_FILE'));

  it.each<FileProblem>(['EMPTY_FILE', 'HEADER_ONLY', 'COLUMN_MISSING', 'NOT_TEXT'])(
    'a file with %s',
    (unreadable) => refused(worldWith({ sha256: 'junk', unreadable }), unreadable),
  );

  it('the same unreadable file once, and reads it once', async () => {
    const world = worldWith({ sha256: 'junk', unreadable: 'NOT_TEXT' });
    await refused(world, 'NOT_TEXT');
    const { handle } = await time.sync(world, 'next-night');
    const again = { run: 2, outcome: 'refused', problem: 'NOT_TEXT', sameAs: 1 };
    expect(await handle.result()).toMatchObject(again);
    expect(world.countOf('readRoster')).toBe(1);
    expect(world.mails).toHaveLength(1);
  });

  it.each<FileProblem>(['SFTP_AUTH', 'SFTP_HOST_KEY', 'SFTP_PATH', 'NOT_A_FILE'])(
    'a folder with %s',
    async (problem) => {
      const world = worldWith({ sha256: 'a' });
      world.problem = problem;
      await refused(world, problem);
    },
  );
});

describe('a sync that breaks', () => {
  it.each([[[]], [[null]], [['maple']], [[{ district: 7 }]]])(
    'says what is missing when it is started with %j',
    async (args) => {
      const handle = await time.client.workflow.start('rosterSync', {
        taskQueue: TASK_QUEUE,
        workflowId: `sync/nobody/${JSON.stringify(args)}`,
        args,
      });
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INPUT_INVALID' } });
    },
  );

  it('fails with a code and nothing else, and tells support', async () => {
    const world = worldWith({ sha256: 'a' });
    world.before('makePlan', () => {
      throw new Error('Jamie Doe, jamie@school.example');
    });
    const { handle } = await time.sync(world);
    await until('it tried', () => world.countOf('makePlan') > 0);
    await time.pass(6 * HOUR);
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toMatchObject({ type: 'Error', nonRetryable: true, cause: undefined });
    expect(cause?.message).toBe('the sync failed: Error');
    expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'Error' });
    expect(world.mails).toMatchObject([{ template: 'sync-failed', run: 1, problem: 'Error' }]);
  });

  it('tells support also when not even a run could be opened', async () => {
    const world = worldWith({ sha256: 'a' });
    world.break('openRun', 'DISTRICT_UNKNOWN');
    const { handle } = await time.sync(world);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'DISTRICT_UNKNOWN' } });
    expect(world.mails).toMatchObject([{ template: 'sync-failed', problem: 'DISTRICT_UNKNOWN' }]);
    expect(world.mails[0]).not.toHaveProperty('run');
  });

  it('waits for hours for another run of the district', async () => {
    const world = worldWith({ sha256: 'a' });
    world.break('readRoster', 'DISTRICT_BUSY', false);
    const { handle } = await time.sync(world);
    await until('it is busy', () => world.countOf('readRoster') > 0);
    await time.pass(4 * HOUR);
    world.heal('readRoster');
    await time.pass(2 * MINUTE);
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
  });

  it('is applied if the store says so, though the answer was lost', async () => {
    const world = worldWith({ sha256: 'a' });
    world.loseAnswer('applyPlan', 'ABORTED');
    const { handle } = await time.sync(world);
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    expect(world.mailed()).toEqual([]);
  });

  it('does not wait for a mail server for longer than a day', async () => {
    const world = worldWith(null);
    world.break('sendMail', 'ECONNREFUSED', false);
    const { handle, reaches } = await time.sync(world);
    await reaches('done');
    expect(world.outcomes()).toEqual(['refused']);
    await time.pass(25 * HOUR);
    expect(await handle.result()).toMatchObject({ outcome: 'refused' });
  });

  it.each(['fetchRoster', 'readRoster', 'applyPlan'] as const)(
    'is closed as cancelled, when it is cancelled during %s',
    async (name) => {
      const world = worldWith({ sha256: 'a' });
      world.break(name, 'DISTRICT_BUSY', false);
      const { handle } = await time.sync(world);
      await until('it tries', () => world.countOf(name) > 0);
      await handle.cancel();
      await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'CANCELLED' });
      expect(world.applied).toEqual([]);
    },
  );
});
