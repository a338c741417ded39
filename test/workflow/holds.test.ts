import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { HeldLimit } from '../../workflows/contract.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import { until } from '../support/wait.js';
import { type DrivenSync, timeTravel } from './time.js';
import { DAY, HOUR, type World } from './world.js';

const time = timeTravel();
const HELD: readonly HeldLimit[] = [
  { limit: 'students-removed', school: null, value: 30, allowed: 10 },
];

async function held(world: World = time.newWorld(), sha256 = 'a'): Promise<DrivenSync> {
  world.file = { sha256, held: HELD };
  const driven = await time.sync(world, `night-${sha256}-${world.runs.length}`);
  await driven.reaches('held');
  return driven;
}

const noted = ({ progress }: DrivenSync) =>
  until('a signal is noted', async () => {
    const { ignored } = await progress();
    return ignored.length > 0 && ignored;
  });

describe('a sync over a limit', () => {
  it('waits for support, tells it once, and shows the plan', async () => {
    const { world, progress } = await held();
    await until('support is told', () => world.mailed().includes('sync-held'));
    expect(world.mails).toMatchObject([{ template: 'sync-held', run: 1 }]);
    expect(await progress()).toMatchObject({
      stage: 'held',
      waitingOn: 'support',
      run: 1,
      planHash: 'plan-a-1',
      lastRun: { outcome: 'held' },
    });
    expect(world.applied).toEqual([]);
  });

  it('applies the plan when it is approved', async () => {
    const { world, handle, signal } = await held();
    await signal('planApproved', { by: 'cli', planHash: 'plan-a-1' });
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
  });

  it('changes nothing when it is rejected', async () => {
    const { world, handle, signal } = await held();
    await signal('planRejected', { by: 'cli', reason: 'note/8' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
    expect(world.closed).toEqual([{ run: 1, state: 'rejected', by: 'cli', reason: 'note/8' }]);
    expect(world.applied).toEqual([]);
  });

  it('ends by itself after 14 days', async () => {
    const { world, handle, progress } = await held();
    await until('support is told', () => world.mailed().includes('sync-held'));
    await time.pass(14 * DAY - HOUR);
    expect((await progress()).stage).toBe('held');
    await time.pass(2 * HOUR);
    expect(await handle.result()).toMatchObject({ outcome: 'held', endedBy: 'expired' });
    expect(world.closed).toEqual([{ run: 1, state: 'expired', by: 'system' }]);
  });

  it('ends when a newer file takes its place', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    world.file = { sha256: 'b' };
    const second = await time.sync(world, 'next-night');
    expect(await second.handle.result()).toMatchObject({ outcome: 'applied' });
    expect(await first.handle.result()).toMatchObject({ outcome: 'held', endedBy: 'superseded' });
  });

  it('that a newer file overtook before it was made asks nobody, and ends', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'old', held: HELD };
    let release: (() => void) | undefined;
    world.before('readRoster', (call) =>
      call === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    const older = await time.sync(world, 'slow');
    await until('the older file is being read', () => release !== undefined);
    world.file = { sha256: 'new' };
    const newer = await time.sync(world, 'quick');
    expect(await newer.handle.result()).toMatchObject({ outcome: 'applied' });
    release?.();
    expect(await older.handle.result()).toMatchObject({ outcome: 'held', endedBy: 'superseded' });
    expect(world.mailed()).toEqual([]);
  });

  it('stands when the next night brings the same bytes', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    const second = await time.sync(world, 'next-night');
    expect(await second.handle.result()).toMatchObject({ run: 2, outcome: 'held', heldBy: 1 });
    expect(world.mailed()).toEqual(['sync-held']);
    await first.signal('planApproved', { by: 'cli' });
    expect(await first.handle.result()).toMatchObject({ run: 1, outcome: 'applied' });
  });

  it('asks anew about the same bytes when the workflow of the hold has gone', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    await first.terminate();
    const second = await time.sync(world, 'next-night');
    await second.reaches('held');
    expect(world.closed).toEqual([{ run: 1, state: 'superseded', by: second.handle.workflowId }]);
    await second.signal('planApproved', { by: 'cli' });
    expect(await second.handle.result()).toMatchObject({ run: 2, outcome: 'applied' });
  });

  it('believes a hold that was decided while it was asked for', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    world.before('fetchRoster', async (call) => {
      if (call !== 3) return;
      world.runs[0]!.plan!.state = 'applied';
      world.accepted = world.file;
    });
    await first.terminate();
    const second = await time.sync(world, 'next-night');
    expect(await second.handle.result()).toMatchObject({ outcome: 'unchanged' });
    expect(world.closed).toEqual([]);
  });

  it('that was rejected is not asked about again for the same bytes', async () => {
    const first = await held();
    const { world } = first;
    await first.signal('planRejected', { by: 'cli' });
    await first.handle.result();
    const second = await time.sync(world, 'next-night');
    expect(await second.handle.result()).toMatchObject({ run: 2, outcome: 'rejected', sameAs: 1 });
    expect(world.mailed()).toEqual(['sync-held']);
    expect(world.countOf('readRoster')).toBe(1);
  });

  it('that expired is asked about again', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    await time.pass(15 * DAY);
    await first.handle.result();
    const second = await time.sync(world, 'next-night');
    await second.reaches('held');
    await until('support is told again', () => world.mailed().length === 2);
  });

  it('lets a newer file pass when the workflow of the old hold has gone', async () => {
    const first = await held();
    const { world } = first;
    await until('support is told', () => world.mailed().includes('sync-held'));
    await first.terminate();
    world.file = { sha256: 'b' };
    const second = await time.sync(world, 'next-night');
    expect(await second.handle.result()).toMatchObject({ outcome: 'applied' });
  });

  it('refuses an approval of another plan', async () => {
    const driven = await held();
    await driven.signal('planApproved', { by: 'cli', planHash: 'plan-z-1' });
    expect(await noted(driven)).toEqual([
      { signal: 'planApproved', by: 'cli', why: 'it names another plan than the one on offer' },
    ]);
    expect((await driven.progress()).stage).toBe('held');
  });

  it('notes a decision that comes before there is a plan', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'a', held: HELD };
    let release: (() => void) | undefined;
    world.before('readRoster', () => new Promise<void>((resolve) => (release = resolve)));
    const driven = await time.sync(world);
    await until('the file is being read', () => release !== undefined);
    await driven.signalAtOnce('planApproved', { by: 'cli' });
    await driven.signalAtOnce('planRejected', 'a string');
    release?.();
    await driven.reaches('held');
    expect((await driven.progress()).ignored).toEqual([
      { signal: 'planApproved', by: 'cli', why: 'no plan is on offer' },
      { signal: 'planRejected', by: 'unknown', why: 'no plan is on offer' },
    ]);
  });

  it.each([['nothing'], ['a string', 'yes'], ['null', null], ['a number', 1]])(
    'takes an approval with %s for a payload',
    async (_, ...payload) => {
      const { world, handle, signal } = await held();
      await signal('planApproved', ...payload);
      await handle.result();
      expect(world.applied).toMatchObject([{ by: 'unknown' }]);
    },
  );

  it('twice approved is applied once', async () => {
    const { world, handle, signal, signalAtOnce } = await held();
    await signal('planApproved', { by: 'cli' });
    await signalAtOnce('planApproved', { by: 'portal' }).catch(() => 'it was over by then');
    await handle.result();
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
  });

  it('that is cancelled leaves no plan waiting', async () => {
    const { world, handle } = await held();
    await handle.cancel();
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'CANCELLED' });
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage)).toBe('done');
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn)).toBe('nobody');
  });
});

