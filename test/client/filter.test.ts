/** `filter` and what else shows one, as commands, with real workflows and activities. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../client/cli/main.js';
import { readFilter } from '../../client/filter-input.js';
import { decoded } from '../e2e/histories.js';
import { active } from '../store/support.js';
import { newDistrict, place, roster, standAsStack, type Place } from './place.js';
import { Collector, LONG_MS, mainIn, type Cli } from './run-cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-filter-'));
let at: Place;
let worker: Promise<{ stop(): Promise<void> }> | undefined;
const startWorker = () => (worker ??= at.startWorker());
let env: NodeJS.ProcessEnv;
let cli: Cli;

beforeAll(async () => {
  at = await place();
  env = await standAsStack(folder, at);
  cli = mainIn(folder, env);
});
afterAll(async () => {
  await (await worker)?.stop();
  await at?.close();
  rmSync(folder, { recursive: true });
});

/** Twelve students in biology at school 01, and twenty in art at school 02. */
const FILE =
  roster(0, 12) +
  Array.from(
    { length: 20 },
    (_, n) => `02,Elm,art@t.example,Ada,Arp,A1,Art,Art${n},Dent,a${n}@s.example,4\n`,
  ).join('');
const rosterNow = (id: string) => active(at.database.db, id);

it(
  'says that nobody looks where no worker runs',
  async () => {
    await at.rollcall.addDistrict(newDistrict('filter-alone'));
    const answer = await cli('filter', 'filter-alone', '--only-school', '01', '--yes');
    expect([answer.status, answer.stderr]).toEqual([3, expect.stringContaining('none is running')]);
    expect((await at.rollcall.showDistrict('filter-alone')).filter).toEqual({});
  },
  LONG_MS,
);

describe('a district that is live', () => {
  const id = 'filter-live';
  beforeAll(async () => {
    await startWorker();
    await at.rollcall.addDistrict(newDistrict(id));
    at.files.set(`/${id}/roster.csv`, FILE);
    await at.rollcall.onboard(id);
    await at.stage(id, 'awaiting-approval');
    await at.rollcall.approve(id);
    await at.stage(id, 'awaiting-login-test');
    await at.rollcall.loginsOk(id);
    await at.stage(id, 'live');
  }, LONG_MS);

  it('is shown what a filter would do, which sets nothing', async () => {
    expect((await cli('filter', id)).stdout).toBe(
      `${id} has no filter: every class of its file is taken.\n`,
    );
    const only = ['--only-school', ' 01 ', '--only-school', '1', '--without-class-name', 'ART*'];
    const seen = await cli('filter', id, ...only, '--preview');
    expect(seen.status).toBe(0);
    expect(seen.stdout).toContain('only schools 01, 1\n  without classes named ART*\n');
    expect(seen.stdout).toMatch(/students +12 +20 +32\n/);
    expect(seen.stdout).toMatch(/02 +Elm +0 of 1 +0 of 20\n/);
    expect(seen.stdout).toContain('Nothing in that file matches --only-school 1\n');
    expect(seen.stdout).toContain('seats 32 → 12 of 100');
    expect(seen.stdout).toMatch(/students +0 +0 +0 +20 /);
    expect(seen.stdout).toContain('It would be held until you approve it');
    expect(seen.stdout).toContain('students-removed: 62.5, allowed 10 percent (20 of 32)\n');
    const json = (await cli('filter', id, ...only, '--preview', '--json')).json();
    expect(json).toMatchObject({
      ...{ district: id, state: 'ready', set: false },
      filter: { only: { schools: ['01', '1'] }, without: { classNames: ['ART*'] } },
      classes: { all: 2, inside: 1 },
      plan: { seats: { licensed: 100, before: 32, after: 12 } },
    });
    expect((await at.rollcall.showDistrict(id)).filter).toEqual({});
  });

  it(
    'gets it once it was looked at, and the roster follows as it was shown',
    async () => {
      const asked = await cli('filter', id, '--only-teacher', 'T@t.example');
      expect(asked.status).toBe(1);
      const [, confirm = ''] =
        /npx rollcall filter \S+ --confirm (\S+)\n$/.exec(asked.stdout) ?? [];
      expect((await at.rollcall.showDistrict(id)).filter).toEqual({});
      const set = await cli('filter', id, '--confirm', confirm);
      expect([set.status, set.stdout]).toEqual([
        0,
        `only classes of t@t.example\nSet. It counts from the next sync on; now: npx rollcall sync ${id}\n`,
      ]);
      expect((await cli('filter', id, '--confirm', confirm)).stderr).toContain('no such preview');
      expect((await cli('district', 'show', id)).stdout).toMatch(/filter +only classes of t@/);

      const held = await cli('sync', id, '--wait', '--json');
      expect(held.json()).toMatchObject({ outcome: 'held' });
      expect((await cli('plan', id)).stdout).toMatch(
        /filter +1 class and 20 students of the file are outside it \(20 rows\)\n/,
      );
      await at.rollcall.approve(id);
      const { workflowId } = held.json() as { workflowId: string };
      await at.client.workflow.getHandle(workflowId).result();
      expect(await rosterNow(id)).toMatchObject({ schools: ['01'], classes: ['C1'] });
      expect((await cli('runs', id)).stdout).toMatch(/applied .*1 class/);
      expect((await cli('filter', id, '--json')).json()).toMatchObject({
        filter: { only: { teachers: ['t@t.example'] } },
        outside: { classes: 1, students: 20, rows: 20, rejected: 0 },
      });

      // Back again: what the roster does not have is shown from the file.
      const none = await cli('filter', id, '--none', '--yes');
      expect(none.stdout).toContain('seats 12 → 32 of 100');
      expect((await at.rollcall.showDistrict(id)).filter).toEqual({});
      const handle = at.client.workflow.getHandle(`filter/${id}/${confirm}`);
      const history = decoded(await handle.fetchHistory());
      expect(history).toContain('previewFilter');
      expect(history).not.toMatch(/@t\.example|@s\.example|Elm|Art/);
    },
    LONG_MS,
  );

  it('does not get one that leaves nothing, not even with --yes', async () => {
    const { filter } = await at.rollcall.showDistrict(id);
    const answer = await cli('filter', id, '--only-class', 'c1', '--yes');
    expect(answer.status).toBe(1);
    expect(answer.stdout).toContain('No class would be left, so it cannot be set');
    expect(answer.stdout).toContain('Nothing in that file matches --only-class c1');
    const { preview } = await at.rollcall.previewFilter(id, { only: { classes: ['c1'] } });
    const forced = await cli('filter', id, '--confirm', preview);
    expect([forced.status, forced.stderr]).toEqual([
      1,
      expect.stringContaining('No class of filter-live’s file would be left'),
    ]);
    expect((await at.rollcall.showDistrict(id)).filter).toEqual(filter);
  });

  it.each([
    ['n', 1, {}],
    ['', 1, {}],
    ['y', 0, { without: { classes: ['A*'] } }],
  ])('is asked about on a terminal, and %j is its answer', async (typed, status, filter) => {
    const [stdout, stderr] = [new Collector(), new Collector()];
    stdout.isTTY = true;
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.end(typed === '' ? '' : `${typed}\n`);
    const args = ['filter', id, '--without-class', 'A*'];
    expect(await main(args, { stdin, stdout, stderr, env, cwd: folder })).toBe(status);
    expect(stderr.text).toContain('Set this filter? [y/N] ');
    expect((await at.rollcall.showDistrict(id)).filter).toEqual(filter);
  });
});

