import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSmtpMailer } from '../../worker/adapters/smtp-mailer.js';
import { markLive } from '../../store/config/districts.js';
import { keepNote } from '../../store/config/notes.js';
import { openLink } from '../../store/config/links.js';
import { planUndo } from '../../store/undo.js';
import { MAIL_TEMPLATES, type MailTemplate } from '../../workflows/contract.js';
import type { Mailer } from '../../activities/ports.js';
import { startRefusingMail } from '../support/mail.js';
import { newDistrict, night, row, stageUndo } from '../store/support.js';
import { until } from '../support/wait.js';
import { csv, failureOf, pupils, startBench, VENDOR, type Bench } from './bench.js';

let bench: Bench;
const district = 'maple';
let run = 0;

/** In the file, and so in the store; none of it may come out in a mail. */
const PERSONAL = /Thistlewood|Quillfeather|Underhollow|Tamsin|Pip |pupils\.district|teach-|nib\./;

beforeAll(async () => {
  bench = await startBench();
  await bench.district(district, {
    name: 'Maple Valley Unified',
    contact: 'office@maple.example',
    products: ['rocketlit'],
    seats: 50,
  });
  const bad =
    '010,School 010,teach-010@district.example,Tamsin,Underhollow,010-S5,Science 5,Nib,Thistlewood,nib.thistlewood,5';
  await bench.upload(district, csv(pupils(1, 12), [bad]));
  ({ run } = await bench.run('openRun', { district, workflowId: 'w', occasion: '1' }));
  await bench.run('fetchRoster', { district, run });
  await bench.run('readRoster', { district, run });
  const { planHash } = await bench.run('makePlan', { district, run });
  await bench.run('applyPlan', { district, run, planHash, by: 'cli' });
  await bench.run('chooseSampleLogins', { district, run });
});
afterAll(() => bench.close());

