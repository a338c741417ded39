import { describe, expect, it } from 'vitest';
import { until } from '../support/wait.js';
import { ignoredBy, toApproval, toCorrection, toLogins, toUpload } from './paths.js';
import { type DrivenOnboarding, timeTravel } from './time.js';

const time = timeTravel();

const noted = ({ progress }: DrivenOnboarding, count = 1) =>
  until(`${count} signals are noted`, async () => {
    const now = await progress();
    return now.ignored.length >= count && now;
  });

describe('an approval', () => {
  it('applies that plan, in the name of who gave it', async () => {
    const { world, reaches, signal } = await toApproval(time);
    await signal('planApproved', { by: 'portal', planHash: 'plan-a-1' });
    await reaches('awaiting-login-test');
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'portal' }]);
  });

  it('of another plan is refused, and said so', async () => {
    const driven = await toApproval(time);
    await driven.signal('planApproved', { by: 'cli', planHash: 'plan-old-1' });
    const now = await noted(driven);
    expect(now).toMatchObject({ stage: 'awaiting-approval', planHash: 'plan-a-1' });
    expect(now.ignored).toEqual([
      { signal: 'planApproved', by: 'cli', why: 'it names another plan than the one on offer' },
    ]);
    expect(driven.world.applied).toEqual([]);
  });

  it('before there is a plan is noted and does not count', async () => {
    const driven = await toUpload(time);
    await driven.signal('planApproved', { by: 'cli' });
    expect(ignoredBy(await noted(driven))).toEqual(['planApproved: no plan is on offer']);
    await driven.upload({ sha256: 'a' });
    await driven.signal('fileUploaded');
    await driven.reaches('awaiting-approval');
    await driven.rests();
    expect(driven.world.applied).toEqual([]);
  });

  it('while a newer file is read does not count', async () => {
    const driven = await toApproval(time);
    const { world, reaches, rests, signal, signalAtOnce, upload } = driven;
    let release: (() => void) | undefined;
    await upload({ sha256: 'b' });
    world.before('fetchRoster', () => new Promise<void>((resolve) => (release = resolve)));
    await signal('fileUploaded');
    await until('the newer file is fetched', () => release !== undefined);
    await signalAtOnce('planApproved', { by: 'cli' });
    release?.();
    await until('the newer plan', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
    await rests();
    expect(ignoredBy(await driven.progress())).toEqual(['planApproved: no plan is on offer']);
    expect(world.applied).toEqual([]);
  });

  it('twice counts once', async () => {
    const { world, handle, reaches, rests, signal, signalAtOnce } = await toApproval(time);
    await signal('planApproved', { by: 'cli' });
    await signalAtOnce('planApproved', { by: 'portal' });
    await reaches('awaiting-login-test');
    await rests();
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
    expect(await handle.query('progress')).toMatchObject({
      ignored: [{ signal: 'planApproved', by: 'portal' }],
    });
  });

  it('after the plan was applied is noted', async () => {
    const driven = await toLogins(time);
    await driven.signal('planApproved', { by: 'cli' });
    expect(ignoredBy(await noted(driven))).toEqual(['planApproved: no plan is on offer']);
  });

  it.each([['nothing'], ['a string', 'yes'], ['null', null], ['a number', 1], ['a list', ['x']]])(
    'counts with %s for a payload; by is then unknown',
    async (_, ...payload) => {
      const { world, reaches, signal } = await toApproval(time);
      await signal('planApproved', ...payload);
      await reaches('awaiting-login-test');
      expect(world.applied).toMatchObject([{ by: 'unknown' }]);
    },
  );

  it.each([[5], [{}], [''], [['plan-a-1']]])(
    'with %j for a plan hash means another plan',
    async (planHash) => {
      const driven = await toApproval(time);
      await driven.signal('planApproved', { by: 7, planHash });
      const { ignored } = await noted(driven);
      expect(ignored).toMatchObject([{ signal: 'planApproved', by: 'unknown' }]);
    },
  );

  it('in a correction loads what could be read, without the bad rows', async () => {
    const { world, reaches, signal } = await toCorrection(time);
    await signal('planApproved', { by: 'cli', planHash: 'plan-bad-1' });
    await reaches('awaiting-login-test');
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-bad-1', by: 'cli' }]);
  });
});

