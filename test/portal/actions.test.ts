import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { down, refused } from '../../client/errors.js';
import { mintLink } from '../../store/config/links.js';
import { StoreError } from '../../store/errors.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { addDistricts, OURS, portalOn, visitByLink } from './fixture.js';
import { DISTRICT, OWN_SERVER, standIn, type StandIn } from './stand-in.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addDistricts(database.db);
});
afterAll(() => database?.drop());

const HOME = `/d/${OURS}`;

async function guestAt(given: StandIn) {
  const { app, calls } = portalOn(database.db, given);
  const guest = await visitByLink(database.db, app);
  const home = async () => (await guest.get(HOME)).text();
  return { guest, calls, home };
}

describe('a button', () => {
  it.each([
    ['uploaded', 'awaiting-upload', {}, `uploaded ${OURS} portal`, 'We look at your file now'],
    ['logins-ok', 'awaiting-login-test', {}, `loginsOk ${OURS} portal`, 'switch on the nightly'],
    [
      'logins-failed',
      'awaiting-login-test',
      { reason: '  unknown user ' },
      `loginsFailed ${OURS} portal unknown user`,
      'Support has your note',
    ],
  ] as const)(
    'tells the process of %s and says so once',
    async (form, stage, fields, call, said) => {
      const { guest, calls, home } = await guestAt({ stage });
      const answer = await guest.post(`${HOME}/${form}`, fields);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(HOME);
      expect(calls).toEqual([call]);
      expect(await home()).toContain(said);
      expect(await home()).not.toContain(said);
    },
  );

  it('pressed twice is as good as once', async () => {
    const { guest, home } = await guestAt({ stage: 'awaiting-upload' });
    const answers = await Promise.all([
      guest.post(`${HOME}/uploaded`),
      guest.post(`${HOME}/uploaded`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await home()).toContain('We look at your file now');
  });

  it.each([
    ['STAGE_PAST', refused('STAGE_PAST', 'run npx rollcall'), 'already settled'],
    ['STAGE_NOT_YET', refused('STAGE_NOT_YET', 'run npx rollcall'), 'too early'],
    ['ALREADY_TOLD', refused('ALREADY_TOLD', 'run npx rollcall'), 'Support knows'],
    ['TEMPORAL_DOWN', down('TEMPORAL_DOWN', 'run npx rollcall'), 'does not answer'],
    ['a code of tomorrow', refused('NEW_CODE', 'run npx rollcall'), 'That did not work'],
    ['the database away', new StoreError('DB_UNAVAILABLE', 'x', { retryable: true }), 'not answer'],
  ])('that meets %s shows a friendly line, not the command line’s', async (_code, error, said) => {
    const { guest, home } = await guestAt({
      stage: 'awaiting-login-test',
      verbs: { loginsOk: () => Promise.reject(error) },
    });
    const answer = await guest.post(`${HOME}/logins-ok`);
    expect(answer.status).toBe(303);
    const page = await home();
    expect(page).toContain(said);
    expect(page).not.toContain('npx');
  });

  it.each(['constructor', '%3Cb%3Ehello%3C%2Fb%3E', ''])(
    'shows nothing for the code %j, which is none of ours',
    async (code) => {
      const { app } = portalOn(database.db);
      const link = await mintLink(database.db, OURS);
      const answer = await app.request(`http://portal.example${HOME}`, {
        headers: { Cookie: `rollcall_said=${code}; rollcall_link=${link}` },
      });
      const page = await answer.text();
      expect(answer.status).toBe(200);
      expect(page).not.toContain('role="status"');
      expect(page).not.toContain('hello');
    },
  );
});

describe('“the logins do not work”', () => {
  it('asks for a reason, and keeps the form open', async () => {
    const { guest, calls } = await guestAt({ stage: 'awaiting-login-test' });
    const answer = await guest.post(`${HOME}/logins-failed`, { reason: ' \n ' });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toMatch(/<title>Error: /);
    expect(page).toMatch(/<details[^>]*\bopen\b/);
    expect(page).toContain('aria-invalid="true"');
    expect(page).toContain('Please write in a sentence what happens');
    expect(calls).toEqual([]);
  });

  it('keeps a text that is too long, to be shortened, and escapes it', async () => {
    const { guest, calls } = await guestAt({ stage: 'awaiting-login-test' });
    const reason = `</textarea><b>${'x'.repeat(600)}`;
    const page = await (await guest.post(`${HOME}/logins-failed`, { reason })).text();
    expect(page).toContain('Please keep it to 500 characters');
    expect(page).toContain(`&lt;/textarea&gt;&lt;b&gt;${'x'.repeat(600)}`);
    expect(calls).toEqual([]);
  });

  it('puts its text into no address and no cookie', async () => {
    const { guest } = await guestAt({ stage: 'awaiting-login-test' });
    const answer = await guest.post(`${HOME}/logins-failed`, { reason: 'unheard-of words' });
    expect(JSON.stringify([...answer.headers])).not.toContain('unheard');
  });
});

describe('a new SFTP password', () => {
  it('is shown in the answer alone, with what it replaces', async () => {
    const { guest, calls, home } = await guestAt({ stage: 'awaiting-upload' });
    const answer = await guest.post(`${HOME}/password`);
    const page = await answer.text();
    const [password = 'none'] = /hn4vq8mzk2bxw7sp9cde3jtr\w+/.exec(page) ?? [];
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(password).not.toBe('none');
    expect(page).toContain('only this once');
    expect(page).toContain('replaces the old password');
    expect(calls).toEqual([`newPassword ${OURS}`]);
    expect(await home()).not.toContain(password);
    expect(JSON.stringify([...answer.headers])).not.toContain(password);
  });

  it('is made one after the other, so that the last one shown is the one that counts', async () => {
    const steps: string[] = [];
    const waiting: (() => void)[] = [];
    const { verbs } = standIn();
    const { guest } = await guestAt({
      verbs: {
        newPassword: async (id) => {
          steps.push('begins');
          await new Promise<void>((resolve) => waiting.push(resolve));
          steps.push('ends');
          return verbs.newPassword(id);
        },
      },
    });
    const answers = [guest.post(`${HOME}/password`), guest.post(`${HOME}/password`)];
    const release = setInterval(() => waiting.shift()?.(), 5);
    await Promise.all(answers);
    clearInterval(release);
    expect(steps).toEqual(['begins', 'ends', 'begins', 'ends']);
  });

  it('is not offered where the server is the district’s own, and refused if asked for', async () => {
    const { guest, home } = await guestAt({
      district: { ...DISTRICT, ownServer: OWN_SERVER },
      verbs: { newPassword: () => Promise.reject(refused('OWN_SERVER', 'has its own')) },
    });
    const page = await home();
    expect(page).toContain('your own SFTP server');
    expect(page).toContain('/exports/science/roster.csv');
    expect(page).not.toContain('Make a new SFTP password');
    expect(page).not.toContain('MAPLE_SECRET');
    const answer = await guest.post(`${HOME}/password`);
    expect(answer.status).toBe(303);
    expect(await home()).toContain('cannot make a password');
  });
});