describe('a district without a file', () => {
  let id = '';
  let districts = 0;
  beforeAll(startWorker);
  beforeEach(async () => {
    id = `filter-new-${(districts += 1)}`;
    await at.rollcall.addDistrict(newDistrict(id));
  });

  it('gets its filter at once, as there is nothing to look at', async () => {
    const set = await cli('filter', id, '--only-class-name', 'Bio', '--json');
    expect(set.json()).toMatchObject({ state: 'no-file', set: true });
    expect((await at.rollcall.showDistrict(id)).filter).toEqual({ only: { classNames: ['Bio'] } });
    expect((await cli('filter', id, '--preview', '--only-class', 'x')).stdout).toContain(
      'No file has come yet',
    );
  });

  it.each([
    [['--only-school', ''], /--only-school: give one school_id/],
    [['--only-teacher', 'Grace Kim'], /--only-teacher: give one full address/],
    [['--only-teacher', 'a *'], /--only-teacher: an address has no spaces/],
    [['--only-class', 'A', '--without-class', 'A '], /"A" stands both in --only-class and/],
    [['--none', '--only-class', 'A'], /one of the three/],
    [['--yes'], /Say what filter/],
    [['--only-clas', 'A'], /unknown option/],
  ])('and %j is refused in one line', async (args, words) => {
    const answer = await cli('filter', id, ...args);
    expect(answer.stderr).toMatch(words);
    expect(answer.stderr.trim()).not.toContain('\n');
    expect(answer.status).toBe(2);
  });
});

it('entries are kept in the spelling that a file is read in', () => {
  const filter = { only: { schools: ['\u00a001'], classNames: ['Science\u00a0 7'], classes: [] } };
  expect(
    readFilter({ ...filter, without: { teachers: [' KIM@D.example', '*@D.Example '] } }),
  ).toEqual({
    only: { schools: ['01'], classNames: ['Science 7'] },
    without: { teachers: ['*@d.example', 'kim@d.example'] },
  });
});

describe('check', () => {
  it('reads a file with the same options, and without a server', async () => {
    writeFileSync(path.join(folder, 'file.csv'), FILE);
    const alone = mainIn(folder);
    const seen = await alone('check', 'file.csv', '--only-school', '01', '--without-class', 'A9*');
    expect([seen.status, seen.stderr]).toEqual([0, '']);
    expect(seen.stdout).toContain('1 school, 1 teacher, 1 class, 12 students, 12 enrollments\n');
    expect(seen.stdout).toContain(
      'left out by the filter: 1 school, 1 teacher, 1 class, 20 students, 20 good rows\n',
    );
    expect(seen.stdout).toContain('nothing in the file matches --without-class A9*\n');
    const json = (await alone('check', 'file.csv', '--only-school', '01', '--json')).json();
    expect(json).toMatchObject({
      ...{ rows: 32, accepted: 32, unknown: [] },
      counts: { classes: 1, students: 12 },
      outside: { classes: 1, students: 20, rows: 20 },
    });
    const nothing = await alone('check', 'file.csv', '--only-school', '03');
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toContain('No class of the file is inside the filter');
    expect((await alone('check', 'file.csv', '--json')).json()).toMatchObject({ outside: null });
  });
});
