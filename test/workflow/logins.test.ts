import { describe, expect, it } from 'vitest';
import { syncId } from '../../workflows/ids.js';
import type { Progress } from '../../workflows/contract.js';
import { until } from '../support/wait.js';
import { ignoredBy, toApproval, toLogins, toUpload } from './paths.js';
import { timeTravel } from './time.js';
import { DAY } from './world.js';

const time = timeTravel();

describe('the login test', () => {
  it('that works makes the schedule and the district live', async () => {
    const { world, handle, signal } = await toLogins(time);
    await signal('loginTestCompleted', { by: 'portal' });
    await handle.result();
    expect(world.countOf('makeSchedule')).toBe(1);
    expect(world.mailed()).toEqual(['invitation', 'plan-ready', 'login-test', 'live']);
  });

  it('that fails waits for support, which is told why, until it works', async () => {
    const { world, handle, reaches, signal } = await toLogins(time);
    await signal('loginTestFailed', { by: 'portal', reason: 'note/3' });
    const problem = { waitingOn: 'support', loginReason: 'note/3' };
    expect(await reaches('login-problem')).toMatchObject(problem);
    expect((await handle.describe()).memo).toMatchObject({ note: 'note/3' });
    await until('support is told', () => world.mailed().includes('login-problem'));
    expect(world.mails.at(-1)).toMatchObject({ reason: 'note/3' });
    await signal('loginTestCompleted', { by: 'cli' });
    await handle.result();
    expect(world.mailed().at(-1)).toBe('live');
  });

  it('that fails again stays one problem; a new reason is told, the same one is not', async () => {
    const { world, handle, progress, reaches, rests, signal } = await toLogins(time);
    await signal('loginTestFailed', { by: 'portal', reason: 'note/3' });
    const { since } = await reaches('login-problem');
    await signal('loginTestFailed', { by: 'portal', reason: 'note/3' });
    await signal('loginTestFailed', { by: 'portal' });
    await signal('loginTestFailed', { by: 'portal', reason: 'note/4' });
    await rests();
    expect(await progress()).toMatchObject({ stage: 'login-problem', since });
    const told = world.mails.filter((mail) => mail.template === 'login-problem');
    expect(told.map((mail) => mail.reason)).toEqual(['note/3', 'note/4']);
    expect((await handle.describe()).memo).toMatchObject({ note: 'note/4' });
    expect(ignoredBy(await progress())).toEqual([
      'loginTestFailed: this was told already',
      'loginTestFailed: this was told already',
    ]);
  });

  it.each([['nothing'], ['a string', 'no'], ['null', null], ['a number', 0]])(
    'is heard with %s for a payload',
    async (_, ...payload) => {
      const { world, handle, reaches, signal } = await toLogins(time);
      await signal('loginTestFailed', ...payload);
      await reaches('login-problem');
      await signal('loginTestCompleted', ...payload);
      await handle.result();
      expect(world.mailed()).toContain('login-problem');
    },
  );

  it('does not count before there are logins to test', async () => {
    const { progress, reaches, rests, signal, upload } = await toUpload(time);
    await signal('loginTestCompleted', { by: 'portal' });
    await signal('loginTestFailed', { by: 'portal', reason: 'note/1' });
    await upload({ sha256: 'a' });
    await signal('fileUploaded');
    await reaches('awaiting-approval');
    await signal('loginTestCompleted', { by: 'portal' });
    await signal('planApproved', { by: 'cli' });
    await reaches('awaiting-login-test');
    await rests();
    expect((await progress()).stage).toBe('awaiting-login-test');
    expect(ignoredBy(await progress())).toEqual([
      'loginTestCompleted: there are no logins to test yet',
      'loginTestFailed: there are no logins to test yet',
      'loginTestCompleted: there are no logins to test yet',
    ]);
  });

  it('twice completes it once', async () => {
    const { world, handle, signal, signalAtOnce } = await toLogins(time);
    await signal('loginTestCompleted', { by: 'portal' });
    await signalAtOnce('loginTestCompleted', { by: 'cli' }).catch(() => 'it was over by then');
    await handle.result();
    expect(world.countOf('makeSchedule')).toBe(1);
    expect(world.mailed().filter((one) => one === 'live')).toHaveLength(1);
  });

  it('both ways at once is taken in the order in which it was told', async () => {
    const { world, handle, signal, signalAtOnce } = await toLogins(time);
    let release: (() => void) | undefined;
    world.before('readPolicy', () => new Promise<void>((resolve) => (release = resolve)));
    await signal('loginTestFailed', { by: 'portal', reason: 'note/1' });
    await until('the next stage begins', () => release !== undefined);
    await signalAtOnce('loginTestCompleted', { by: 'portal' });
    world.heal('readPolicy');
    release?.();
    await handle.result();
    expect(world.mailed().slice(-2)).toEqual(['login-problem', 'live']);
  });
});