let keys = 0;
const freshKey = (): string => `key-${(keys += 1)}`;
const lastMail = async () => {
  const mails = await bench.mail.mails();
  const last = mails.at(-1);
  if (!last) throw new Error('no mail came');
  return last;
};
/** The text without line breaks inside paragraphs. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

const TO_DISTRICT: readonly MailTemplate[] = [
  ...(['invitation', 'upload-reminder', 'correction-needed', 'correction-reminder'] as const),
  ...(['file-refused', 'plan-rejected', 'login-test', 'login-test-reminder'] as const),
  ...(['live', 'sync-refused'] as const),
];

describe('every letter', () => {
  it.each(MAIL_TEMPLATES)(
    '%s goes to whom it concerns, says what to do, and names no person',
    async (template) => {
      const before = (await bench.mail.mails()).length;
      const sent = await bench.run('sendMail', {
        district,
        template,
        key: freshKey(),
        stage: 'awaiting-upload',
        run,
        problem: 'HEADER_ONLY',
        reason: 'Grade 9 is missing.',
      });
      expect(sent).toEqual({ sent: true });
      expect(await bench.mail.mails()).toHaveLength(before + 1);

      const mail = await lastMail();
      const toDistrict = TO_DISTRICT.includes(template);
      expect(mail.to).toEqual([toDistrict ? 'office@maple.example' : VENDOR.supportAddress]);
      expect(mail.subject).toContain('Maple Valley Unified');
      expect(mail.html).toBeNull();
      expect(`${mail.subject}\n${mail.text}`).not.toMatch(PERSONAL);
      expect(mail.text).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
      const longest = Math.max(
        ...mail.text
          .split('\n')
          .filter((l) => !l.startsWith('  '))
          .map((l) => l.length),
      );
      expect(longest).toBeLessThanOrEqual(76);

      const token = /rollcall\.vendor\.example\/l\/([\w-]{43})/.exec(mail.text)?.[1];
      if (toDistrict) {
        expect(await openLink(bench.db, token ?? '')).toMatchObject({ state: 'open', district });
      } else {
        expect(token).toBeUndefined();
        expect(mail.text).toMatch(/npx rollcall \w/);
      }
      expect(flat(mail.text)).toMatch(
        /until|by itself|by themselves|by ourselves|nothing more|next night/i,
      );
    },
  );
});

const text = async (request: { template: MailTemplate; problem?: string; reason?: string }) => {
  await bench.run('sendMail', { district, key: freshKey(), run, ...request });
  return flat((await lastMail()).text);
};

describe('what stands in a letter', () => {
  it('tells how to upload, with a sample and the products', async () => {
    const invitation = await text({ template: 'invitation' });
    expect(invitation).toContain('https://rollcall.vendor.example/sample.csv');
    expect(invitation).toContain('User name maple');
    expect(invitation).toContain('File /roster.csv');
    expect(invitation).toContain('RocketLit');
    expect(invitation).not.toContain('InnerOrbit');
    expect(invitation).toContain('in 2 days');
    expect(invitation).toContain(`Host key ${bench.sftp.server.hostKey}`);
  });

  it('tells what to correct as rule, count and mending', async () => {
    const correction = await text({ template: 'correction-needed' });
    expect(correction).toContain('1 of its 13 rows cannot be used as it is:');
    expect(correction).toContain(
      'The student_email is not an email address. (1 row, 1 student, EMAIL_MALFORMED)',
    );
    expect(correction).toContain('Write one full address, like name@district.example.');
  });

  it('shows support the counts of a plan and the commands for it', async () => {
    const plan = await text({ template: 'plan-ready' });
    expect(plan).toContain('Students 12 0 0 0');
    expect(plan).toContain('Seats: 12 of 50 (now 0)');
    expect(plan).toContain('npx rollcall approve maple');
  });

  it('shows support the limits that a held plan is over', async () => {
    const shrinking = await bench.district('shrinking', { name: 'Shrinking', seats: 50 });
    let held = 0;
    for (const [occasion, count] of [
      ['1', 12],
      ['2', 6],
    ] as const) {
      await bench.upload(shrinking, csv(pupils(1, count)));
      const opened = await bench.run('openRun', { district: shrinking, workflowId: 'w', occasion });
      const ref = { district: shrinking, run: opened.run };
      await bench.run('fetchRoster', ref);
      await bench.run('readRoster', ref);
      const { planHash } = await bench.run('makePlan', ref);
      if (count === 12) await bench.run('applyPlan', { ...ref, planHash, by: 'cli' });
      held = ref.run;
    }
    const key = freshKey();
    await bench.run('sendMail', { district: shrinking, template: 'sync-held', key, run: held });
    const mail = flat((await lastMail()).text);
    expect(mail).toContain('- students removed: 50%, allowed 10% (6 of 12)');
    expect(mail).toContain('Ask the district whether its export is whole');
    expect(mail).toContain('Students 0 0 0 6');
    expect(mail).toContain('npx rollcall plan shrinking 2');
    expect(mail).toContain('after 14 days');
  });

  it('says of an undo what it was to undo, and why it is held or was given up', async () => {
    const { id: full } = await newDistrict(bench.db, { id: 'full', seats: 1 });
    const one = row('s1', 't1', 'c1', 'ann');
    await night(bench.db, full, [one, row('s1', 't1', 'c1', 'ben')]);
    const gone = await night(bench.db, full, [one]);
    const { run } = await stageUndo(bench.db, full, gone.run);
    const letter = async (template: 'sync-held' | 'sync-failed', key: string) => {
      const request = { district: full, template, key, run, problem: 'UNDO_DONE' };
      await bench.run('sendMail', request);
      return flat((await lastMail()).text);
    };
    const other = await letter('sync-held', 'another plan');
    expect(other).toContain(
      'which is to undo run 2, would put back something else than was looked at',
    );
    await planUndo(bench.db, { district: full, run });
    expect(await letter('sync-held', 'seats')).toContain('would take more seats');
    const failed = await letter('sync-failed', 'failed');
    expect(failed).toContain('was to undo run 2, was given up (UNDO_DONE)');
    expect(failed).toContain(`npx rollcall undo ${full} 2`);
    expect(failed).not.toContain('sync');
  });

  it('gives the district the reason that support kept as a note, on one line', async () => {
    const reason = await keepNote(bench.db, district, 'Grade 9\r\nis\u0000 missing.\u001b[31m');
    const rejected = await text({ template: 'plan-rejected', reason });
    expect(rejected).toContain('Grade 9 is missing. [31m');
    expect(await text({ template: 'plan-rejected', reason: 'said  in the\nUI' })).toContain(
      'said in the UI',
    );
    const gone = 'note/00000000-0000-4000-8000-000000000000';
    expect(await text({ template: 'plan-rejected', reason: gone })).toContain(
      'No reason was given',
    );
  });

  it('tells support that a district wrote something about its logins, but not what', async () => {
    const reason = await keepNote(bench.db, district, 'Pip cannot sign in');
    const kept = await text({ template: 'login-problem', reason });
    expect(kept).toContain(reason);
    expect(kept).toContain('npx rollcall status maple');
    const told = await text({ template: 'login-problem', reason: 'Pip cannot sign in' });
    expect(told).toContain('in the signal loginTestFailed');
    for (const mail of [kept, told]) expect(mail).not.toContain('cannot sign in');
  });

  it('tells a login test’s numbers and where to sign in', async () => {
    const test = await text({ template: 'login-test' });
    expect(test).toMatch(/We chose \d+ students? and 1 teacher for that/);
    expect(test).toContain('RocketLit: https://rocketlit.example/login');
  });

  it('sends what is wrong with our way in to support, and what is wrong with a file to the district', async () => {
    await text({ template: 'sync-refused', problem: 'SFTP_AUTH' });
    expect((await lastMail()).to).toEqual([VENDOR.supportAddress]);
    const folder = await text({ template: 'sync-refused', problem: 'NO_FILE' });
    expect((await lastMail()).to).toEqual(['office@maple.example']);
    expect(folder).toContain('nobody was removed');
    await bench.run('sendMail', {
      district,
      template: 'source-problem',
      key: freshKey(),
      stage: 'awaiting-upload',
      problem: 'NOT_A_FILE',
    });
    expect((await lastMail()).to).toEqual(['office@maple.example']);
    expect(flat((await lastMail()).text)).toContain('there is a folder, not a file');
  });

  it.each(['file-refused', 'sync-refused'] as const)(
    'sends a filter that leaves nothing (%s) to support, who has set it',
    async (template) => {
      const problem = 'FILTER_EMPTY';
      await bench.run('sendMail', { district, template, key: freshKey(), run, problem });
      const mail = await lastMail();
      expect(mail.to).toEqual([VENDOR.supportAddress]);
      expect(mail.subject).toBe('Maple Valley Unified: no class of the file is inside its filter');
      expect(flat(mail.text)).toContain('nobody was removed');
      expect(mail.text).toContain('npx rollcall filter maple');
    },
  );

  it('does not promise a password where the accounts are not ours', async () => {
    const { ourSftp } = bench.deps;
    const request = { district, template: 'invitation', key: freshKey() } as const;
    const theirs = { ourSftp: ourSftp && { ...ourSftp, managesAccounts: false } };
    await bench.run('sendMail', request, theirs);
    const invitation = flat((await lastMail()).text);
    expect(invitation).toContain('Account support gives you a user name and a password for it');
    expect(invitation).not.toMatch(/on your page; it is shown once|User name/);
  });

  it('names the next night only to a live district', async () => {
    const letters = async () => [
      await text({ template: 'sync-refused', problem: 'HEADER_ONLY' }),
      await text({ template: 'sync-failed', problem: 'DISTRICT_UNKNOWN' }),
    ];
    for (const letter of await letters()) {
      expect(letter).not.toMatch(/night|many times|stands as it was/);
    }
    await markLive(bench.db, district);
    for (const letter of await letters()) {
      expect(letter).toMatch(/the next night .*at 04:00 \(America\/Chicago\), unless/);
    }
  });
});

describe('sending once', () => {
  let before = 0;
  beforeEach(async () => {
    before = (await bench.mail.mails()).length;
  });
  const count = async (): Promise<number> => (await bench.mail.mails()).length - before;

  it('sends one mail for a key, however often it is asked', async () => {
    const request = { district, template: 'live', key: 'once' } as const;
    expect(await bench.run('sendMail', request)).toEqual({ sent: true });
    expect(await bench.run('sendMail', request)).toEqual({ sent: true });
    expect(await count()).toBe(1);
  });

  it('sends the same Message-ID after a crash between the server’s yes and our note', async () => {
    const request = { district, template: 'live', key: 'crash' } as const;
    const ids: string[] = [];
    const dying: Mailer = {
      async send(mail) {
        ids.push(mail.messageId);
        await bench.deps.mailer.send(mail);
        throw new Error('killed here');
      },
    };
    await failureOf(bench.run('sendMail', request, { mailer: dying }));
    expect(await count()).toBe(1);
    expect(await bench.run('sendMail', request)).toEqual({ sent: true });
    expect(await count()).toBe(1);
    expect((await lastMail()).messageId).toBe(ids[0]);
  });

  it('keeps a try waiting while an earlier one is still sending', async () => {
    const request = { district, template: 'live', key: 'slow' } as const;
    let goOn = (): void => undefined;
    let sending = false;
    const slow: Mailer = {
      async send(mail) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
          sending = true;
        });
        await bench.deps.mailer.send(mail);
      },
    };
    const first = bench.run('sendMail', request, { mailer: slow });
    await until('the first try is sending', () => sending);
    const failure = await failureOf(bench.run('sendMail', request));
    expect(failure).toMatchObject({ type: 'MAIL_BUSY', nonRetryable: false });
    goOn();
    expect(await first).toEqual({ sent: true });
    expect(await bench.run('sendMail', request)).toEqual({ sent: true });
    expect(await count()).toBe(1);
  });

  it('does not try a mail again that the server refuses for good, and says so', async () => {
    const refusing = await startRefusingMail('to', 550);
    const mailer = createSmtpMailer({
      url: refusing.url,
      from: 'rollcall@vendor.example',
      name: 'x',
    });
    const request = { district, template: 'live', key: 'refused' } as const;
    expect(await bench.run('sendMail', request, { mailer })).toEqual({ sent: false });
    expect(bench.logged.at(-1)).toContain('550');
    expect(bench.logged.join('\n')).not.toMatch(/@/);
    await refusing.stop();
    // A mended address gets its mail when it is asked for again.
    expect(await bench.run('sendMail', request)).toEqual({ sent: true });
    expect(await count()).toBe(1);
  });

  it.each([
    ['a full mailbox', 'to', 452, 'ESMTP452'],
    ['a busy server', 'connect', 421, 'ESMTP421'],
    ['a login of ours that fails', 'auth', 535, 'ESMTP535'],
  ] as const)(
    'tries again for %s, without the server’s words',
    async (_what, step, status, type) => {
      const refusing = await startRefusingMail(step, status);
      const mailer = createSmtpMailer({
        url: refusing.url,
        from: 'rollcall@vendor.example',
        name: 'x',
      });
      const request = { district, template: 'live', key: `later-${status}` } as const;
      const failure = await failureOf(bench.run('sendMail', request, { mailer }));
      expect(failure).toMatchObject({ type, nonRetryable: false });
      expect(failure.message).not.toMatch(/@|welcome/);
      await refusing.stop();
      expect(await bench.run('sendMail', request)).toEqual({ sent: true });
      expect(await count()).toBe(1);
    },
  );
});
