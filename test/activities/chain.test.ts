import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDistrictLock } from '../../store/lock.js';
import { getFindings } from '../../store/read/findings.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun } from '../../store/read/runs.js';
import type { RunRef } from '../../workflows/contract.js';
import { ACTIVE_LINES, activeAfter, type Views } from '../e2e/independent-reading.js';
import { until } from '../support/wait.js';
import { csv, failureOf, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

async function fetched(district: string, text: string, occasion = '1'): Promise<RunRef> {
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  const ref = { district, run };
  expect(await bench.run('fetchRoster', ref)).toMatchObject({ ok: true });
  return ref;
}

/** Every step, each of them twice, as after a crash that lost its answer. */
async function sync(district: string, text: string, occasion: string) {
  const ref = await fetched(district, text, occasion);
  const read = await bench.run('readRoster', ref);
  expect(await bench.run('readRoster', ref)).toEqual(read);
  const planned = await bench.run('makePlan', ref);
  expect(await bench.run('makePlan', ref)).toEqual(planned);
  const approval = { ...ref, planHash: planned.planHash, by: 'cli' };
  const applied = await bench.run('applyPlan', approval);
  expect(await bench.run('applyPlan', approval)).toEqual(applied);
  const summary = await bench.run('writeReport', { ...ref, outcome: 'applied' });
  expect(await bench.run('writeReport', { ...ref, outcome: 'applied' })).toEqual(summary);
  return { ref, read, planned, applied, summary };
}

/** What the products see. */
async function views(district: string): Promise<Views> {
  const entries = Object.entries(ACTIVE_LINES).map(async ([view, sql]) => {
    const answer: { rows: { concat_ws: string }[] } = await bench.db.raw(sql.replace('$1', '?'), [
      district,
    ]);
    return [view, answer.rows.map((row) => row.concat_ws).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as Views;
}

describe('a run from its opening to its report', () => {
  it('brings the roster in step with one file and then the next, each step run twice', async () => {
    const district = await bench.district('chain');
    const first = csv([...pupils(1, 30), ...pupils(31, 40, { school: '020', last: 'Ó Briain' })]);
    const monday = await sync(district, first, 'monday');
    expect(monday.read).toEqual({
      ok: true,
      rows: 40,
      accepted: 40,
      rejected: 0,
      top: [],
      findings: {
        errors: 0,
        warnings: 0,
        notes: 0,
      },
    });
    expect(monday.applied.outcome).toBe('applied');
    expect(await views(district)).toEqual(activeAfter(first));

    // One leaves, one joins, one changes the name, one the school, all go up a grade.
    const second = csv([
      ...pupils(2, 28, { grade: '6' }),
      { id: 'p29', last: 'Marrowfat', grade: '6' },
      { id: 'p30', school: '020', grade: '6' },
      ...pupils(31, 41, { school: '020', last: 'Ó Briain', grade: '6' }),
    ]);
    const tuesday = await sync(district, second, 'tuesday');
    expect(tuesday.planned.held).toEqual([]);
    expect(tuesday.planned.changes.students).toEqual({
      added: 1,
      changed: 39,
      reactivated: 0,
      deactivated: 1,
    });
    expect(tuesday.summary).toMatchObject({ outcome: 'applied', rows: 40, rejected: 0 });
    expect(await views(district)).toEqual(activeAfter(second));

    // The same bytes once more cost one hash.
    const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion: 'wed' });
    expect(await bench.run('fetchRoster', { district, run })).toMatchObject({
      same: 'accepted',
      sameRun: tuesday.ref.run,
    });
  });

  it('opens one run for an occasion, however often it is asked', async () => {
    const district = await bench.district('occasions');
    const open = (occasion: string) =>
      bench.run('openRun', { district, workflowId: 'w', occasion });
    expect(await open('a')).toEqual({ run: 1, kind: 'manual' });
    expect(await open('a')).toEqual({ run: 1, kind: 'manual' });
    expect(await open('b')).toEqual({ run: 2, kind: 'manual' });
  });

  it('holds a plan that removes too many, and closes it when it is rejected', async () => {
    const district = await bench.district('held');
    await sync(district, csv(pupils(1, 20)), '1');
    const ref = await fetched(district, csv(pupils(1, 10)), '2');
    await bench.run('readRoster', ref);
    const planned = await bench.run('makePlan', ref);
    expect(planned.held).toMatchObject([
      { limit: 'students-removed', school: null, value: 50, allowed: 10 },
    ]);

    const close = { ...ref, state: 'rejected', by: 'cli', reason: 'note/x' } as const;
    await bench.run('closePlan', close);
    await bench.run('closePlan', close);
    const late = { ...ref, planHash: planned.planHash, by: 'cli' };
    const failure = await failureOf(bench.run('applyPlan', late));
    expect(failure).toMatchObject({ type: 'PLAN_CLOSED', nonRetryable: true });
    expect(await views(district)).toEqual(activeAfter(csv(pupils(1, 20))));
  });

  it('tells a history of the first fifty limits, and the store of all', async () => {
    const district = await bench.district('many-limits', { seats: 1_000 });
    const file = (size: number) =>
      csv(
        Array.from({ length: 60 }, (_, n) =>
          pupils(n * 10, n * 10 + size - 1, { school: `${100 + n}` }),
        ).flat(),
      );
    await sync(district, file(10), 'monday');
    const ref = await fetched(district, file(4), 'tuesday');
    await bench.run('readRoster', ref);
    const planned = await bench.run('makePlan', ref);
    expect(planned.held).toHaveLength(50);
    const { held } = await getPlan(bench.db, district, ref.run);
    expect(held.length).toBeGreaterThan(60);
    expect(held.slice(0, 50)).toEqual(planned.held);
  });

  it('refuses to apply another plan than the one approved', async () => {
    const ref = await fetched(await bench.district('other-plan'), csv(pupils(1, 3)));
    await bench.run('readRoster', ref);
    await bench.run('makePlan', ref);
    const other = { ...ref, planHash: 'f'.repeat(64), by: 'cli' };
    expect(await failureOf(bench.run('applyPlan', other))).toMatchObject({ type: 'PLAN_OTHER' });
  });

  it('chooses sample logins and gives away only their number', async () => {
    const district = await bench.district('samples');
    const { ref } = await sync(district, csv(pupils(1, 12)), '1');
    const chosen = await bench.run('chooseSampleLogins', ref);
    expect(chosen.students).toBeGreaterThan(0);
    expect(chosen.teachers).toBe(1);
    expect(await bench.run('chooseSampleLogins', ref)).toEqual(chosen);
    expect(Object.values(chosen).every((value) => typeof value === 'number')).toBe(true);
  });
});

/** Backends that take rows in just now. */
async function copying(): Promise<number[]> {
  const answer: { rows: { pid: number }[] } = await bench.db.raw(
    `select pid from pg_stat_activity
     where datname = current_database() and query ilike 'copy %' and state = 'active'`,
  );
  return answer.rows.map(({ pid }) => pid);
}

describe('reading the archived file', () => {
  it('tells what cannot be used as counts and codes, and keeps the cells in the store', async () => {
    const bad =
      '010,School 010,teach-010@district.example,Tamsin,Underhollow,010-S5,Science 5,Nib,Thistlewood,nib.thistlewood,5';
    const ref = await fetched(await bench.district('bad-row'), csv(pupils(1, 4), [bad]));
    const read = await bench.run('readRoster', ref);
    expect(read).toEqual({
      ok: true,
      rows: 5,
      accepted: 4,
      rejected: 1,
      findings: {
        errors: 1,
        warnings: 0,
        notes: 0,
      },
      top: [
        {
          code: 'EMAIL_MALFORMED',
          rows: 1,
        },
      ],
    });
    expect(JSON.stringify(read)).not.toMatch(/Thistlewood|thistlewood/);
    expect(await getFindings(bench.db, ref)).toMatchObject([
      { code: 'EMAIL_MALFORMED', line: 6, column: 'student_email', value: 'nib.thistlewood' },
    ]);
  });

  it.each([
    ['an empty file', '', 'EMPTY_FILE'],
    ['a header only', csv([]), 'HEADER_ONLY'],
    ['a missing column', csv(pupils(1, 2)).replaceAll('class_id', 'klass'), 'COLUMN_MISSING'],
    ['a workbook', 'PK\u0003\u0004\u0014\u0000\u0006\u0000', 'NOT_TEXT'],
  ])(
    'refuses %s as a value, keeps why, and leaves the roster as it is',
    async (_name, text, problem) => {
      const district = await bench.district(problem.toLowerCase().replaceAll('_', '-'));
      await sync(district, csv(pupils(1, 5)), '1');
      const ref = await fetched(district, text, '2');

      expect(await bench.run('readRoster', ref)).toEqual({ ok: false, problem });
      expect(await bench.run('readRoster', ref)).toEqual({ ok: false, problem });

      const findings = await getFindings(bench.db, ref);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ severity: 'error' });
      await bench.run('writeReport', {
        ...ref,
        outcome: 'refused',
        problem: problem as 'EMPTY_FILE',
      });
      expect(await getRun(bench.db, district, ref.run)).toMatchObject({
        outcome: 'refused',
        problem,
      });
      expect(await views(district)).toEqual(activeAfter(csv(pupils(1, 5))));
    },
  );

  it('stops half-way when cancelled, stages nothing, and is whole the next time', async () => {
    const ref = await fetched(await bench.district('cancelled'), csv(pupils(1, 40_000)));
    const attempt = bench.start('readRoster', ref);
    const outcome = attempt.result.catch((error: unknown) => error);
    await until('the copy is under way', async () => (await copying()).length > 0);
    attempt.cancel();
    expect(await outcome).toBeInstanceOf(CancelledFailure);
    expect(await failureOf(bench.run('makePlan', ref))).toMatchObject({ type: 'NOTHING_STAGED' });
    expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true, rows: 40_000 });
  });

  it('survives a killed database connection: the attempt may be tried again', async () => {
    const district = await bench.district('killed');
    const ref = await fetched(district, csv(pupils(1, 40_000)));
    const attempt = failureOf(bench.run('readRoster', ref));
    const pids = await until('the copy is under way', async () => {
      const found = await copying();
      return found.length > 0 && found;
    });
    await bench.db.raw('select pg_terminate_backend(?)', [pids[0] ?? 0]);
    const failure = await attempt;
    expect(failure).toMatchObject({ type: 'DB_UNAVAILABLE', nonRetryable: false });
    expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true, rows: 40_000 });
  });

  it('waits its turn, as planning and applying do', async () => {
    const district = await bench.district('turns');
    const ref = await fetched(district, csv(pupils(1, 5)));
    await withDistrictLock(bench.db, district, async () => {
      for (const name of ['readRoster', 'makePlan'] as const) {
        const failure = await failureOf(bench.run(name, ref));
        expect(failure).toMatchObject({ type: 'DISTRICT_BUSY', nonRetryable: false });
      }
      const approval = { ...ref, planHash: 'f'.repeat(64), by: 'cli' };
      expect((await failureOf(bench.run('applyPlan', approval))).type).toBe('DISTRICT_BUSY');
    });
    expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true });
  });
});
