import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { readRoster } from '../../roster/read-roster.js';
import { down, refused } from '../../client/errors.js';
import { keepNote } from '../../store/config/notes.js';
import { StoreError } from '../../store/errors.js';
import { STAGES } from '../../workflows/stages.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { addDistricts, OTHERS, OURS, portalOn, visit, visitByLink } from './fixture.js';
import {
  DISTRICT,
  finding,
  PLAN,
  sampleStudent,
  VENDOR,
  WITH_MISTAKES,
  type StandIn,
} from './stand-in.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addDistricts(database.db);
});
afterAll(() => database?.drop());

async function pageOf(given: StandIn): Promise<{ status: number; page: string }> {
  const { app } = portalOn(database.db, given);
  const answer = await (await visitByLink(database.db, app)).get(`/d/${OURS}`);
  return { status: answer.status, page: await answer.text() };
}

const heading = (page: string): string | undefined => /<h2 id="now">([^<]+)/.exec(page)?.[1];
const buttons = (page: string): string[] =>
  [...page.matchAll(/<button[^>]*>\s*([^<]+?)\s*<\/button>/g)].map(([, label = '']) => label);

const mail = (at: string, text: string) => ({
  to: ['it@district.example'],
  subject: '<b>Hi</b>',
  text,
  at,
});

const mailbox = async () => [
  mail('2026-11-23T10:00:00.000Z', 'the older one'),
  mail(
    '2026-11-23T11:00:00.000Z',
    'Open http://portal.example/l/abc_-9. <i>javascript:alert(1)</i>',
  ),
];

/** The page after support rejected the plan, with a note that belongs to `owner`. */
const rejectedPage = async (owner: string) => {
  const note = await keepNote(database.db, owner, 'Grade 6 is missing <altogether>.');
  const { page } = await pageOf({
    stage: 'awaiting-correction',
    runs: [{ ...WITH_MISTAKES, outcome: 'held' }],
    verbs: { plan: async () => ({ ...PLAN, state: 'rejected', reason: note }) },
  });
  return page;
};

/** What a filter left out. */
const OUTSIDE = { rows: 1900, rejected: 5, schools: 1, classes: 70, teachers: 9, students: 800 };