describe('a rejection', () => {
  it('goes back to the district with its reason, and offers nothing', async () => {
    const driven = await toApproval(time);
    await driven.signal('planRejected', { by: 'cli', reason: 'note/4' });
    const now = await driven.reaches('awaiting-correction');
    expect(now).toMatchObject({ planHash: null, lastRun: { run: 1, outcome: 'rejected' } });
    expect(driven.world.closed).toEqual([
      { run: 1, state: 'rejected', by: 'cli', reason: 'note/4' },
    ]);
    await until('the district is told', () => driven.world.mailed().includes('plan-rejected'));
    expect(driven.world.mails.at(-1)).toMatchObject({ run: 1, reason: 'note/4' });

    await driven.signal('planApproved', { by: 'cli' });
    expect(ignoredBy(await noted(driven))).toEqual(['planApproved: no plan is on offer']);
  });

  it('of a plan with errors asks for a correction once more', async () => {
    const { world, signal } = await toCorrection(time);
    await signal('planRejected', { by: 'cli', reason: 'note/5' });
    await until('the district is told', () => world.mailed().includes('plan-rejected'));
    expect(world.outcomes()).toEqual(['rejected']);
  });

  it('cuts a reason at 500 characters, and does without one', async () => {
    const { world, signal } = await toApproval(time);
    await signal('planRejected', { by: 'cli', reason: 'x'.repeat(600) });
    await until('the plan is closed', () => world.closed.length > 0);
    expect(world.closed[0]?.reason).toBe('x'.repeat(500));

    const other = await toApproval(time);
    await other.signal('planRejected', 'a string');
    await until('the plan is closed', () => other.world.closed.length > 0);
    expect(other.world.closed[0]).toEqual({ run: 1, state: 'rejected', by: 'unknown' });
  });

  it('after an approval does not undo it', async () => {
    const { world, reaches, signal, signalAtOnce } = await toApproval(time);
    await signal('planApproved', { by: 'cli' });
    await signalAtOnce('planRejected', { by: 'portal', reason: 'note/9' });
    await reaches('awaiting-login-test');
    expect(world.applied).toHaveLength(1);
    expect(world.closed).toEqual([]);
  });
});

describe('a roster that moved since the approval', () => {
  it('is loaded if the plan, made again, is the same', async () => {
    const moved = await toApproval(time);
    let stale = true;
    moved.world.before('applyPlan', () => {
      // The roster moves and moves back: stale once, then the same plan again.
      moved.world.rosterVersion = stale ? 2 : 1;
    });
    moved.world.before('makePlan', () => {
      stale = false;
      moved.world.rosterVersion = 1;
    });
    await moved.signal('planApproved', { by: 'cli' });
    await moved.reaches('awaiting-login-test');
    expect(moved.world.countOf('applyPlan')).toBe(2);
    expect(moved.world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
  });

  it('asks support again if the plan is another one', async () => {
    const driven = await toApproval(time);
    const { world, signal, reaches } = driven;
    world.before('applyPlan', () => {
      world.rosterVersion = 2;
    });
    await signal('planApproved', { by: 'cli' });
    await until('the plan is offered anew', async () => {
      const now = await driven.progress();
      return now.stage === 'awaiting-approval' && now.planHash === 'plan-a-2';
    });
    expect(world.applied).toEqual([]);
    await until(
      'support is told again',
      () => world.mailed().filter((one) => one === 'plan-ready').length === 2,
    );
    world.heal('applyPlan');
    await signal('planApproved', { by: 'cli', planHash: 'plan-a-2' });
    await reaches('awaiting-login-test');
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-2', by: 'cli' }]);
  });

  it("reads the folder anew if another run's plan took the place of ours", async () => {
    const driven = await toApproval(time);
    const { world, signal, reaches } = driven;
    world.before('applyPlan', (call) => {
      if (call === 1) world.runs[0]!.plan!.state = 'superseded';
    });
    await signal('planApproved', { by: 'cli' });
    await until('a second run', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
    expect(world.applied).toEqual([]);
  });

  it.each(['PLAN_CLOSED', 'PLAN_OTHER', 'PLAN_UNKNOWN'])(
    'reads the folder anew if the store answers %s',
    async (code) => {
      const { world, signal, reaches } = await toApproval(time);
      world.break('applyPlan', code);
      await signal('planApproved', { by: 'cli' });
      await until('a second run', () => world.runs[1]?.plan);
      await reaches('awaiting-approval');
    },
  );

  it('is told by another workflow: the folder is read anew', async () => {
    const { world, signal, reaches } = await toApproval(time);
    await signal('planSuperseded', { by: 'sync/other' });
    await until('a second run', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
  });
});
