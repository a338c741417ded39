/** `undo` and `why` as commands, with real workflows and activities on nights of the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../client/cli/main.js';
import { decoded } from '../e2e/histories.js';
import { active, night, row } from '../store/support.js';
import { newDistrict, place, standAsStack, type Place } from './place.js';
import { Collector, LONG_MS, mainIn, type Cli } from './run-cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-undo-'));
let at: Place;
let worker: { stop(): Promise<void> };
let env: NodeJS.ProcessEnv;
let cli: Cli;
let id = '';
let districts = 0;

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

const ANN = row('s1', 't1', 'c1', 'ann');
const BEN = row('s1', 't1', 'c1', 'ben');
const rosterNow = () => active(at.database.db, id);
const next = (...rows: Parameters<typeof night>[2]) => night(at.database.db, id, rows);

/** Run 1 is good; run 2 takes Ben out of everything and gives Ann a wrong name. */
beforeEach(async () => {
  id = `undo-${(districts += 1)}`;
  await at.rollcall.addDistrict(newDistrict(id));
  await next(ANN, BEN);
  await next({ ...ANN, studentLastName: 'Wrong' });
});

describe('undo', () => {
  it('shows with --preview what would come back, and changes nothing', async () => {
    await next({ ...ANN, studentLastName: 'Late' });
    const before = await rosterNow();
    const { status, stdout } = await cli('undo', id, '2', '--preview');
    expect(status).toBe(0);
    expect(stdout).toContain(`Undoing run 2 of ${id} would put back:`);
    expect(stdout).toMatch(/students +0 +0 +1 +0\n/);
    expect(stdout).toMatch(/s1 +School s1 +\+1 /);
    expect(stdout).toMatch(/left as it is +changed again since/);
    expect(stdout).toMatch(/students +ann@s\.example +last_name +changed again, by run 3/);
    expect(stdout).toContain('seats 1 → 2 of 100');
    const json = (await cli('undo', id, '2', '--preview', '--json')).json();
    expect(json).toMatchObject({
      district: id,
      undoes: 2,
      changes: { students: { reactivated: 1 }, enrollments: { reactivated: 1 } },
      seats: { licensed: 100, before: 1, after: 2 },
      left: { students: { changed: 1, needed: 0, outside: 0 } },
      leftValues: [{ key: 'ann@s.example', value: 'last_name', why: 'changed', byRun: 3 }],
    });
    expect(await rosterNow()).toEqual(before);
    expect((await at.rollcall.runs(id))[0]).toMatchObject({ run: 3 });
  });

  it(
    'puts it back as a run of its own, with a plan, that can be undone',
    async () => {
      const undone = await cli('undo', id, '2', '--json', '--by', 'support-7');
      expect(undone.status).toBe(0);
      expect(undone.json()).toMatchObject({
        run: 3,
        kind: 'undo',
        outcome: 'applied',
        undoes: 2,
        workflowId: `undo/${id}/2`,
        changes: { students: { changed: 1, reactivated: 1 } },
        endedAt: expect.stringMatching(/Z$/),
      });
      expect((await rosterNow()).students).toEqual(['ann', 'ben']);
      expect((await cli('runs', id)).stdout).toMatch(/3 +undo of 2 +applied/);
      const plan = await cli('plan', id, '3');
      expect(plan.stdout).toMatch(/state +applied by support-7/);
      expect(plan.stdout).toMatch(/undoes +run 2\n/);
      expect((await cli('report', id, '3')).status).toBe(0);

      const again = await cli('undo', id, '2');
      expect([again.status, again.stderr]).toEqual([1, 'Run 2 was undone already, by run 3.\n']);
      expect((await cli('undo', id, '3')).stdout).toContain(`Run 4 of ${id}: applied`);
      expect((await rosterNow()).students).toEqual(['ann']);

      const handle = at.client.workflow.getHandle(`undo/${id}/2`);
      const history = decoded(await handle.fetchHistory());
      expect(history).toContain('planUndo');
      expect(history).not.toMatch(/@s\.example|Wrong|Dent/);
    },
    LONG_MS,
  );

  it('is held where it would take more seats than there are, until that is approved', async () => {
    await at.rollcall.setDistrict(id, { seats: 1 });
    expect((await cli('undo', id, '2', '--preview')).stdout).toContain('it will be held');
    const held = await cli('undo', id, '2', '--yes');
    expect([held.status, held.stdout]).toEqual([1, expect.stringMatching(/Run 3 .*: held/)]);
    expect((await rosterNow()).students).toEqual(['ann']);
    expect((await cli('approve', id)).status).toBe(0);
    const done = at.client.workflow.getHandle(`undo/${id}/2`).result() as Promise<unknown>;
    expect(await done).toMatchObject({ outcome: 'applied' });
    expect((await rosterNow()).students).toEqual(['ann', 'ben']);
  });

  it.each([
    [['9'], 2, /has no run 9;/],
    [['0'], 2, /RUN: give a whole number/],
    [['2', '--by', 'a@b.example'], 2, /--by: give an id/],
  ])('of %j is refused in one line', async (args, status, words) => {
    const answer = await cli('undo', id, ...args);
    expect(answer.stderr).toMatch(words);
    expect(answer.stderr.trim()).not.toContain('\n');
    expect(answer.status).toBe(status);
  });

  it.each([
    ['n', 1, ['ann']],
    ['', 1, ['ann']],
    ['y', 0, ['ann', 'ben']],
  ])('asks on a terminal, and %j is its answer', async (typed, status, students) => {
    const [stdout, stderr] = [new Collector(), new Collector()];
    stdout.isTTY = true;
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.end(typed === '' ? '' : `${typed}\n`);
    const ended = await main(['undo', id, '2'], { stdin, stdout, stderr, env, cwd: folder });
    expect(stderr.text).toContain(`Undo run 2 of ${id}? [y/N] `);
    expect(stdout.text).toContain('would put back');
    expect(ended).toBe(status);
    expect((await rosterNow()).students).toEqual(students);
  });
});