describe('a word about the logins that comes too late', () => {
  it('is noted when the district is going live already', async () => {
    const { world, handle, signal, signalAtOnce } = await toLogins(time);
    let release: (() => void) | undefined;
    world.before('makeSchedule', () => new Promise<void>((resolve) => (release = resolve)));
    await signal('loginTestCompleted', { by: 'portal' });
    await until('the schedule is being made', () => release !== undefined);
    await signalAtOnce('loginTestFailed', { by: 'portal', reason: 'note/9' });
    release?.();
    await handle.result();
    const { ignored } = await handle.query<Progress>('progress');
    expect(ignored).toEqual([
      {
        signal: 'loginTestFailed',
        by: 'portal',
        why: 'the district was going live already',
      },
    ]);
  });

  it('is not too late while the word before it was not acted upon', async () => {
    const { world, progress, reaches, signal, signalAtOnce } = await toApproval(time);
    let release: (() => void) | undefined;
    await signal('planApproved', { by: 'cli' });
    world.before('readPolicy', () => new Promise<void>((resolve) => (release = resolve)));
    await reaches('awaiting-login-test');
    await until('the stage begins', () => release !== undefined);
    await signalAtOnce('loginTestCompleted', { by: 'portal' });
    await signalAtOnce('loginTestFailed', { by: 'portal', reason: 'note/9' });
    world.heal('readPolicy');
    release?.();
    await reaches('login-problem');
    expect(ignoredBy(await progress())).toEqual([
      'loginTestCompleted: it was taken back before it was acted upon',
    ]);
  });
});

describe('an upload during the login test', () => {
  it('that is told is synced by a sync of its own, and the stage stays', async () => {
    const { world, progress, signal, upload } = await toLogins(time);
    const { since } = await progress();
    await upload({ sha256: 'b' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
    expect(world.runs[1]).toMatchObject({
      kind: 'manual',
      workflowId: syncId(world.district, 'upload-1'),
    });
    expect(await progress()).toMatchObject({ stage: 'awaiting-login-test', since });
  });

  it('that is seen is synced as well, once', async () => {
    const { world, rests } = await toLogins(time);
    await rests();
    world.file = { sha256: 'b' };
    await time.pass(DAY);
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
    await rests();
    await time.pass(3 * DAY);
    await rests();
    expect(world.runs).toHaveLength(2);
  });

  it('is synced in login-problem too', async () => {
    const { world, reaches, signal, upload } = await toLogins(time);
    await signal('loginTestFailed', { by: 'portal', reason: 'note/1' });
    await reaches('login-problem');
    await upload({ sha256: 'b' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
  });

  it('that is held does not hold up going live, and outlives the onboarding', async () => {
    const { world, handle, signal, upload } = await toLogins(time);
    const held = [{ limit: 'students-removed', school: null, value: 30, allowed: 10 }];
    await upload({ sha256: 'b', held });
    await signal('fileUploaded', { by: 'sftp' });
    const sync = time.existing(world, syncId(world.district, 'upload-1'));
    await until('the sync is held', () => world.outcomes()[1] === 'held');
    await sync.reaches('held');
    await signal('loginTestCompleted', { by: 'portal' });
    await handle.result();
    await sync.signal('planApproved', { by: 'cli' });
    expect(await sync.handle.result()).toMatchObject({ outcome: 'applied' });
  });

  it('that is held outlives an onboarding that is cancelled', async () => {
    const { world, handle, signal, upload } = await toLogins(time);
    const held = [{ limit: 'students-removed', school: null, value: 30, allowed: 10 }];
    await upload({ sha256: 'b', held });
    await signal('fileUploaded', { by: 'sftp' });
    const sync = time.existing(world, syncId(world.district, 'upload-1'));
    await until('the sync is held', () => world.outcomes()[1] === 'held');
    await sync.reaches('held');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await sync.signal('planApproved', { by: 'cli' });
    expect(await sync.handle.result()).toMatchObject({ outcome: 'applied' });
  });

  it('told while the first file is loading is synced afterwards', async () => {
    const { world, reaches, signal, signalAtOnce } = await toApproval(time);
    let release: (() => void) | undefined;
    world.before('applyPlan', (call) =>
      call === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    await signal('planApproved', { by: 'cli' });
    await until('the plan is being applied', () => release !== undefined);
    world.file = { sha256: 'b' };
    await signalAtOnce('fileUploaded', { by: 'sftp' });
    release?.();
    await until('both files are applied', () => world.outcomes()[1] === 'applied');
    expect(world.applied).toMatchObject([{ planHash: 'plan-a-1' }, { planHash: 'plan-b-1' }]);
    await reaches('awaiting-login-test');
  });

  it('told in the last moment is synced before the onboarding ends', async () => {
    const { world, handle, signal, signalAtOnce } = await toLogins(time);
    let release: (() => void) | undefined;
    world.before('makeSchedule', () => new Promise<void>((resolve) => (release = resolve)));
    await signal('loginTestCompleted', { by: 'portal' });
    await until('the schedule is being made', () => release !== undefined);
    world.file = { sha256: 'b' };
    await signalAtOnce('fileUploaded', { by: 'sftp' });
    release?.();
    await handle.result();
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
  });

  it('takes another workflow id if an earlier onboarding left one that still runs', async () => {
    const { world, signal, upload } = await toLogins(time);
    await time.client.workflow.start('rosterSync', {
      taskQueue: 'nobody-listens-here',
      workflowId: syncId(world.district, 'upload-1'),
      args: [{ district: world.district }],
    });
    await upload({ sha256: 'b' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
    expect(world.runs[1]?.workflowId).toBe(syncId(world.district, 'upload-2'));
    await time.client.workflow.getHandle(syncId(world.district, 'upload-1')).terminate();
  });
});
