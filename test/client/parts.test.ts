/** Three schools, one bad: what support sees and says by commands, on real workflows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanRecord, RunRecord } from '../../store/types.js';
import { until } from '../support/wait.js';
import { newDistrict, place, standAsStack, type Place } from './place.js';
import { LONG_MS, mainIn, type Cli } from './run-cli.js';

const HEADER =
  'school_id,school_name,teacher_email,teacher_first_name,teacher_last_name,class_id,class_name,student_first_name,student_last_name,student_email,student_grade_level';
type Range = readonly [from: number, to: number];

/** Twenty in each class; names and addresses are made up. */
function roster(schools: Readonly<Record<string, Range>>): string {
  const rows = Object.entries(schools).flatMap(([school, [from, to]]) =>
    Array.from({ length: to - from }, (_, index) => {
      const n = from + index;
      const klass = Math.floor(n / 20);
      return `${school},School ${school},t${school}${klass}@t.example,Tess,Tor,${school}-${klass},Bio,Stu${n},Dent${school},s${school}${n}@s.example,5`;
    }),
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}

describe('one bad school among three', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-parts-'));
  let at: Place;
  let worker: { stop(): Promise<void> };
  let cli: Cli;
  const upload = (schools: Readonly<Record<string, Range>>) =>
    at.files.set('/oak/roster.csv', roster(schools));
  const runs = async () => (await cli('runs', 'oak', '--json')).json() as RunRecord[];
  const plan = async () => (await cli('plan', 'oak', '--json')).json() as PlanRecord;
  const approve = (...words: string[]) => cli('approve', 'oak', ...words);
  const reaches = (run: number, outcome: string) =>
    until(`run ${run} is ${outcome}`, async () =>
      (await runs()).some((one) => one.run === run && one.outcome === outcome),
    );

  beforeAll(async () => {
    at = await place();
    cli = mainIn(folder, await standAsStack(folder, at));
    worker = await at.startWorker();
    await at.rollcall.addDistrict({ ...newDistrict('oak'), seats: 1000 });
    upload({ '001': [0, 100], '002': [0, 100], '003': [0, 100] });
    await at.rollcall.onboard('oak');
    await at.stage('oak', 'awaiting-approval');
  }, LONG_MS);
  afterAll(async () => {
    await worker?.stop();
    await at?.close();
    rmSync(folder, { recursive: true });
  });

  it(
    'a first plan is loaded without a school, which is then held by itself',
    async () => {
      const unknown = await approve('--without-school', '03');
      expect(unknown.stderr).toMatch(
        /no?.* school "03"\. Did you mean 003\? It is about: 001, 002, 003\.\n$/,
      );
      expect(unknown.status).toBe(2);
      const none = await approve('--without-held-schools');
      expect(none.stderr).toMatch(/within all limits.*--without-school/);
      expect(none.status).toBe(1);

      const { hash } = await plan();
      const said = await approve('--plan', hash, '--without-school', '003');
      expect(said.stdout).toContain('of run 1 is approved (without school 003)');
      await at.stage('oak', 'awaiting-login-test');
      await reaches(2, 'held');
      expect(await runs()).toMatchObject([
        { run: 2, outcome: 'held', restOf: 1, changes: { students: { added: 100 } } },
        { run: 1, outcome: 'applied', restOf: null, changes: { students: { added: 200 } } },
      ]);
      await until('status tells of it', async () =>
        /held plan +run 2/.test((await cli('status', 'oak')).stdout),
      );
      const old = await approve('--plan', hash);
      expect(old.stderr).toMatch(
        /^That plan \(run 1\) was approved by cli and applied already\. Run 2 waits now/,
      );
      expect(old.status).toBe(1);
      expect((await approve()).status).toBe(0);
      await reaches(2, 'applied');
      await cli('logins-ok', 'oak');
      await at.stage('oak', 'live');
    },
    LONG_MS,
  );

  it(
    'schools within their limits go on, and one mail says what went and what is held',
    async () => {
      upload({ '001': [1, 100], '002': [0, 101], '003': [25, 100] });
      const synced = await cli('sync', 'oak', '--wait', '--json');
      expect(synced.json()).toMatchObject({
        ...{ outcome: 'held', changes: { students: { added: 0, deactivated: 25 } } },
      });
      expect(synced.status).toBe(1);
      const [rest, part] = await runs();
      expect(part).toMatchObject({
        ...{ outcome: 'applied', changes: { students: { added: 1, deactivated: 1 } } },
      });
      expect(rest).toMatchObject({ outcome: 'held', restOf: part!.run });
      const shown = (await cli('plan', 'oak')).stdout;
      expect(shown).toContain(`what run ${part!.run} left out of the same file`);
      expect(shown).toMatch(/students-removed: 25, allowed 10 percent .*, school 003/);
      const mail = await until('the mail', () =>
        at.mails.find(({ text }) => text.includes(`What it left out is run ${rest!.run}`)),
      );
      expect(mail.text.replaceAll('\n', ' ')).toContain(
        'went on without school 003: students +1 -1',
      );
      expect(mail.text).not.toMatch(/@s\.example|Dent/);

      const again = await cli('sync', 'oak', '--wait', '--json');
      expect(again.json()).toMatchObject({ outcome: 'held', heldBy: rest!.run });
      expect((await cli('reject', 'oak', '--reason', 'not whole')).status).toBe(0);
      await reaches(rest!.run, 'rejected');
    },
    LONG_MS,
  );

  it(
    'a plan is taken apart step by step where schools wait for each other',
    async () => {
      expect((await cli('district', 'set', 'oak', '--isolate-schools', 'off')).stdout).toMatch(
        /schools +wait while one of them is held/,
      );
      upload({ '001': [2, 100], '002': [0, 102], '003': [30, 101] });
      const held = await cli('sync', 'oak', '--wait', '--json');
      const { run } = held.json() as RunRecord;
      const { stdout } = await cli('plan', 'oak');
      expect(stdout).toMatch(/--without-held-schools\n +without school 003: students \+1 -1,/);
      expect(stdout).toMatch(/--additions-only\n +nobody leaves, nobody changes: students \+2,/);
      const { hash } = await plan();
      expect((await approve('--plan', hash, '--additions-only')).status).toBe(0);
      await reaches(run + 1, 'held');
      expect((await runs())[1]?.changes?.students).toMatchObject({ added: 2, deactivated: 0 });
      expect((await approve('--without-held-schools')).status).toBe(0);
      await reaches(run + 2, 'held');
      expect((await runs())[1]?.changes?.students).toMatchObject({ added: 0, deactivated: 1 });
      const nothing = await approve('--without-school', '003');
      expect(nothing.stderr).toContain('That leaves nothing of the plan');
      expect(nothing.status).toBe(1);

      const last = await plan();
      upload({ '001': [2, 100], '002': [0, 103], '003': [0, 100] });
      await cli('sync', 'oak', '--wait', '--json');
      const late = await approve('--plan', last.hash);
      expect(late.stderr).toMatch(/is out of date, as a newer file or plan took its place\./);
      expect(late.status).toBe(1);
    },
    LONG_MS,
  );
});