describe('the district’s page', () => {
  it.each([
    ['not-started', 'Your onboarding has not begun yet', []],
    ['inviting', 'We are preparing your upload access', []],
    ['awaiting-upload', 'Please upload your roster file', ['My file is uploaded']],
    ['validating', 'We are checking your file', []],
    ['awaiting-correction', 'Your file needs a correction', ['My file is uploaded']],
    ['awaiting-approval', 'Support is looking over your file', ['My file is uploaded']],
    ['loading', 'We are loading your roster', []],
    [
      'awaiting-login-test',
      'Please try a few logins',
      ['My file is uploaded', 'The logins work', 'Tell support that they do not work'],
    ],
    [
      'login-problem',
      'Support is mending the logins',
      ['My file is uploaded', 'The logins work now'],
    ],
    ['live', 'You are live', []],
  ] as const)(
    'says at %s what is awaited and offers what can be done',
    async (stage, says, offers) => {
      const { status, page } = await pageOf({ stage });
      expect(status).toBe(200);
      expect(heading(page)).toBe(says);
      expect(buttons(page)).toEqual([...offers, 'Make a new SFTP password']);
    },
  );

  it('marks one step as the current one, and all before it as done', async () => {
    for (const stage of STAGES) {
      const { page } = await pageOf({ stage });
      expect(page.match(/aria-current="step"/g), stage).toHaveLength(1);
    }
    const { page } = await pageOf({ stage: 'awaiting-approval' });
    const states = [...page.matchAll(/class="state">([^<]+)/g)].map(([, state]) => state);
    expect(states).toEqual(['Done', 'Done', 'Under way', 'To come', 'To come', 'To come']);
  });

  it('gives times in the district’s own zone', async () => {
    const { page } = await pageOf({ stage: 'live' });
    expect(page).toMatch(/<time\s+datetime="2026-11-25T06:30:00.000Z"/);
    expect(page).toContain('November 24, 2026 at 10:30 PM PST');
    expect(page).toContain('every night at 10:30 PM');
  });

  it('says where to upload to', async () => {
    const { page } = await pageOf({});
    for (const fact of ['sftp.vendor.example', '>22<', `>${OURS}<`, '/roster.csv', 'SHA256:kq0W'])
      expect(page).toContain(fact);
    for (const column of COLUMNS) expect(page).toContain(`<code>${column}</code>`);
  });

  it('gathers mistakes by cause, errors first, each with its lines and how to mend it', async () => {
    const { page } = await pageOf({
      stage: 'awaiting-correction',
      runs: [{ ...WITH_MISTAKES, outside: OUTSIDE }],
      findings: [
        finding({ code: 'GRADE_UNKNOWN', severity: 'warning', line: 4, rows: 90 }),
        ...Array.from({ length: 15 }, (_, n) =>
          finding({
            code: 'EMAIL_MALFORMED',
            line: 40 - n,
            column: 'student_email',
            value: `v${n}`,
          }),
        ),
        finding({ code: 'CLASS_TWO_SCHOOLS', line: 7, lines: [7, 12], rows: 44 }),
      ],
    });
    const codes = [...page.matchAll(/class="code">([^<]+)/g)].map(([, code]) => code);
    expect(codes).toEqual(['CLASS_TWO_SCHOOLS', 'EMAIL_MALFORMED', 'GRADE_UNKNOWN']);
    expect(page).toContain('lines 7, 12');
    expect(page).toContain('lines 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37 and 3 more');
    expect(page).toContain('Write one full address');
    expect(page).toContain('checked, not loaded');
    expect(page).toContain('4,201');
    expect(page).toMatch(/<dt>of classes not taken here<\/dt>\s*<dd>1,905<\/dd>/);
  });

  it('tells of the file as a whole without rows, and repeats no value', async () => {
    const { page } = await pageOf({
      stage: 'awaiting-correction',
      runs: [{ ...WITH_MISTAKES, outcome: 'refused', problem: 'COLUMN_MISSING' }],
      findings: [
        finding({
          code: 'COLUMN_MISSING',
          line: 1,
          column: 'student_email',
          value: 'student_email',
          subject: 'student_email; instead it has: pupil mail',
          rows: 0,
        }),
      ],
    });
    expect(page).toContain('lacks these columns: student_email; instead it has: pupil mail.');
    expect(page).toMatch(/<p class="soft">\s*column <code>student_email<\/code> · line 1\s*<\/p>/);
  });

  it('says what was put right by itself', async () => {
    const { page } = await pageOf({
      stage: 'awaiting-approval',
      findings: [],
      repairs: [
        { code: 'DELIMITER', line: 1, before: ';', after: ',', rows: 0 },
        { code: 'QUOTES_STRAIGHTENED', line: 9, before: 'O’B', after: "O'B", rows: 3 },
        { code: 'QUOTES_STRAIGHTENED', line: 12, before: 'D’A', after: "D'A", rows: 1 },
      ],
    });
    expect(page).toContain('What we put right ourselves');
    expect(page).toContain('parted by something other than a comma');
    const said = page.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ');
    expect(said).toContain('On line 1: ; → ,');
    expect(said).toContain('4 rows, first on line 9: O’B → O&#39;B');
  });

  it('keeps showing the mistakes when the same file was met once more', async () => {
    const again = {
      ...WITH_MISTAKES,
      run: 2,
      outcome: 'unchanged',
      file: null,
      accepted: null,
      rejected: null,
      findings: null,
    } as const;
    const { page } = await pageOf({
      stage: 'awaiting-correction',
      runs: [again, { ...WITH_MISTAKES, outcome: 'held' }],
    });
    expect(page).toContain('the same file as before');
    expect(page).toContain('4,201');
    expect(page).toContain('EMAIL_MALFORMED');
  });

  it('says what is wrong in a file that was turned away before, and is met once more', async () => {
    const again = { ...WITH_MISTAKES, outcome: 'refused', problem: 'COLUMN_MISSING' } as const;
    const { page } = await pageOf({
      stage: 'live',
      runs: [{ ...again, run: 2, findings: null }, again],
      findings: [finding({ code: 'COLUMN_MISSING', line: 1, value: 'class_id', rows: 0 })],
    });
    expect(page).toContain('lacks these columns: class_id');
    expect(page).toMatch(/href="[^"]*\/reports\/run-2\.csv"/);
  });

  it('says why a file could not be taken at all, and how to mend that', async () => {
    const { page } = await pageOf({
      stage: 'awaiting-correction',
      runs: [
        { ...WITH_MISTAKES, outcome: 'refused', problem: 'NO_FILE', file: null, findings: null },
      ],
    });
    expect(page).toContain('There was no file at the agreed place.');
    expect(page).toContain('exactly the file name');
  });

  it('shows support’s words on a rejected plan, and only this district’s', async () => {
    expect(await rejectedPage(OURS)).toContain('asks you to change something');
    expect(await rejectedPage(OURS)).toContain('Grade 6 is missing &lt;altogether&gt;.');
    expect(await rejectedPage(OTHERS)).not.toContain('Grade 6 is missing');
  });

  it('escapes hostile names wherever they stand', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const { page } = await pageOf({
      stage: 'awaiting-login-test',
      district: { ...DISTRICT, name: hostile, fileName: hostile },
      runs: [WITH_MISTAKES],
      findings: [finding({ code: 'EMAIL_MALFORMED', line: 2, value: hostile, column: hostile })],
      samples: {
        run: 1,
        students: [{ ...sampleStudent, firstName: hostile, email: hostile, school: hostile }],
        teachers: [],
      },
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page.match(/&lt;script&gt;alert/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('names the people to try and where they sign in', async () => {
    const { page } = await pageOf({ stage: 'awaiting-login-test' });
    expect(page).toContain('zoe.obrien@students.maple-valley.example');
    expect(page).toContain('Student, grade 7 · Harbor View Middle School');
    expect(page).toContain('href="https://rocketlit.com/login"');
    expect(page).toContain('href="https://innerorbit.com/login"');
  });

  it('keeps the people to itself at every other stage', async () => {
    for (const stage of STAGES.filter((one) => !one.includes('login'))) {
      const { page } = await pageOf({ stage });
      expect(page, stage).not.toContain('zoe.obrien@students');
    }
  });
});

describe('when something is down', () => {
  it('still shows what it knows without Temporal, and says that the step is not known', async () => {
    const { status, page } = await pageOf({
      runs: [WITH_MISTAKES],
      verbs: { status: () => Promise.reject(down('TEMPORAL_DOWN', 'Temporal at 10.0.0.1 …')) },
    });
    expect(status).toBe(503);
    expect(page).toContain('We cannot show the current step just now');
    expect(page).toContain('How to upload');
    expect(page).toContain('4,201');
    expect(page).not.toContain('10.0.0.1');
  });

  it('has a plain page without the database', async () => {
    const { app } = portalOn(database.db, {
      verbs: {
        showDistrict: () =>
          Promise.reject(new StoreError('DB_UNAVAILABLE', 'x', { retryable: true })),
      },
    });
    const answer = await (await visitByLink(database.db, app)).get(`/d/${OURS}`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('This page does not work just now');
  });

  it('hides no fault of ours behind “down”', async () => {
    const { status } = await pageOf({
      verbs: { status: () => Promise.reject(refused('ODD', 'odd')) },
    });
    expect(status).toBe(500);
  });

  it('says which part is not ready', async () => {
    const parts = { database: 'ok', temporal: 'down' } as const;
    const { app } = portalOn(database.db, {}, { ready: async () => ({ ready: false, parts }) });
    const answer = await visit(app).get('/ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, parts });
    expect((await visit(app).get('/health')).status).toBe(200);
  });
});

describe('pages for anybody', () => {
  it('say what this is', async () => {
    const page = await (await visit(portalOn(database.db).app).get('/')).text();
    expect(page).toContain('Roster upload for school districts');
    expect(page).toContain('Science Learning Co.');
  });

  it('hold a sample file that our own reader takes without a word', async () => {
    const answer = await visit(portalOn(database.db).app).get('/sample.csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const result = await readRoster(
      (async function* () {
        yield bytes;
      })(),
      () => undefined,
    );
    expect(result).toMatchObject({
      ok: true,
      rows: 8,
      accepted: 8,
      rejected: 0,
      findings: { length: 0 },
    });
    expect(new TextDecoder().decode(bytes).split('\r\n')[0]).toBe(COLUMNS.join(','));
  });

  it('say where there is nothing', async () => {
    const answer = await visit(portalOn(database.db).app).get('/nowhere');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such page');
  });
});

describe('the mails of development', () => {
  it('are listed newest first, with links to click and nothing else alive', async () => {
    const { app } = portalOn(database.db, {}, { mailbox, vendor: VENDOR });
    const page = await (await visit(app).get('/dev/mails')).text();
    expect(page.indexOf('javascript')).toBeLessThan(page.indexOf('the older one'));
    expect(page).toContain(
      '<a href="http://portal.example/l/abc_-9">http://portal.example/l/abc_-9</a>.',
    );
    expect(page).toContain('&lt;b&gt;Hi&lt;/b&gt;');
    expect(page).not.toMatch(/<i>|href="javascript/);
  });

  it('are not there in production', async () => {
    expect((await visit(portalOn(database.db).app).get('/dev/mails')).status).toBe(404);
  });
});