describe('a roster that moved since the plan was made', () => {
  it('is planned again, and applied if the plan is within the limits', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'a' };
    world.before('applyPlan', (call) => {
      if (call === 1) world.rosterVersion = 2;
    });
    const { handle } = await time.sync(world);
    expect(await handle.result()).toMatchObject({ outcome: 'applied', planHash: 'plan-a-2' });
    expect(world.countOf('makePlan')).toBe(2);
  });

  it('asks support again if the approved plan is another one by now', async () => {
    const driven = await held();
    const { world, handle, signal } = driven;
    world.before('applyPlan', (call) => {
      if (call === 1) world.rosterVersion = 2;
    });
    await signal('planApproved', { by: 'cli' });
    await until('it is held again', async () => (await driven.progress()).planHash === 'plan-a-2');
    await until('support is told again', () => world.mailed().length === 2);
    await signal('planApproved', { by: 'portal' });
    await handle.result();
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-2', by: 'portal' }]);
  });

  it('applies an approved plan that came out the same again', async () => {
    const driven = await held();
    const { world, handle, signal } = driven;
    world.before('applyPlan', (call) => {
      world.rosterVersion = call === 1 ? 2 : 1;
    });
    world.before('makePlan', () => {
      world.rosterVersion = 1;
    });
    await signal('planApproved', { by: 'cli' });
    await handle.result();
    expect(world.countOf('makePlan')).toBe(2);
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
  });

  it('that never stands still fails the run instead of turning in circles', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'a' };
    world.before('applyPlan', () => {
      world.rosterVersion += 1;
    });
    const { handle } = await time.sync(world);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'PLAN_STALE' } });
    expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'PLAN_STALE' });
  });

  it('ends as superseded if a newer file was planned meanwhile', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'a' };
    world.before('applyPlan', () => {
      world.runs[0]!.plan!.state = 'superseded';
    });
    const { handle } = await time.sync(world);
    expect(await handle.result()).toMatchObject({ outcome: 'held', endedBy: 'superseded' });
  });
});
