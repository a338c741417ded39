import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { makePlan } from '../../store/plan.js';
import { getFindings } from '../../store/read/findings.js';
import { getRun } from '../../store/read/runs.js';
import { closeRun, openRun, recordFetch } from '../../store/runs.js';
import { stageRoster } from '../../store/staging.js';
import { copyField } from '../../store/copy.js';
import type { RunRef } from '../../store/types.js';
import { outcomeOf, stageRows } from './as-file.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { active, newDistrict, night, row, sha, stage, views } from './support.js';

let test: TestDatabase;
let district: string;
let ref: RunRef;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
  const { run } = await openRun(test.db, { district, workflowId: 'w', occasion: 'o' });
  ref = { district, run };
  await recordFetch(test.db, ref, { sha256: sha('file'), bytes: 7, modifiedAt: 0 });
});

const stagingTables = async (): Promise<string[]> => {
  const key = await test.db('rollcall.districts').where({ id: district }).first('key');
  const found = await test.db
    .select('tablename')
    .from('pg_tables')
    .where({ schemaname: 'rollcall' })
    .whereRaw('tablename ~ ?', [`^(staged|rejected)_${key.key}_`]);
  return found.map((one) => one.tablename as string);
};

describe('copyField', () => {
  it.each([
    ['plain', 'plain'],
    ['back\\slash', 'back\\\\slash'],
    ['tab\tline\nreturn\r', 'tab\\tline\\nreturn\\r'],
    ['\\N', '\\\\N'],
    ['', ''],
    [null, '\\N'],
  ])('writes %j as %j', (value, text) => {
    expect(copyField(value)).toBe(text);
  });
});

describe('stageRoster', () => {
  it('carries every odd sign through COPY, plan and apply into the views', async () => {
    const names = [
      `O'Brien "Bo" \\ back`,
      'tab\there',
      'line\nbreak\rreturn',
      '\\.',
      '\\N',
      'Zoë 李 😀 ﬁ',
      '$1 ? ; -- %s',
      'NULL',
    ];
    const file = names.map((name, index) =>
      row('A', 'tina', 'a1', `p${index}`, { studentLastName: name, studentFirstName: name }),
    );
    await night(test.db, district, file);
    const students = (await views(test.db, district)).students;
    expect(students.map((one) => one['last_name'])).toEqual(names);
    expect(students.map((one) => one['first_name'])).toEqual(names);
  });

  it('keeps counts and findings in the run, and rows that are rejected afterwards', async () => {
    const finding = {
      code: 'STUDENT_CONFLICT',
      severity: 'error',
      line: 2,
      column: 'student_email',
      value: 'with NUL \0',
      subject: 'x@s.example',
      rows: 2,
      people: 1,
      lines: [2, 4],
    } as const;
    const outcome = outcomeOf([row('A', 'tina', 'a1', 'p3')]);
    const keys = {
      line: 2,
      schoolId: 'A',
      teacherEmail: 'tina@t.example',
      classId: 'a1',
      className: null,
      studentEmail: 'p2@s.example',
    };
    const counts = await stageRoster(test.db, ref, async () => ({
      ...outcome,
      rows: 3,
      says: { ...outcome.says, rejected: () => [keys] },
      findings: [finding],
      totals: { errors: 1, warnings: 2, notes: 3 },
    }));
    expect(counts).toEqual({ rows: 3, accepted: 1, rejected: 2 });
    expect(await getRun(test.db, district, ref.run)).toMatchObject({
      accepted: 1,
      rejected: 2,
      file: { rows: 3, bytes: 7 },
      findings: { errors: 1, warnings: 2, notes: 3 },
    });
    expect(await getFindings(test.db, ref)).toEqual([{ ...finding, value: 'with NUL ␀' }]);
    const key = await test.db('rollcall.districts').where({ id: district }).first('key');
    const kept = await test.db(`rollcall.rejected_${key.key}_${ref.run}`);
    expect(kept).toMatchObject([{ student_email: 'p2@s.example', student_first_name: null }]);
    expect((await makePlan(test.db, ref)).changes.students.added).toBe(1);
  });

  it('replaces what the run had staged', async () => {
    for (const student of ['ann', 'bob']) {
      await stageRows(test.db, ref, [row('A', 'tina', 'a1', student)]);
    }
    expect((await makePlan(test.db, ref)).changes.students.added).toBe(1);
    expect(await stagingTables()).toHaveLength(2);
  });

  it('keeps nothing if the file turns out to be unusable', async () => {
    const counts = await stageRoster(test.db, ref, async (reject) => {
      await reject(row('A', 'tina', 'a1', 'ann'));
      return null;
    });
    expect(counts).toBeNull();
    expect(await stagingTables()).toEqual([]);
    expect((await getRun(test.db, district, ref.run)).file?.rows).toBeNull();
  });

  it("lets the reader's own error through as it is, keeps nothing, and the pool is fit", async () => {
    const own = new Error('the reader was cancelled');
    for (const rowsBefore of [0, 1, 20_000]) {
      const failing = stageRoster(test.db, ref, async (reject) => {
        for (let n = 0; n < rowsBefore; n += 1) await reject(row('A', 'tina', 'a1', `p${n}`));
        throw own;
      });
      await expect(failing).rejects.toBe(own);
    }
    expect(await stagingTables()).toEqual([]);
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => test.db.raw('select ?::int', [n])),
    );
    expect(answers).toHaveLength(5);
  });

  it('fails as something to try again when the connection is lost, and keeps nothing', async () => {
    const killer = new Client({ connectionString: test.url });
    await killer.connect();
    const failing = stageRoster(test.db, ref, async (reject) => {
      for (let n = 0; n < 200_000; n += 1) {
        await reject(row('A', 'tina', 'a1', `p${n}`));
        if (n === 5_000) {
          const killed = await killer.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query like 'copy %'`,
          );
          expect(killed.rowCount).toBe(1);
        }
      }
      return outcomeOf([]);
    });
    await expect(failing).rejects.toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
    await killer.end();
    expect(await stagingTables()).toEqual([]);
  });

  it('refuses a second attempt while the first is at it, an ended run and an unknown one', async () => {
    await stageRoster(test.db, ref, async () => {
      const second = stageRoster(test.db, ref, async () => outcomeOf([]));
      await expect(second).rejects.toMatchObject({ code: 'RUN_BUSY', retryable: true });
      return outcomeOf([]);
    });
    await closeRun(test.db, ref, { outcome: 'refused', problem: 'EMPTY_FILE' });
    const late = stageRoster(test.db, ref, async () => outcomeOf([]));
    await expect(late).rejects.toMatchObject({ code: 'RUN_CLOSED' });
    const none = stageRoster(test.db, { district, run: 99 }, async () => outcomeOf([]));
    await expect(none).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('leaves no table behind once the plan is applied, superseded or its run has ended', async () => {
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    expect(await stagingTables()).toEqual([]);
    const old = await stage(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    await makePlan(test.db, old);
    await night(test.db, district, [row('A', 'tina', 'a1', 'cid')]);
    expect(await stagingTables()).toEqual([]);
    const late = await stage(test.db, district, [row('A', 'tina', 'a1', 'eve')]);
    await night(test.db, district, [row('A', 'tina', 'a1', 'cid')]);
    await makePlan(test.db, late);
    expect(await stagingTables()).toEqual([]);
    const failed = await stage(test.db, district, [row('A', 'tina', 'a1', 'dee')]);
    await closeRun(test.db, failed, { outcome: 'failed' });
    expect(await stagingTables()).toEqual([]);
    expect((await active(test.db, district)).students).toEqual(['cid']);
  });
});
