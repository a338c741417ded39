import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../client/cli/program.js';
import { demoDistrict } from '../../dev/demo/own-file.js';
import { openLink } from '../../store/config/links.js';
import { until } from '../support/wait.js';
import { newDistrict, place, roster, SFTP, standAsStack, type Place } from './place.js';
import { cliIn, LONG_MS, mainIn, unaidedIn, type Cli } from './run-cli.js';

const ADD = ['--name', 'Maple Valley', '--contact', 'it@maple.example', '--seats', '50'];
const WHEN = ['--time-zone', 'America/Chicago', '--nightly-at', '03:30'];

/** The paths of all commands, such as `district add`. */
function commandNames(): string[] {
  const { stdout, stderr } = process;
  const program = createProgram({ env: {}, cwd: '/', stdout, stderr, done: () => undefined });
  return program.commands.flatMap((one) =>
    one.commands.length > 0
      ? one.commands.map((sub) => `${one.name()} ${sub.name()}`)
      : [one.name()],
  );
}

describe('rollcall without anything running', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-cli-'));
  const cli = mainIn(folder);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has every command of the design', () => {
    const names =
      'up, demo, check, district add, district set, district list, district show, credentials, link, ' +
      'filter, onboard, status, uploaded, approve, reject, logins-ok, logins-failed, sync, pause, resume, ' +
      'runs, plan, same, different, report, undo, why, housekeeping, worker, portal, migrate';
    expect(commandNames().toSorted()).toEqual(names.split(', ').toSorted());
  });

  it('has help with an example, and --json, for each of them', () => {
    let help = '';
    const { stdout, stderr } = process;
    const program = createProgram({ env: {}, cwd: '/', stdout, stderr, done: () => undefined });
    const leaves = program.commands.flatMap((one) =>
      one.commands.length > 0 ? one.commands : [one],
    );
    for (const command of leaves) {
      command.configureOutput({ writeOut: (text) => (help += text) });
      help = '';
      command.outputHelp();
      expect(help, command.name()).toMatch(/Example:\n {2}\$ npx rollcall /);
      expect(help, command.name()).toContain('--json');
    }
  });

  it(
    'prints help with status 0 and loads neither Temporal nor Postgres for it',
    async () => {
      const traced = cliIn(folder, { NODE_DEBUG: 'module' });
      const { status, stdout, stderr } = await traced('sync', '--help');
      expect(stdout).toContain('Usage: rollcall sync [options] <id>');
      expect(status).toBe(0);
      expect(stderr).not.toMatch(/@temporalio|node_modules\/(pg|knex)\//);
      // The trace sees what is loaded: commander is.
      expect(stderr).toMatch(/node_modules\/commander/);
    },
    LONG_MS,
  );

  it.each([
    [['statsu'], /unknown command 'statsu'[^]*status/],
    [['status', '--wach'], /unknown option '--wach'[^]*--watch/],
    [['onboard'], /missing required argument 'id'/],
    [['onboard', 'a', 'b'], /too many arguments/],
    [['district', 'add', 'x'], /required option '--name <name>' not specified/],
    [['reject', 'x'], /required option '--reason <text>' not specified/],
    [['district', 'set', 'x'], /Say what to change/],
    [['plan', 'x', 'first'], /RUN: give a whole number/],
    [['runs', 'x', '--limit', '0'], /--limit: give a whole number/],
    [['district', 'set', 'x', '--quiet', '5'], /--quiet: write a duration/],
    [['district', 'set', 'x', '--column', 'Mail=mail'], /--column: there is no column "mail"/],
    [
      ['district', 'set', 'x', '--accept', 'CLASS_SIZ'],
      /Did you mean CLASS_SIZE\? .*ID_ZEROS_LOST/,
    ],
    [
      ['district', 'set', 'x', '--accept', 'STUDENT_CONFLICT'],
      /"STUDENT_CONFLICT" cannot be accepted/,
    ],
    [['district', 'set', 'x', '--accept', 'none', '--accept', 'CLASS_SIZE'], /none, alone/],
    [['check', 'x.csv', '--column', 'Mail'], /--column: write the header/],
    [['district', 'set', 'x', '--sftp-secret', 'env:A'], /give all three/],
    [['district', 'set', 'x', '--sftp', 'sftp://u:pw@h/x'], /--sftp must not hold a password/],
    [['credentials', 'x', '--key', 'nowhere.pub'], /nowhere\.pub cannot be read \(ENOENT\)/],
    [['demo', '--file', 'nowhere.csv'], /there is no such file/],
    // These two keep nothing of who asked, so they do not take it.
    [['onboard', 'x', '--by', 'me'], /unknown option '--by'/],
    [['sync', 'x', '--by', 'me'], /unknown option '--by'/],
  ])('ends with status 2 for %j', async (args, words) => {
    const plain = await cli(...args);
    expect(plain.stderr).toMatch(words);
    expect(plain.stdout).toBe('');
    expect(plain.status).toBe(2);
    const json = await cli(...args, '--json');
    expect(json.json()).toEqual({
      error: { code: expect.any(String), message: expect.any(String) },
    });
    expect(json.status).toBe(2);
  });

  it(
    'ends as a process with the status and the streams of the command',
    async () => {
      const real = cliIn(folder);
      writeFileSync(path.join(folder, 'good.csv'), roster(0, 2));
      writeFileSync(path.join(folder, 'bad.csv'), roster(0, 2, true));
      const [good, bad, wrong, down] = await Promise.all([
        real('check', 'good.csv'),
        real('check', 'bad.csv', '--json'),
        real('statsu'),
        real('status'),
      ]);
      expect([good, bad, wrong, down].map(({ status }) => status)).toEqual([0, 1, 2, 3]);
      expect(good.stdout).toContain('ready to upload');
      expect(bad.json()).toMatchObject({ ok: false, rejected: 1 });
      expect(wrong.stderr).toContain("unknown command 'statsu'");
      expect(down.stderr).toContain('npx rollcall up');
    },
    LONG_MS,
  );

  it('starts nothing for a demo with a file that cannot be used, and says how to mend it', async () => {
    writeFileSync(path.join(folder, 'no-roster.csv'), 'a,b\n1,2\n');
    writeFileSync(path.join(folder, 'no-rows.csv'), roster(0, 0, true));
    const wrong = await cli('demo', '--exit', '--json', '--file', 'no-roster.csv');
    expect(wrong.json()).toMatchObject({ error: { code: 'UNUSABLE_FILE' } });
    expect(wrong.stderr).toMatch(/^--file: .*school_id.*\n$/);
    expect(wrong.status).toBe(2);
    const empty = await cli('demo', '--file', 'no-rows.csv');
    expect(empty.stderr).toContain('npx rollcall check no-rows.csv');
    expect(empty.status).toBe(2);
    expect(existsSync(path.join(folder, '.rollcall'))).toBe(false);
  });

  it('says in one line how to start what it needs, with status 3', async () => {
    const { status, stdout, stderr } = await cli('status');
    expect(stderr).toMatch(/^Rollcall is not running here: .*`npx rollcall up`.*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(3);
    const json = await cli('status', '--json');
    expect(json.json()).toMatchObject({ error: { code: 'NOT_RUNNING' } });
    expect(json.stderr).toBe(stderr);
  });

  it('lists all problems of the settings at once, without their values', async () => {
    const wrong = mainIn(folder, { SMTP_URL: 'hunter2', DATABASE_URL: 'x', PORTAL_PORT: 'y' });
    const { status, stderr } = await wrong('status');
    for (const name of ['SMTP_URL', 'DATABASE_URL', 'PORTAL_PORT']) expect(stderr).toContain(name);
    expect(stderr).not.toContain('hunter2');
    expect(status).toBe(2);
  });
});

