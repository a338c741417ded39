import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import { until } from '../support/wait.js';
import { toApproval, toUpload } from './paths.js';
import { timeTravel } from './time.js';
import { DAY, HOUR, MINUTE } from './world.js';

const time = timeTravel();

describe('an onboarding', () => {
  it('goes from the invitation to live, through every stage', async () => {
    const { world, handle, reaches, signal, upload } = await time.onboard();
    const invited = await reaches('awaiting-upload');
    expect(invited).toMatchObject({ waitingOn: 'district', lastRun: null, planHash: null });

    await upload({ sha256: 'a' });
    expect(world.mailed()).toEqual(['invitation']);
    await signal('fileUploaded', { by: 'sftp' });
    expect(await reaches('awaiting-approval')).toMatchObject({
      waitingOn: 'support',
      planHash: 'plan-a-1',
      lastRun: { run: 1, kind: 'first', outcome: 'held', rows: 1200 },
    });

    await signal('planApproved', { by: 'cli' });
    expect(await reaches('awaiting-login-test')).toMatchObject({
      waitingOn: 'district',
      planHash: null,
      lastRun: { outcome: 'applied' },
    });
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);

    await signal('loginTestCompleted', { by: 'portal' });
    expect(await handle.result()).toEqual({
      district: world.district,
      run: 1,
      scheduleId: `nightly/${world.district}`,
      nextSync: '2026-09-02T03:00:00.000Z',
    });
    expect(world.mailed()).toEqual(['invitation', 'plan-ready', 'login-test', 'live']);
    expect(world.countOf('chooseSampleLogins')).toBe(1);
    expect(await handle.query('progress')).toMatchObject({ stage: 'live', waitingOn: 'nobody' });
  });

  it('notices a settled file by watching the folder, without a word', async () => {
    const { world, reaches, rests } = await toUpload(time);
    await rests();
    await time.pass(3 * DAY);
    world.file = { sha256: 'a' };
    await time.pass(DAY);
    await reaches('awaiting-approval');
    await until('support is told of the plan', () => world.mailed().includes('plan-ready'));
  });

  it('leaves six events a day in its history while it watches by the hour', async () => {
    const world = time.newWorld();
    world.policy = { ...world.policy, lookEvery: HOUR, remindAfter: [], remindEvery: 99 * DAY };
    const { handle, rests } = await toUpload(time, world);
    await rests();
    const length = async () => (await handle.describe()).historyLength;
    const before = await length();
    await time.pass(10 * DAY + 30 * MINUTE);
    await rests();
    expect(world.countOf('watchForUpload')).toBeGreaterThan(230);
    expect((await length()) - before).toBeLessThanOrEqual(60);
  });

  it('reads an upload that is still settling, when it is told', async () => {
    const { world, reaches, signal, upload } = await toUpload(time);
    world.settling = 1;
    await upload({ sha256: 'a' });
    await signal('fileUploaded', { by: 'sftp' });
    await reaches('awaiting-approval');
  });

  it('shows district, stage, whom it waits for and since when, without a worker', async () => {
    const { world, handle, progress } = await toApproval(time);
    const { since } = await progress();
    const { typedSearchAttributes, memo } = await handle.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.district)).toBe(world.district);
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage)).toBe('awaiting-approval');
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn)).toBe('support');
    expect(memo).toMatchObject({
      stage: 'awaiting-approval',
      waitingOn: 'support',
      since,
      offer: { run: 1, planHash: 'plan-a-1' },
      lastRun: { run: 1, rows: 1200 },
    });
  });

  it('asks for each thing once, with business keys that tell runs and times apart', async () => {
    const { world, reaches, signal, upload } = await toApproval(time);
    await signal('planRejected', { by: 'cli', reason: 'note/1' });
    await reaches('awaiting-correction');
    await upload({ sha256: 'b' });
    await signal('fileUploaded', { by: 'portal' });
    await reaches('awaiting-approval');
    await until('both plans are told', () => world.mailed().length === 4);
    expect(world.runs.map((run) => run.occasion.split('/').slice(0, 2).join('/'))).toEqual([
      'upload/1',
      'upload/2',
    ]);
    expect(world.mails.map((mail) => mail.key.split('/').slice(0, 2).join('/'))).toEqual([
      'invitation/1',
      'plan-ready/1',
      'plan-rejected/1',
      'plan-ready/2',
    ]);
  });
});
