import { describe, expect, it } from 'vitest';
import type { FileProblem } from '../../workflows/contract.js';
import { until } from '../support/wait.js';
import { ignoredBy, toApproval, toCorrection, toUpload } from './paths.js';
import { timeTravel } from './time.js';
import { DAY, HOUR } from './world.js';

const time = timeTravel();

describe('an upload that is told', () => {
  it('keeps waiting, and notes it, when there is no file', async () => {
    const { progress, rests, signal } = await toUpload(time);
    const { since } = await progress();
    await rests();
    await signal('fileUploaded', { by: 'portal' });
    const after = await until('the signal is noted', async () => {
      const now = await progress();
      return now.ignored.length > 0 && now;
    });
    expect(after).toMatchObject({ stage: 'awaiting-upload', since });
    expect(after.ignored).toEqual([
      { signal: 'fileUploaded', by: 'portal', why: 'there is no file in the folder' },
    ]);
  });

  it('counts when it was told before the invitation was out', async () => {
    const world = time.newWorld();
    world.file = { sha256: 'a' };
    let release: (() => void) | undefined;
    world.before('makeSftpAccess', () => new Promise<void>((resolve) => (release = resolve)));
    const { reaches, signalAtOnce } = await time.onboard(world);
    await until('the access is being made', () => release !== undefined);
    await signalAtOnce('fileUploaded', { by: 'sftp' });
    release?.();
    await reaches('awaiting-approval');
  });

  it('counts when another one is read: the newer file is read next', async () => {
    const { world, reaches, rests, signal, signalAtOnce, upload } = await toUpload(time);
    let release: (() => void) | undefined;
    world.before('readRoster', (call) =>
      call === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    await upload({ sha256: 'a' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the first file is being read', () => release !== undefined);
    world.file = { sha256: 'b' };
    await signalAtOnce('fileUploaded', { by: 'sftp' });
    release?.();
    await until('the plan of the newer file', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
    await rests();
    expect(world.runs).toHaveLength(2);
    expect(world.closed).toMatchObject([{ run: 1, state: 'superseded' }]);
  });

  it('is one upload, told twice before it is fetched', async () => {
    const { world, reaches, rests, signal, signalAtOnce, upload } = await toUpload(time);
    let release: (() => void) | undefined;
    world.before('openRun', () => new Promise<void>((resolve) => (release = resolve)));
    await upload({ sha256: 'a' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the run is being opened', () => release !== undefined);
    await signalAtOnce('fileUploaded', { by: 'portal' });
    release?.();
    await reaches('awaiting-approval');
    await rests();
    expect(world.runs).toHaveLength(1);
  });

  it.each([['nothing'], ['a string', 'hello'], ['null', null], ['a number', 7], ['a list', [{}]]])(
    'counts with %s for a payload',
    async (_, ...payload) => {
      const { reaches, signal, upload } = await toUpload(time);
      await upload({ sha256: 'a' });
      await signal('fileUploaded', ...payload);
      await reaches('awaiting-approval');
    },
  );
});

describe('a file that an earlier onboarding left in the folder', () => {
  it('is noticed by the watch when the district is onboarded anew', async () => {
    const world = time.newWorld();
    world.file = world.lastFetched = { sha256: 'a' };
    const { reaches } = await time.onboard(world);
    await reaches('awaiting-approval');
  });
});

describe('the same bytes again', () => {
  it('lead back to the approval as it stood, with its since and its plan', async () => {
    const { world, progress, reaches, rests, signal } = await toApproval(time);
    const before = await progress();
    await rests();
    await time.pass(3 * DAY);
    await signal('fileUploaded', { by: 'portal' });
    await until('the second run ended', () => world.outcomes()[1] === 'unchanged');
    const after = await reaches('awaiting-approval');
    expect(after).toMatchObject({
      since: before.since,
      planHash: before.planHash,
      lastRun: before.lastRun,
    });
    expect(ignoredBy(after)).toEqual(['fileUploaded: the same bytes as run 1']);
    expect(world.closed).toEqual([]);

    await signal('planApproved', { by: 'cli' });
    await reaches('awaiting-login-test');
    expect(world.applied).toMatchObject([{ run: 1 }]);
  });

  it('lead back to the correction, where support may still approve', async () => {
    const { world, progress, reaches, rests, signal } = await toCorrection(time);
    const { since } = await progress();
    await rests();
    await signal('fileUploaded');
    await until('the second run ended', () => world.outcomes()[1] === 'unchanged');
    expect(await reaches('awaiting-correction')).toMatchObject({ since, planHash: 'plan-bad-1' });
  });

  it('that could not be read are not read, nor mailed about, again', async () => {
    const { world, progress, reaches, rests, signal, upload } = await toUpload(time);
    await upload({ sha256: 'junk', unreadable: 'NOT_CSV' });
    await signal('fileUploaded');
    const { since } = await reaches('awaiting-correction');
    await rests();
    await signal('fileUploaded');
    await until('the second run ended', () => world.outcomes()[1] === 'unchanged');
    expect(await reaches('awaiting-correction')).toMatchObject({ since });
    expect(ignoredBy(await progress())).toEqual(['fileUploaded: the same bytes as run 1']);
    expect(world.countOf('readRoster')).toBe(1);
  });

  it('are read again when they are not those of the last file', async () => {
    const { world, reaches, rests, signal, upload } = await toApproval(time);
    await upload({ sha256: 'b' });
    await signal('fileUploaded');
    await until('the second plan', () => world.runs[1]?.plan);
    await reaches('awaiting-approval');
    await rests();
    world.file = { sha256: 'a' };
    await signal('fileUploaded');
    await until('the third plan', () => world.runs[2]?.plan);
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-a-1' });
  });
});

describe('a good file that comes back', () => {
  it('after one that was refused is read and offered again', async () => {
    const { world, reaches, rests, signal, upload } = await toApproval(time);
    await upload({ sha256: 'junk', unreadable: 'HEADER_ONLY' });
    await signal('fileUploaded');
    await reaches('awaiting-correction');
    await rests();
    world.file = { sha256: 'a' };
    await signal('fileUploaded');
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-a-1' });
    expect(world.outcomes()).toEqual(['held', 'refused', 'held']);
  });

  it('after a run that broke before its plan was offered is read again', async () => {
    const { world, reaches, rests, signal, signalAtOnce, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.break('makePlan', 'INTERNAL');
    await signal('fileUploaded');
    await until('support is told', () => world.mailed().includes('sync-failed'));
    world.heal('makePlan');
    world.file = { sha256: 'junk', unreadable: 'NOT_CSV' };
    await signalAtOnce('fileUploaded');
    await reaches('awaiting-correction');
    await rests();
    world.file = { sha256: 'a' };
    await signal('fileUploaded');
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-a-1' });
  });
});

describe('a newer file', () => {
  it('supersedes the plan that waits for approval', async () => {
    const { world, reaches, signal, upload } = await toApproval(time);
    await upload({ sha256: 'b' });
    await signal('fileUploaded', { by: 'sftp' });
    await until('the second plan', () => world.runs[1]?.plan);
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-b-1' });
    expect(world.closed).toEqual([{ run: 1, state: 'superseded', by: 'system' }]);
  });

  it('is noticed by the watch while a correction is awaited', async () => {
    const { world, reaches, rests } = await toCorrection(time);
    await rests();
    await time.pass(DAY);
    world.file = { sha256: 'better' };
    await time.pass(DAY);
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-better-1' });
    expect(world.closed).toMatchObject([{ run: 1, state: 'superseded' }]);
  });

  it('that another run planned meanwhile is read in place of the one that was overtaken', async () => {
    const { world, reaches, signal, upload } = await toUpload(time);
    let release: (() => void) | undefined;
    world.before('readRoster', (call) =>
      call === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    await upload({ sha256: 'old' });
    await signal('fileUploaded');
    await until('the older file is being read', () => release !== undefined);
    world.file = { sha256: 'new' };
    const { handle } = await time.sync(world, 'by-hand');
    expect(await handle.result()).toMatchObject({ outcome: 'applied' });
    release?.();
    expect(await reaches('awaiting-approval')).toMatchObject({ planHash: 'plan-new-1' });
    await until('support is told', () => world.mailed().includes('plan-ready'));
    expect(world.mailed().filter((one) => one === 'plan-ready')).toHaveLength(1);
    expect(world.runs[0]?.plan?.state).toBe('superseded');
  });

  it('that cannot be read takes the older plan off the table', async () => {
    const { world, progress, reaches, signal, upload } = await toApproval(time);
    await upload({ sha256: 'junk', unreadable: 'HEADER_ONLY' });
    await signal('fileUploaded');
    await reaches('awaiting-correction');
    await signal('planApproved', { by: 'cli' });
    const after = await until('the approval is noted', async () => {
      const now = await progress();
      return now.ignored.length > 0 && now;
    });
    expect(after).toMatchObject({ stage: 'awaiting-correction', planHash: null });
    expect(ignoredBy(after)).toEqual(['planApproved: no plan is on offer']);
    expect(world.applied).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  it.each<FileProblem>(['EMPTY_FILE', 'HEADER_ONLY', 'COLUMN_MISSING', 'NOT_TEXT', 'NOT_CSV'])(
    'with %s goes back to the district, and changes nothing',
    async (unreadable) => {
      const { world, reaches, signal, upload } = await toUpload(time);
      await upload({ sha256: 'junk', unreadable });
      await signal('fileUploaded');
      const now = await reaches('awaiting-correction');
      expect(now).toMatchObject({ lastRun: { outcome: 'refused', problem: unreadable } });
      await until('the district is told', () => world.mailed().includes('file-refused'));
      expect(world.mails.at(-1)).toMatchObject({ run: 1, problem: unreadable });
      expect(world.calls).not.toContain('makePlan');
    },
  );

  it('with errors goes back to the district, with a plan on offer for support', async () => {
    const { world, progress } = await toCorrection(time);
    expect(await progress()).toMatchObject({
      waitingOn: 'district',
      planHash: 'plan-bad-1',
      lastRun: { findings: { errors: 3 } },
    });
    await until('the district is told', () => world.mailed().includes('correction-needed'));
  });

  it('as it went before it was fetched leads back to where it waited', async () => {
    const { world, progress, reaches, rests, signal, upload } = await toUpload(time);
    const { since } = await progress();
    await upload({ sha256: 'a' });
    world.before('openRun', () => {
      world.file = null;
    });
    await signal('fileUploaded');
    await until('the run is refused', () => world.outcomes()[0] === 'refused');
    expect(await reaches('awaiting-upload')).toMatchObject({ since });
    await rests();
    expect(world.mailed()).toEqual(['invitation']);
  });
});

describe('a folder that cannot be looked at', () => {
  it('is told to support once for each problem, and looked at again later', async () => {
    const { world, reaches, rests } = await toUpload(time);
    await rests();
    world.problem = 'SFTP_AUTH';
    await time.pass(6 * DAY);
    await until('support is told', () => world.mailed().includes('source-problem'));
    world.problem = 'SFTP_HOST_KEY';
    await time.pass(10 * DAY);
    await until(
      'support is told of the other problem',
      () => world.mailed().filter((one) => one === 'source-problem').length === 2,
    );
    const told = world.mails.filter((mail) => mail.template === 'source-problem');
    expect(told.map((mail) => mail.problem)).toEqual(['SFTP_AUTH', 'SFTP_HOST_KEY']);
    expect(world.mailed()).toContain('upload-reminder');

    world.problem = null;
    world.file = { sha256: 'a' };
    await time.pass(10 * DAY);
    await reaches('awaiting-approval');
  });

  it('is told again when the same problem comes back after it was mended', async () => {
    const { world, rests } = await toUpload(time);
    await rests();
    world.problem = 'SFTP_AUTH';
    await time.pass(DAY);
    await until('support is told', () => world.mailed().includes('source-problem'));
    world.problem = null;
    await time.pass(5 * DAY);
    world.problem = 'SFTP_AUTH';
    await time.pass(2 * DAY);
    await until('support is told again', () => {
      const told = world.mails.filter((mail) => mail.template === 'source-problem');
      return new Set(told.map((mail) => mail.key)).size === 2;
    });
  });

  it('is looked at at once for an upload that was told while the plan was loaded', async () => {
    const { world, reaches, rests, signal, signalAtOnce } = await toApproval(time);
    await rests();
    world.problem = 'SFTP_AUTH';
    await signal('fileUploaded');
    await until('support is told', () => world.mailed().includes('source-problem'));
    let release: (() => void) | undefined;
    world.before('applyPlan', (call) =>
      call === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    await signal('planApproved', { by: 'cli' });
    await until('the plan is being applied', () => release !== undefined);
    world.problem = null;
    world.file = { sha256: 'b' };
    await signalAtOnce('fileUploaded', { by: 'sftp' });
    release?.();
    await reaches('awaiting-login-test');
    await until('the second file is applied', () => world.outcomes()[1] === 'applied');
  });

  it('that fails each time the file is fetched is told once', async () => {
    const { world, signal, upload } = await toUpload(time);
    await upload({ sha256: 'a' });
    world.before('fetchRoster', () => {
      world.problem = 'SFTP_PATH';
    });
    world.before('lookForUpload', () => {
      world.problem = null;
    });
    world.before('watchForUpload', () => {
      world.problem = null;
    });
    await signal('fileUploaded');
    await time.pass(3 * DAY);
    await until('it was fetched again and again', () => world.countOf('fetchRoster') > 3);
    expect(world.mailed().filter((one) => one === 'source-problem')).toHaveLength(1);
  });

  it('is looked at again at once when an upload is told', async () => {
    const { world, reaches, rests, signal } = await toUpload(time);
    await rests();
    world.problem = 'SFTP_AUTH';
    await signal('fileUploaded');
    await until('support is told', () => world.mailed().includes('source-problem'));
    world.problem = null;
    world.file = { sha256: 'a' };
    await signal('fileUploaded');
    await reaches('awaiting-approval');
  });

  it('that breaks when it is fetched from leads back, and support is told', async () => {
    const { world, progress, reaches, signal, upload } = await toUpload(time);
    const { since } = await progress();
    await upload({ sha256: 'a' });
    world.before('fetchRoster', () => {
      world.problem = 'SFTP_PATH';
    });
    await signal('fileUploaded');
    await until('support is told', () => world.mailed().includes('source-problem'));
    expect(await reaches('awaiting-upload')).toMatchObject({ since });
    world.heal('fetchRoster');
    world.problem = null;
    await time.pass(DAY);
    await reaches('awaiting-approval');
  });

  it('that no server answers for is told to support when the tries are used up', async () => {
    const { world, rests, signal } = await toUpload(time);
    await rests();
    world.break('lookForUpload', 'SFTP_UNREACHABLE', false);
    await signal('fileUploaded');
    await time.pass(2 * HOUR);
    await until('support is told', () => world.mailed().includes('source-problem'));
    expect(world.mails.at(-1)).toMatchObject({ problem: 'SFTP_UNREACHABLE' });
  });

  it('that no server answers for a whole day is told, also when nobody uploads', async () => {
    const { world, rests } = await toUpload(time);
    await rests();
    world.break('watchForUpload', 'SFTP_UNREACHABLE', false);
    await time.pass(2 * DAY - HOUR);
    await until('support is told', () => world.mailed().includes('source-problem'));
    expect(world.mails.at(-1)).toMatchObject({ problem: 'SFTP_UNREACHABLE' });
  });
});