describe('rollcall on a stack', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-cli-'));
  let at: Place;
  let worker: { stop(): Promise<void> };
  let cli: Cli;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    at = await place();
    env = await standAsStack(folder, at);
    cli = mainIn(folder, env);
    worker = await at.startWorker();
  });
  afterAll(async () => {
    await worker?.stop();
    await at?.close();
    rmSync(folder, { recursive: true });
  });

  async function syncsOfMaple(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of at.client.workflow.list())
      if (workflowId.startsWith('sync/maple/')) ids.push(workflowId);
    return ids;
  }

  it('adds, changes, shows and lists districts', async () => {
    expect((await cli('district', 'list')).stdout).toContain('No district yet');
    const added = await cli(
      'district',
      'add',
      'maple',
      ...ADD,
      ...WHEN,
      '--product',
      'rocketlit',
      '--json',
    );
    expect(added.json()).toMatchObject({
      id: 'maple',
      seats: 50,
      products: ['rocketlit'],
      warnings: [],
    });
    expect(added.status).toBe(0);

    const twice = await cli('district', 'add', 'maple', ...ADD, ...WHEN, '--json');
    expect(twice.json()).toMatchObject({ error: { code: 'DISTRICT_EXISTS' } });
    expect(twice.status).toBe(1);

    const server = ['--sftp', 'sftp://u@sftp.maple.example/out', '--sftp-secret', 'env:MAPLE'];
    const key = ['--sftp-host-key', SFTP.hostKey];
    const limits = [
      '--max-removal-percent',
      '5',
      '--remind-after',
      '1d,3d',
      '--remind-every',
      '2d',
    ];
    const times = [
      '--escalate-after',
      '5d',
      '--quiet',
      '2s',
      '--look-every',
      '1s',
      '--hold-for',
      '4d',
      '--keep-files',
      '30',
    ];
    const all = ['--nightly-at', '02:15', ...server, ...key, ...limits, ...times];
    const set = await cli('district', 'set', 'maple', ...all, '--json');
    const DAY = 86_400_000;
    expect(set.json()).toMatchObject({
      nightlyAt: '02:15',
      ownServer: { host: 'sftp.maple.example', port: 22, username: 'u', path: '/out' },
      limits: { removalPercent: 5 },
      keepFiles: 30,
      timings: {
        remindAfter: [DAY, 3 * DAY],
        remindEvery: 2 * DAY,
        escalateAfter: 5 * DAY,
        quietFor: 2_000,
        lookEvery: 1_000,
        holdFor: 4 * DAY,
      },
      warnings: [expect.stringContaining('clocks change')],
    });
    expect(set.stderr).toMatch(/^warning: Between 01:00 and 02:59/);

    const back = await cli('district', 'set', 'maple', '--sftp', 'none', '--nightly-at', '03:30');
    expect(back.stdout).toMatch(/server +ours/);
    expect(back.stdout).toMatch(/files +kept for 30 days/);
    expect(back.stderr).toBe('');
    expect((await cli('district', 'show', 'maple', '--json')).json()).toMatchObject({
      ownServer: null,
    });
    expect((await cli('district', 'list', '--json')).json()).toMatchObject([{ id: 'maple' }]);
    expect((await cli('district', 'list')).stdout).toMatch(/maple +Maple Valley +50 +03:30/);
  });

  it('sets limits by name, shows what is unusual, and takes nothing that makes no sense', async () => {
    const set = (...options: string[]) => cli('district', 'set', 'maple', ...options);
    const some = ['--limit', 'school:students-removed=30', '--limit', 'rows-down=off'];
    const shown = await set(...some, '--limit', 'window=14d', '--seat-buffer', '25,5%');
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(
      /limits +students-removed 5%, rows-down off, school:students-removed 30, window 14d, seat-buffer 25,5%; else the usual ones/,
    );
    const json = (await cli('district', 'show', 'maple', '--json')).json();
    expect(json).toMatchObject({
      limits: {
        removalPercent: 5,
        own: { 'rows-down': 'off', window: '14d' },
        effective: { 'rows-down': 'off', 'error-rate': '2%', 'school:classes-removed': '10%' },
      },
    });

    const back = ['school:students-removed', 'rows-down', 'window', 'seat-buffer'];
    const reset = await set(...back.flatMap((name) => ['--limit', `${name}=default`]), '--json');
    expect(reset.json()).toMatchObject({ limits: { own: { 'students-removed': '5%' } } });

    const refused: [string[], string, RegExp][] = [
      [
        ['--limit', 'rows-dwn=10%'],
        'LIMIT_UNKNOWN',
        /Did you mean rows-down\? There are: .*window/,
      ],
      [['--limit', 'school:rows-down=10%'], 'LIMIT_UNKNOWN', /There are: /],
      [['--limit', 'rows-down=-1'], 'BAD_LIMIT', /from 0% to 100%/],
      [['--limit', 'rows-down=101%'], 'BAD_LIMIT', /from 0% to 100%/],
      [['--limit', 'rows-down=many'], 'BAD_LIMIT', /or off/],
      [['--limit', 'rows-down'], 'BAD_LIMIT', /name and its value/],
      [['--limit', 'window=0d'], 'BAD_LIMIT', /1d to 90d/],
      [['--limit', 'floor=2%'], 'BAD_LIMIT', /whole number/],
      [['--limit', 'seats-exceeded=20'], 'BAD_LIMIT', /seat-buffer/],
      [['--seat-buffer', '5%,6%'], 'BAD_LIMIT', /^--seat-buffer: .*25,5%/],
      [['--max-removal-percent', '101'], 'BAD_PERCENT', /0 to 100/],
    ];
    for (const [options, code, words] of refused) {
      const answer = await set(...options, '--json');
      expect(answer.json()).toMatchObject({
        error: { code, message: expect.stringMatching(words) },
      });
      expect(answer.status).toBe(2);
    }
    expect((await cli('district', 'show', 'maple')).stdout).toMatch(
      /limits +students-removed 5%; else the usual ones/,
    );
  });

  it('keeps what a district calls its columns, until they are set anew or taken back', async () => {
    const set = (...columns: string[]) =>
      cli('district', 'set', 'maple', ...columns.flatMap((one) => ['--column', one]));
    const shown = await set('Learner Mail=student_email', 'Org=school_id');
    expect(shown.stdout).toMatch(/its columns +Org → school_id\n +Learner Mail → student_email\n/);
    expect(shown.stderr).toContain('npx rollcall uploaded maple');
    expect((await set('Org=school_id', 'Learner Mail=student_email')).stderr).toBe('');
    expect((await set('Org=school_name')).status).toBe(0);
    const json = async () => (await cli('district', 'show', 'maple', '--json')).json().columns;
    expect(await json()).toEqual({ Org: 'school_name' });
    await cli('district', 'set', 'maple', '--seats', '50');
    expect(await json()).toEqual({ Org: 'school_name' });
    expect((await set('none')).stdout).not.toContain('its columns');
    expect(await json()).toEqual({});
  });

  it('keeps which findings are accepted, until they are set anew or taken back', async () => {
    const set = (...codes: string[]) =>
      cli('district', 'set', 'maple', ...codes.flatMap((one) => ['--accept', one]));
    const shown = await set('id_zeros_lost', 'CLASS_SIZE', 'ID_ZEROS_LOST');
    expect(shown.stdout).toMatch(/accepted +CLASS_SIZE, ID_ZEROS_LOST\n/);
    expect(shown.stderr).toContain('npx rollcall uploaded maple');
    expect((await cli('district', 'show', 'maple', '--json')).json()).toMatchObject({
      accepts: ['CLASS_SIZE', 'ID_ZEROS_LOST'],
    });
    expect((await set('none')).stdout).not.toContain('accepted');
  });

  it('gives a demo that was begun with a smaller file the seats for this one', async () => {
    const begun = { ...newDistrict('my-district'), seats: 1 };
    await at.rollcall.addDistrict(begun);
    const own = { file: '/nowhere.csv', students: 40 };
    expect(await demoDistrict(at.rollcall, own, () => undefined)).toBe('my-district');
    expect((await at.rollcall.showDistrict('my-district')).seats).toBe(40);
    await demoDistrict(at.rollcall, { ...own, students: 7 }, () => undefined);
    expect((await at.rollcall.showDistrict('my-district')).seats).toBe(40);
  });

  it('names the command that lists districts for one that is not there', async () => {
    const { status, stderr } = await cli('status', 'mapel');
    expect(stderr).toBe(
      'There is no district "mapel". Did you mean maple? `npx rollcall district list` shows them all.\n',
    );
    expect(status).toBe(2);
  });

  it('prints access with the keys that scripts read', async () => {
    expect((await cli('credentials', 'maple', '--json')).json()).toEqual({
      host: SFTP.host,
      port: SFTP.port,
      username: 'maple',
      password: expect.stringMatching(/^\S{20,}$/),
      path: '/roster.csv',
      hostKey: SFTP.hostKey,
    });
    writeFileSync(path.join(folder, 'k.pub'), 'ssh-ed25519 AAAA zoe\n');
    const bad = await cli('credentials', 'maple', '--key', 'k.pub');
    expect(bad.stderr).toContain('.pub file');
    expect(bad.status).toBe(2);
  });

  it('makes a link to the district’s page, keeps its hash alone, and ends it', async () => {
    const made = (await cli('link', 'maple', '--json')).json() as { url: string };
    expect(made).toEqual({
      district: 'maple',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/l\/[\w-]{43}$/),
      expiresAt: expect.stringMatching(/Z$/),
    });
    const token = made.url.slice(-43);
    const { db } = at.database;
    expect(await openLink(db, token)).toMatchObject({ state: 'open', district: 'maple' });
    const kept = await db.raw('select l::text as line from rollcall.links l');
    expect(JSON.stringify(kept.rows)).not.toContain(token);

    expect((await cli('link', 'maple')).stdout).toContain('/l/');
    expect((await cli('link', 'maple', '--revoke', '--json')).json()).toEqual({
      district: 'maple',
      revoked: 2,
    });
    expect(await openLink(db, token)).toEqual({ state: 'expired' });
    expect((await cli('link', 'nobody')).status).toBe(2);
  });

  it(
    'carries a district from invitation to live by commands alone',
    async () => {
      const set = ['--quiet', '1s', '--look-every', '1s'];
      await cli('district', 'set', 'maple', ...set);
      expect((await cli('onboard', 'maple')).stdout).toContain('is being invited');
      expect((await cli('onboard', 'maple')).stdout).toContain('under way already');
      await at.stage('maple', 'awaiting-upload');
      const status = await cli('status', 'maple', '--json');
      expect(status.json()).toMatchObject({
        district: 'maple',
        stage: 'awaiting-upload',
        waitingOn: 'district',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        workflowId: 'onboarding/maple',
        lastRun: null,
        nextSync: null,
      });
      const early = await cli('approve', 'maple');
      expect(early.stderr).toMatch(/^maple is at awaiting-upload .*nothing waits for an approval/);
      expect(early.status).toBe(1);

      at.files.set('/maple/roster.csv', roster(0, 30, true));
      expect((await cli('uploaded', 'maple', '--by', 'support-7')).status).toBe(0);
      await at.stage('maple', 'awaiting-correction');
      const report = await cli('report', 'maple', '--csv', 'findings.csv');
      expect(report.stdout).toContain('The student_email is empty.');
      expect(report.status).toBe(0);
      const nowhere = await cli('report', 'maple', '--json', '--csv', 'no-folder/findings.csv');
      expect(nowhere.json()).toMatchObject({ error: { code: 'CANNOT_WRITE' } }); // one line
      const csv = readFileSync(path.join(folder, 'findings.csv'));
      expect(parse(csv, { bom: true, columns: true })).toMatchObject([
        { line: '32', column: 'student_email' },
      ]);
      await at.database.db.raw(`
        with gone as (delete from rollcall.files)
        update rollcall.runs set fetched_at = fetched_at - interval '61 days'`);
      const gone = await cli('report', 'maple', '--csv', 'gone.csv');
      expect(gone.stdout).toContain(
        'the file itself is gone (removed, as files are kept for 30 days); all that was found in it is still here',
      );
      expect(readFileSync(path.join(folder, 'gone.csv')).equals(csv)).toBe(true);

      at.files.set('/maple/roster.csv', roster(0, 30));
      await at.stage('maple', 'awaiting-approval');
      const plan = await cli('plan', 'maple', '--json');
      expect(plan.json()).toMatchObject({
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        state: 'waiting',
        held: [],
        seats: { licensed: 50, before: 0, after: 30 },
        changes: { students: { added: 30, changed: 0, reactivated: 0, deactivated: 0 } },
        bySchool: [{ school: '01' }],
      });
      const other = await cli('approve', 'maple', '--plan', '00000000');
      expect(other.stderr).toContain('That is not the plan that waits');
      expect(other.status).toBe(1);
      const { hash } = plan.json() as { hash: string };
      expect((await cli('approve', 'maple', '--plan', hash, '--json')).json()).toMatchObject({
        planHash: hash,
      });

      await at.stage('maple', 'awaiting-login-test');
      expect((await cli('logins-failed', 'maple', '--reason', 'no classes')).status).toBe(0);
      await at.stage('maple', 'login-problem');
      expect((await cli('status', 'maple')).stdout).toMatch(/they say +no classes/);
      expect((await cli('logins-ok', 'maple')).status).toBe(0);
      const watched = await cli('status', 'maple', '--watch');
      expect(watched.stdout).toMatch(/stage +live/);
      expect(watched.status).toBe(0);
      const late = await cli('approve', 'maple');
      expect(late.stderr).toMatch(/^maple is live since .*; nothing waits for an approval\.\n$/);
      expect(late.status).toBe(1);
    },
    LONG_MS,
  );

  it(
    'follows a sync and goes by its outcome',
    async () => {
      const same = await cli('sync', 'maple', '--wait', '--json');
      expect(same.json()).toMatchObject({
        outcome: 'unchanged',
        file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: expect.any(Number) },
        startedAt: expect.any(String),
        endedAt: expect.any(String),
      });
      expect(same.status).toBe(0);

      at.files.set('/maple/roster.csv', roster(0, 10));
      const held = await cli('sync', 'maple', '--wait', '--json');
      expect(held.json()).toMatchObject({
        outcome: 'held',
        changes: { students: { deactivated: 20 } },
        // The school and its class are a third of what they were.
        findings: { errors: 0, warnings: 2, notes: 0 },
      });
      expect(held.status).toBe(1);
      const shown = (await cli('plan', 'maple')).stdout;
      expect(shown).toContain('students-removed: 66.67, allowed 5 percent (20 of 30)');
      expect(shown).toContain('rows-down: 66.67, allowed 20 percent (20 of 30)');
      expect(shown).toContain('npx rollcall district set maple --limit NAME=VALUE');
      expect((await cli('reject', 'maple', '--reason', 'half is missing')).status).toBe(0);

      const runs = (await cli('runs', 'maple', '--json')).json() as { run: number; kind: string }[];
      expect(runs.map(({ run }) => run)).toEqual(runs.map((_, n) => runs.length - n));
      expect(runs.at(-1)?.kind).toBe('first');
      expect((await cli('runs', 'maple')).stdout).toMatch(/run +kind +outcome/);
      const unknown = await cli('plan', 'maple', '99');
      expect(unknown.stderr).toContain('`npx rollcall runs maple` lists them');
      expect(unknown.status).toBe(2);
    },
    LONG_MS,
  );

  it(
    'says of a run that failed that it did, with status 3',
    async () => {
      // On a server of its own a file has to stand still; ours shows only whole ones.
      const ownServer = [
        ...['--sftp', 'sftp://export@sftp.maple.example/maple', '--sftp-secret', SFTP.secretRef],
        ...['--sftp-host-key', SFTP.hostKey, '--quiet', '1h'],
      ];
      const set = await cli('district', 'set', 'maple', ...ownServer);
      expect(set.status, set.stderr).toBe(0);
      at.files.set('/maple/roster.csv', roster(0, 29));
      const before = await syncsOfMaple();
      const syncing = cli('sync', 'maple', '--wait', '--json');
      const [ours = ''] = await until('the sync to start', async () => {
        const fresh = (await syncsOfMaple()).filter((id) => !before.includes(id));
        return fresh.length > 0 && fresh;
      });
      const handle = at.client.workflow.getHandle(ours);
      await until('the sync to wait for its file', async () =>
        (await handle.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes),
      );
      await handle.cancel();
      const failed = await syncing;
      expect(failed.json()).toMatchObject({
        run: expect.any(Number),
        kind: 'manual',
        outcome: 'failed',
        errorCode: 'CANCELLED',
        endedAt: expect.any(String),
      });
      expect(failed.status).toBe(3);
      expect((await cli('runs', 'maple', '--json')).json()[0]).toMatchObject({ outcome: 'failed' });
      await cli('district', 'set', 'maple', '--sftp', 'none', '--quiet', '1s');
    },
    LONG_MS,
  );

  it('pauses and resumes the nights', async () => {
    expect((await cli('pause', 'maple', '--json')).json()).toMatchObject({
      paused: true,
      nextSync: null,
    });
    expect((await cli('status', 'maple')).stdout).toContain('paused: npx rollcall resume maple');
    expect((await cli('resume', 'maple', '--json')).json()).toMatchObject({
      paused: false,
      nextSync: expect.stringMatching(/Z$/),
    });
  });

  it('lets no name of a district act on the terminal', async () => {
    await at.rollcall.addDistrict(newDistrict('oak'));
    await at.database.db.raw("update rollcall.districts set name = ? where id = 'oak'", [
      'Oak\u001b[2J\u202E',
    ]);
    for (const args of [
      ['status', 'oak'],
      ['district', 'list'],
      ['district', 'show', 'oak'],
    ]) {
      const { stdout } = await cli(...args);
      expect(stdout).toContain('Oak');
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  it('brings database and search attributes up to date, again and again', async () => {
    const { status, stdout } = await cli('migrate', '--json');
    expect(JSON.parse(stdout)).toEqual({ applied: [], searchAttributes: [] });
    expect(status).toBe(0);
  });

  it(
    'lets its process end at once: nothing holds it open',
    async () => {
      const unaided = unaidedIn(folder, env);
      const ended = await Promise.all([
        unaided('status', 'maple', '--json'),
        unaided('sync', 'nobody', '--json'),
        unaided('runs', 'maple'),
      ]);
      expect(ended.map(({ status }) => status)).toEqual([0, 2, 0]);
      expect(ended[0]?.json()).toMatchObject({ stage: 'live' });
    },
    LONG_MS,
  );

  it('says which part is down, where, and how to start it', async () => {
    const noTemporal = mainIn(folder, { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const status = await noTemporal('status', 'maple', '--json');
    expect(status.json()).toMatchObject({ error: { code: 'TEMPORAL_DOWN' } });
    expect(status.stderr).toBe(
      'Temporal at 127.0.0.1:1 does not answer. Start it with `npx rollcall up`, or set TEMPORAL_ADDRESS to the one that runs.\n',
    );
    expect(status.status).toBe(3);
    // What is in the store can be read all the same.
    expect((await noTemporal('runs', 'maple')).status).toBe(0);

    const noPostgres = mainIn(folder, {
      ...env,
      DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
    });
    const list = await noPostgres('district', 'list');
    expect(list.stderr).toMatch(/^Postgres does not answer \(ECONNREFUSED\)\..*\n$/);
    expect(list.stderr).not.toContain('hunter2');
    expect(list.status).toBe(3);
  });
});
