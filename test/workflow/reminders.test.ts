import { describe, expect, it } from 'vitest';
import type { Stage } from '../../workflows/stages.js';
import { until } from '../support/wait.js';
import { toApproval, toCorrection, toLogins, toUpload } from './paths.js';
import { timeTravel } from './time.js';
import { DAY } from './world.js';

const time = timeTravel();

describe('while it waits for the district', () => {
  const cases = [
    { stage: 'awaiting-upload', begin: toUpload, reminder: 'upload-reminder' },
    { stage: 'awaiting-correction', begin: toCorrection, reminder: 'correction-reminder' },
    { stage: 'awaiting-login-test', begin: toLogins, reminder: 'login-test-reminder' },
  ] as const;

  it.each(cases)(
    'in $stage it reminds on days 2, 5 and 10, then weekly, and tells support on day 14',
    async ({ stage, begin, reminder }) => {
      const { world, rests, progress } = await begin(time);
      await rests();
      const { since } = await progress();
      await time.pass(32 * DAY);
      await until('five reminders', () => world.daysOf(reminder, since).length >= 5);
      expect(world.daysOf(reminder, since)).toEqual([2, 5, 10, 17, 24, 31]);
      expect(world.daysOf('escalation', since)).toEqual([14]);
      expect(world.mails.find((mail) => mail.template === 'escalation')).toMatchObject({ stage });
      const keys = world.mails.map((mail) => mail.key);
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  it('stops reminding once a file is there', async () => {
    const { world, rests, reaches, upload, signal } = await toUpload(time);
    await rests();
    await time.pass(3 * DAY);
    await upload({ sha256: 'a' });
    await signal('fileUploaded');
    await reaches('awaiting-approval');
    await rests();
    await time.pass(10 * DAY);
    await rests();
    expect(world.mailed()).toEqual(['invitation', 'upload-reminder', 'plan-ready']);
  });

  it('takes settings that were changed from the next stage on', async () => {
    const { world, rests, reaches, upload, signal, progress } = await toUpload(time);
    world.policy = { ...world.policy, remindAfter: [DAY], remindEvery: DAY };
    await upload({ sha256: 'bad', errors: 1 });
    await signal('fileUploaded');
    await reaches('awaiting-correction');
    const { since } = await progress();
    await rests();
    await time.pass(3.5 * DAY);
    await rests();
    expect(world.daysOf('correction-reminder', since)).toEqual([1, 2, 3]);
  });

  it('sends one reminder, not every missed one, after a standstill of ours', async () => {
    const world = time.newWorld();
    // The settings cannot be read for eleven days: longer than three reminders.
    world.break('readPolicy', 'STORE_UNREACHABLE');
    const { progress } = await time.onboard(world);
    const { since } = await until('invited', async () => {
      const now = await progress();
      return now.stage === 'awaiting-upload' && now;
    });
    await time.pass(11 * DAY);
    world.heal('readPolicy');
    await time.pass(DAY);
    await until('a reminder', () => world.mailed().includes('upload-reminder'));
    expect(world.daysOf('upload-reminder', since)).toHaveLength(1);
  });
});

describe('while it waits for support', () => {
  it('tells support once, on day 14, and does not remind the district', async () => {
    const { world, rests, progress } = await toApproval(time);
    await rests();
    const { since } = await progress();
    await time.pass(40 * DAY);
    await until('the escalation', () => world.mailed().includes('escalation'));
    expect(world.daysOf('escalation', since)).toEqual([14]);
    expect(world.mailed()).toEqual(['invitation', 'plan-ready', 'escalation']);
  });

  it('does so in login-problem as well', async () => {
    const { world, rests, reaches, signal } = await toLogins(time);
    await signal('loginTestFailed', { by: 'portal', reason: 'note/7' });
    const { since } = await reaches('login-problem');
    await rests();
    await time.pass(20 * DAY);
    await until('the escalation', () => world.mailed().includes('escalation'));
    expect(world.daysOf('escalation', since)).toEqual([14]);
    const stage: Stage = 'login-problem';
    expect(world.mails.at(-1)).toMatchObject({ template: 'escalation', stage });
    expect(world.mailed()).not.toContain('login-test-reminder');
  });
});
