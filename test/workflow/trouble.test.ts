import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { until } from '../support/wait.js';
import { toApproval, toLogins, toUpload } from './paths.js';
import { timeTravel } from './time.js';
import { DAY, HOUR, MINUTE } from './world.js';

const time = timeTravel();

describe('an onboarding whose outside is broken', () => {
  it('stays in its stage, tells support once a day, and goes on when it is mended', async () => {
    const { world, progress, reaches, signal, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.break('readRoster', 'DB_ERROR');
    await signal('fileUploaded');
    await reaches('validating');
    await until('support is told', () => world.mailed().includes('sync-failed'));
    expect(world.mails.at(-1)).toMatchObject({ run: 1, stage: 'validating', problem: 'DB_ERROR' });

    await time.pass(3 * DAY + HOUR);
    expect((await progress()).stage).toBe('validating');
    const told = world.mails.filter((mail) => mail.template === 'sync-failed');
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told.length).toBeLessThanOrEqual(4);

    world.heal('readRoster');
    await time.pass(DAY);
    await reaches('awaiting-approval');
    expect(world.runs).toHaveLength(1);
  });

  it('tries what may pass by itself for about an hour before it tells support', async () => {
    const { world, reaches, signal, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.break('openRun', 'DB_UNAVAILABLE', false);
    await signal('fileUploaded');
    await reaches('validating');
    await time.pass(50 * MINUTE);
    expect(world.mailed()).toEqual(['invitation']);
    await time.pass(20 * MINUTE);
    await until('support is told', () => world.mailed().includes('sync-failed'));
    world.heal('openRun');
    await time.pass(HOUR);
    await reaches('awaiting-approval');
  });

  it('waits for hours for another run of the district to end', async () => {
    const { world, reaches, signal, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.break('makePlan', 'DISTRICT_BUSY', false);
    await signal('fileUploaded');
    await until('it is busy', () => world.countOf('makePlan') > 0);
    await time.pass(3 * HOUR);
    expect(world.mailed()).toEqual(['invitation']);
    world.heal('makePlan');
    await time.pass(2 * MINUTE);
    await reaches('awaiting-approval');
  });

  it('leaves a broken run for a new upload', async () => {
    const { world, reaches, signal, signalAtOnce, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.break('makePlan', 'INTERNAL');
    await signal('fileUploaded');
    await until('support is told', () => world.mailed().includes('sync-failed'));
    world.heal('makePlan');
    world.file = { sha256: 'b' };
    await signalAtOnce('fileUploaded');
    await until('the plan of the new file', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
    expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'INTERNAL' });
  });

  it('keeps a confirmed login test while the schedule cannot be made', async () => {
    const { world, handle, signal } = await toLogins(time);
    world.break('makeSchedule', 'TEMPORAL_14', false);
    await signal('loginTestCompleted', { by: 'portal' });
    await time.pass(6 * HOUR);
    world.heal('makeSchedule');
    await time.pass(6 * HOUR);
    await handle.result();
    expect(world.mailed()).toContain('live');
  });

  it('fetches again while the file changes, and waits on if it never rests', async () => {
    const { world, progress, reaches, signal, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.before('fetchRoster', (call) => {
      world.problem = call < 3 ? 'FILE_CHANGED' : null;
    });
    await signal('fileUploaded');
    await time.pass(10 * MINUTE);
    await reaches('awaiting-approval');
    expect(world.countOf('fetchRoster')).toBe(3);

    const other = await toUpload(time);
    const { since } = await other.progress();
    await other.upload({ sha256: 'a' });
    other.world.before('openRun', () => {
      other.world.problem = 'FILE_CHANGED';
    });
    await other.signal('fileUploaded');
    await time.pass(10 * MINUTE);
    await until('the run is refused', () => other.world.outcomes()[0] === 'refused');
    expect(await other.reaches('awaiting-upload')).toMatchObject({ since });
    expect((await progress()).stage).toBe('awaiting-approval');
  });
});

describe('mails that cannot be sent', () => {
  it('hold up nothing, from the invitation to live', async () => {
    const world = time.newWorld();
    world.break('sendMail', 'ECONNREFUSED', false);
    const { handle, reaches, signalAtOnce } = await time.onboard(world);
    await reaches('awaiting-upload');
    await until('the folder was looked at', () => world.countOf('watchForUpload') > 0);
    await time.pass(HOUR);
    world.file = { sha256: 'a' };
    await time.pass(DAY);
    await reaches('awaiting-approval');
    await signalAtOnce('planApproved', { by: 'cli' });
    await reaches('awaiting-login-test');
    await signalAtOnce('loginTestCompleted', { by: 'portal' });
    await reaches('live');
    await time.pass(2 * DAY);
    await handle.result();
    const { unsentMails } = await handle.query<{ unsentMails: string[] }>('progress');
    expect(unsentMails.map((key) => key.split('/')[0])).toEqual([
      'invitation',
      'plan-ready',
      'login-test',
      'live',
    ]);
  });

  it('are sent once when the server comes back', async () => {
    const { world, rests } = await toUpload(time);
    await rests();
    world.break('sendMail', 'ECONNREFUSED', false);
    await time.pass(2.5 * DAY);
    world.heal('sendMail');
    await time.pass(2 * HOUR);
    await rests();
    expect(world.mailed()).toEqual(['invitation', 'upload-reminder']);
  });

  it('that the mail server refuses for good are noted', async () => {
    const world = time.newWorld();
    world.refusesMail = true;
    const { progress, rests } = await toUpload(time, world);
    await rests();
    const { unsentMails } = await progress();
    expect(unsentMails).toEqual([expect.stringMatching(/^invitation\/1\/1\//)]);
  });

  it('are still sent when the stage in which they were sent is over', async () => {
    const { world, progress, reaches, rests, signal } = await toUpload(time);
    await rests();
    world.problem = 'SFTP_AUTH';
    world.break('sendMail', 'ECONNREFUSED', false);
    await signal('fileUploaded');
    await until('support is to be told', () => world.countOf('sendMail') > 1);
    world.problem = null;
    world.file = { sha256: 'a' };
    await signal('fileUploaded');
    await reaches('awaiting-approval');
    world.heal('sendMail');
    await time.pass(HOUR);
    await until('support is told', () => world.mailed().includes('source-problem'));
    expect((await progress()).unsentMails).toEqual([]);
  });

  it('whose activity fails for good are noted', async () => {
    const world = time.newWorld();
    world.break('sendMail', 'MAIL_REFUSED');
    const { progress, rests } = await toUpload(time, world);
    await rests();
    const { unsentMails } = await progress();
    expect(unsentMails).toHaveLength(1);
    expect(unsentMails[0]).toMatch(/^invitation\/1\/1\//);
  });
});

describe('an onboarding that cannot begin', () => {
  it.each([[[]], [['maple']], [[{}]]])('fails when it is started with %j', async (args) => {
    const handle = await time.client.workflow.start('districtOnboarding', {
      taskQueue: TASK_QUEUE,
      workflowId: `onboarding/nobody/${JSON.stringify(args)}`,
      args,
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INPUT_INVALID' } });
  });

  it('fails when there is no such district', async () => {
    const world = time.newWorld();
    world.break('makeSftpAccess', 'DISTRICT_UNKNOWN');
    const { handle } = await time.onboard(world);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'DISTRICT_UNKNOWN' } });
    expect(world.mailed()).toEqual([]);
  });
});

describe('an onboarding that is cancelled', () => {
  it('closes the run whose plan was on offer', async () => {
    const { world, handle } = await toApproval(time);
    await handle.cancel();
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(world.runs[0]).toMatchObject({ outcome: 'failed', errorCode: 'CANCELLED' });
  });

  it('closes both the run on offer and the one that is being fetched', async () => {
    const { world, handle, signal, upload } = await toApproval(time);
    await upload({ sha256: 'b' });
    world.break('fetchRoster', 'SFTP_UNREACHABLE', false);
    await signal('fileUploaded');
    await until('the newer file is being fetched', () => world.countOf('fetchRoster') > 1);
    await handle.cancel();
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(world.runs).toMatchObject([
      { outcome: 'failed', errorCode: 'CANCELLED' },
      { outcome: 'failed', errorCode: 'CANCELLED' },
    ]);
  });

  it('ends while it waits for an upload', async () => {
    const { world, handle, rests } = await toUpload(time);
    await rests();
    await handle.cancel();
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(world.runs).toEqual([]);
  });
});
