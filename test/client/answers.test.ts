/** Who is who, answered by commands: on real workflows, and nothing of it in a history or a mail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanRecord, RunRecord } from '../../store/types.js';
import { everythingKept } from '../e2e/histories.js';
import { until } from '../support/wait.js';
import { newDistrict, place, standAsStack, type Place } from './place.js';
import { LONG_MS, mainIn, type Cli } from './run-cli.js';

const HEADER =
  'school_id,school_name,teacher_email,teacher_first_name,teacher_last_name,class_id,class_name,student_first_name,student_last_name,student_email,student_grade_level';
const line = (n: number, email = `s${n}@oak.example`): string =>
  `001,Oak,tess@oak.example,Tess,Tor,B-${n % 2},Bio ${n % 2},Stu${n},Dentworth,${email},5`;
const roster = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
const STAY = Array.from({ length: 40 }, (_, n) => line(n + 1));
const OLD = 'zora@oak.example';
const [ONE, TWO] = ['zora.one@oak.example', 'zora.two@oak.example'];

describe('two candidates for one who goes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-answers-'));
  let at: Place;
  let worker: { stop(): Promise<void> };
  let cli: Cli;
  const upload = (text: string) => at.files.set('/oak/roster.csv', text);
  const plan = async () => (await cli('plan', 'oak', '--json')).json() as PlanRecord;
  const runs = async () => (await cli('runs', 'oak', '--json')).json() as RunRecord[];

  beforeAll(async () => {
    at = await place();
    cli = mainIn(folder, await standAsStack(folder, at));
    worker = await at.startWorker();
    await at.rollcall.addDistrict({ ...newDistrict('oak'), seats: 1000 });
    upload(roster(...STAY, line(0, OLD)));
    await at.rollcall.onboard('oak');
    await at.stage('oak', 'awaiting-approval');
    await cli('approve', 'oak');
    await at.stage('oak', 'awaiting-login-test');
    await cli('logins-ok', 'oak');
    await at.stage('oak', 'live');
    upload(roster(...STAY, line(0, ONE), line(0, TWO)));
    await cli('sync', 'oak', '--wait');
  }, LONG_MS);
  afterAll(async () => {
    await worker?.stop();
    await at?.close();
    rmSync(folder, { recursive: true });
  });

  it('are shown as pairs, with what speaks for them and the commands that answer', async () => {
    const { stdout } = await cli('plan', 'oak');
    expect(stdout).toMatch(/students-unclear: 2, allowed 0/);
    expect(stdout).toContain('Who is who');
    expect(stdout).toContain(
      `student ${OLD} goes: Stu0 Dentworth, grade 5, school 001\n      ${ONE} comes: Stu0 Dentworth, grade 5, school 001, line 42\n      the same name, a grade that fits, 1 of 1 classes shared\n      npx rollcall same oak ${OLD} ${ONE}\n      npx rollcall different oak ${OLD} ${ONE}\n`,
    );
    expect(stdout).toContain(`      npx rollcall same oak ${OLD} ${TWO}\n`);
  });

  it('are refused where it is nonsense, with no key in the message', async () => {
    const cases = [
      [['same', 'oak', 'nobody@oak.example', ONE], 1, /The roster has no student or teacher OLD\./],
      [['same', 'oak', 's1@oak.example', ONE], 1, /has both, so each is a student of its own/],
      [['same', 'oak', OLD, TWO, '--kind', 'studnet'], 2, /student, .* Did you mean student\?/],
      [['same', 'oak', OLD, TWO, '--kind', 'teacher'], 1, /The roster has no teacher OLD/],
      [['same', 'oak', OLD, ' '], 2, /Give two email addresses/],
      [['different', 'oka', OLD, TWO], 2, /no district "oka"/],
      [['same', 'oak', OLD, TWO, '--by', 'ann@x.example'], 2, /--by/],
    ] as const;
    for (const [words, status, message] of cases) {
      const said = await cli(...words);
      expect(said.stderr).toMatch(message);
      expect(said.stderr).not.toContain('oak.example');
      expect(said.status).toBe(status);
    }
  });

  it(
    'are told apart; the plan that waits is refused, and sync makes it again from the same file',
    async () => {
      const held = await plan();
      const before = await at.database.db('roster.students').where({ email: OLD }).first('id');
      const said = await cli('same', 'oak', OLD, TWO, '--by', 'support-7');
      expect(said.stdout).toBe(
        `${OLD} and ${TWO} are the same student.\nThe plan of run 2 was made without it: npx rollcall sync oak makes it again.\n`,
      );
      expect(said.status).toBe(0);
      const again = await cli('same', 'oak', OLD, TWO, '--json');
      expect(again.json()).toMatchObject({ changed: false, waits: true, open: 0 });

      const shown = (await cli('plan', 'oak')).stdout;
      expect(shown).toContain('answered: they are the same, said by support-7');
      expect(shown).toContain('npx rollcall sync oak makes it again');
      expect(shown).not.toContain('npx rollcall approve');
      const refused = await cli('approve', 'oak', '--plan', held.hash);
      expect(refused.stderr).toMatch(
        /^The plan of run 2 was made before an answer about who is who.*`npx rollcall sync oak`/,
      );
      expect(refused.status).toBe(1);

      const synced = await cli('sync', 'oak', '--wait', '--json');
      expect(synced.json()).toMatchObject({ run: 3, outcome: 'applied' });
      const all = await until('run 2 has ended', async () => {
        const [, second] = await runs();
        return second?.endedAt && second;
      });
      expect(all).toMatchObject({ run: 2, outcome: 'held' });
      const after = await at.database.db('roster.students').where({ email: TWO }).first('id');
      expect(after).toEqual(before);
      const late = await cli('approve', 'oak', '--plan', held.hash);
      expect(late.stderr).toMatch(
        /\(run 2\) is out of date, as a newer file or plan took its place/,
      );

      const why = await cli('why', 'oak', TWO);
      expect(why.stdout).toContain(
        `changed: email ${OLD} → ${TWO} (the same one, said by support-7)`,
      );
      expect((await cli('plan', 'oak', '3')).stdout).toContain(
        `student ${OLD} and ${TWO} are the same, said by support-7`,
      );
    },
    LONG_MS,
  );

  it(
    'are no secret of the store that a history or a mail would know',
    async () => {
      const kept = await everythingKept(at.client);
      for (const [id, text] of kept) expect(text, id).not.toMatch(/zora|Dentworth/);
      expect(at.mails.length).toBeGreaterThan(2);
      for (const { text } of at.mails) expect(text).not.toMatch(/zora|Dentworth/);
    },
    LONG_MS,
  );

  it(
    'a signal from elsewhere cannot apply the old plan, either: it is made again first',
    async () => {
      const two = ['first@oak.example', 'third@oak.example'];
      const lines = [line(0, ONE), line(0, TWO), ...two.map((email) => line(1, email))];
      upload(roster(...STAY.slice(1), ...lines));
      await cli('sync', 'oak', '--wait');
      const { hash, run } = await plan();
      const [{ workflowId }] = (await runs()) as [RunRecord];
      await cli('same', 'oak', 's1@oak.example', two[0]!);
      // Nothing is unclear any more, so that the new plan needs nobody.
      await at.client.workflow
        .getHandle(workflowId)
        .signal('planApproved', { planHash: hash, by: 'ui' });
      await until('it is applied', async () => (await runs())[0]?.outcome === 'applied');
      expect(await plan()).toMatchObject({ run, state: 'applied', renamed: { students: 1 } });
      expect((await plan()).hash).not.toBe(hash);
    },
    LONG_MS,
  );
});
