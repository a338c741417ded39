import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import { until } from '../support/wait.js';
import { timeTravel } from './time.js';
import { type World } from './world.js';

const time = timeTravel();

/** A district with one applied run. */
function synced(): World {
  const world = time.newWorld();
  const workflowId = `sync/${world.district}/nightly`;
  world.runs.push({ run: 1, kind: 'nightly', workflowId, occasion: 'a', outcome: 'applied' });
  return world;
}

describe('an undo', () => {
  it('puts back the plan that was looked at, and says by whom', async () => {
    const world = synced();
    const { handle } = await time.undo(world, { run: 1, planHash: 'undo-1-1', by: 'support-7' });
    expect(handle.workflowId).toBe(`undo/${world.district}/1`);
    expect(await handle.result()).toMatchObject({ run: 2, kind: 'undo', outcome: 'applied' });
    expect(world.runs[1]).toMatchObject({ kind: 'undo', undoes: 1 });
    expect(world.applied).toEqual([{ run: 2, planHash: 'undo-1-1', by: 'support-7' }]);
    expect(world.mails).toEqual([]);
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage)).toBe('done');
  });

  it('that was started by hand, without a plan, goes on; who asked is not known', async () => {
    const world = synced();
    const { handle } = await time.undo(world, { run: 1 });
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    expect(world.applied).toMatchObject([{ by: 'unknown' }]);
  });

  it('asks support again if the plan that was looked at is another one by now', async () => {
    const world = synced();
    world.rosterVersion += 1;
    const { reaches, signal, handle } = await time.undo(world, { run: 1, planHash: 'undo-1-1' });
    const { planHash } = await reaches('held');
    expect(planHash).toBe('undo-1-2');
    expect(world.applied).toEqual([]);
    await signal('planApproved', { by: 'cli', planHash });
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    expect(world.applied).toEqual([{ run: 2, planHash: 'undo-1-2', by: 'cli' }]);
  });

  it('over its seats changes nothing when it is rejected', async () => {
    const world = synced();
    world.undoHeld = [{ limit: 'seats-exceeded', school: null, value: 12, allowed: 10 }];
    const { reaches, signal, handle } = await time.undo(world, { run: 1, planHash: 'undo-1-1' });
    await reaches('held');
    await until('support is told', () => world.mailed().includes('sync-held'));
    await signal('planRejected', { by: 'cli', reason: 'note/3' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
    expect(world.closed).toMatchObject([{ run: 2, state: 'rejected' }]);
    expect(world.applied).toEqual([]);
  });

  it('makes its plan again when the roster moved before it was applied', async () => {
    const world = synced();
    world.before('applyPlan', (call) => {
      if (call === 1) world.rosterVersion += 1;
    });
    const { reaches, handle, signal } = await time.undo(world, { run: 1, planHash: 'undo-1-1' });
    await reaches('held');
    await signal('planApproved', { by: 'cli' });
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    expect(world.countOf('planUndo')).toBe(2);
  });

  it('of a run that cannot be undone fails with the code, and tells support', async () => {
    const world = synced();
    world.break('planUndo', 'UNDO_DONE');
    const { handle } = await time.undo(world, { run: 1 });
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(world.runs[1]).toMatchObject({ outcome: 'failed', errorCode: 'UNDO_DONE' });
    expect(world.mailed()).toEqual(['sync-failed']);
  });

  it.each([{}, { run: '1' }, { run: 0 }])('started with %j says what it takes', async (input) => {
    const { handle } = await time.undo(time.newWorld(), input as { run: number });
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'INPUT_INVALID' });
  });
});