describe('why', () => {
  it('tells of a student what each run did, from which line, by whom, and whether it was undone', async () => {
    await cli('undo', id, '2', '--by', 'support-7');
    const { status, stdout } = await cli('why', id, ' BEN@s.example ');
    expect(status).toBe(0);
    expect(stdout).toMatch(/student ben@s\.example: active\n/);
    expect(stdout).toMatch(/classes +c1 \(Class c1\)/);
    expect(stdout).toMatch(/run 1 {2}first, .* UTC, file [0-9a-f]{12} line 3, approved by test\n/);
    expect(stdout).toContain('added: first name Stu ben, last name Dent ben, grade 5');
    expect(stdout).toMatch(/run 2 .*undone by run 3\n +became inactive\n +left class: c1\n/);
    expect(stdout).toMatch(
      /run 3 {2}undo of run 2, .* UTC, asked for by support-7\n +came back\n +came into class: c1\n/,
    );
    const ann = (await cli('why', id, 'ann@s.example', '--json')).json();
    expect(ann).toMatchObject({
      district: id,
      found: [
        {
          kind: 'student',
          active: true,
          now: { last_name: 'Dent ann' },
          story: [
            { run: 1, action: 'added', line: 2, joined: ['c1'], undoneBy: null },
            {
              run: 2,
              action: 'changed',
              line: 2,
              old: { last_name: 'Dent ann' },
              new: { last_name: 'Wrong' },
              undoneBy: 3,
            },
            { run: 3, kind: 'undo', undoes: 2, sha256: null, line: null, by: 'support-7' },
          ],
        },
      ],
    });
  });

  it('tells of a class who came and went, and of a teacher', async () => {
    const { stdout } = await cli('why', id, 'c1');
    expect(stdout).toMatch(/class c1: active\n/);
    expect(stdout).toMatch(/students +ann@s\.example\n/);
    expect(stdout).toContain('came in: ann@s.example, ben@s.example, t1@t.example');
    expect(stdout).toContain('went out: ben@s.example');
    expect((await cli('why', id, 't1@t.example')).stdout).toMatch(/teacher t1@t\.example: active/);
  });

  it('finds a student also by the address that they had before', async () => {
    await next(ANN, BEN);
    await next(ANN, { ...BEN, studentEmail: 'benny@s.example' });
    const { stdout } = await cli('why', id, 'ben@s.example');
    expect(stdout).toMatch(/student benny@s\.example: active\n/);
    expect(stdout).toContain('changed: email ben@s.example → benny@s.example');
  });

  it('says in one line that nobody is called so, with status 1', async () => {
    const { status, stdout } = await cli('why', id, 'nobody@s.example');
    expect([status, stdout]).toEqual([
      1,
      `The roster of ${id} has no person or class “nobody@s.example”, and never had, unless it was away for more than 365 days and was purged.\n`,
    ]);
    expect((await cli('why', id, '%', '--json')).json()).toMatchObject({ found: [] });
  });
});
