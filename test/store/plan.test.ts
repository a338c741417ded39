import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setDistrict } from '../../store/config/districts.js';
import { makePlan } from '../../store/plan.js';
import { closePlan } from '../../store/plan-state.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun, waitingPlan } from '../../store/read/runs.js';
import { openRun, recordFetch } from '../../store/runs.js';
import { stageRows } from './as-file.js';
import type { RosterRow } from '../../roster/columns.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import {
  active,
  newDistrict,
  night,
  plan,
  planChanges,
  rejected,
  row,
  sha,
  stage,
  views,
} from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db, { seats: 3 })).id;
});

const many = (count: number): RosterRow[] =>
  Array.from({ length: count }, (_, index) => row('A', 'tina', 'a1', `p${1000 + index}`));

describe('makePlan', () => {
  it('answers the same again, and the hash does not depend on run, time or order of rows', async () => {
    const file = [row('A', 'tina', 'a1', 'ann'), row('A', 'tina', 'a1', 'bob')];
    const first = await plan(test.db, district, file);
    expect(await makePlan(test.db, first)).toEqual(first.plan);
    const again = await plan(test.db, district, file);
    expect(again.run).not.toBe(first.run);
    expect(again.plan.planHash).toBe(first.plan.planHash);
    expect(first.plan.planHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives other changes, another file and another district other hashes', async () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    const one = await plan(test.db, district, file);
    const renamed = await plan(test.db, district, [{ ...file[0]!, studentFirstName: 'Other' }]);
    const other = await newDistrict(test.db);
    const elsewhere = await plan(test.db, other.id, file);
    const { run } = await openRun(test.db, { district, workflowId: 'w', occasion: 'same rows' });
    const ref = { district, run };
    await recordFetch(test.db, ref, { sha256: sha('other bytes'), bytes: 1, modifiedAt: 0 });
    await stageRows(test.db, ref, file);
    const otherBytes = await makePlan(test.db, ref);
    const hashes = [one.plan, renamed.plan, elsewhere.plan, otherBytes].map((p) => p.planHash);
    expect(new Set(hashes).size).toBe(4);
  });

  it('makes one plan when two ask at once', async () => {
    const ref = await stage(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    const [one, two] = await Promise.all([makePlan(test.db, ref), makePlan(test.db, ref)]);
    expect(one).toEqual(two);
    const students = await planChanges(test.db, ref, 'students');
    expect(students).toHaveLength(1);
  });

  it('is made again when the roster has moved since', async () => {
    const small = [row('A', 'tina', 'a1', 'ann')];
    const waiting = await plan(test.db, district, small);
    await night(test.db, district, small); // the same bytes: the first plan goes on waiting
    const again = await makePlan(test.db, waiting);
    expect(waiting.plan.changes.students.added).toBe(1);
    expect(again.changes.students.added).toBe(0);
    expect(again.planHash).not.toBe(waiting.plan.planHash);
    expect((await planChanges(test.db, waiting)).length).toBe(0);
  });

  it('counts seats, and totals by school', async () => {
    const ann = row('A', 'tina', 'a1', 'ann');
    const file = [ann, { ...row('B', 'uma', 'b1', 'ann') }, row('B', 'uma', 'b1', 'bob')];
    const { plan: made, run } = await plan(test.db, district, file);
    expect(made.seats).toEqual({ licensed: 3, before: 0, after: 2 });
    const { bySchool } = await getPlan(test.db, district, run);
    const students = bySchool.map(({ school, name, changes }) => [
      school,
      name,
      changes.students.added,
      changes.enrollments.added,
      changes.teachers.added,
    ]);
    expect(students).toEqual([
      ['A', 'School A', 1, 1, 1],
      ['B', 'School B', 2, 2, 1],
    ]);
    await night(test.db, district, file);
    const leaving = await plan(test.db, district, [ann]);
    expect(leaving.plan.seats).toEqual({ licensed: 3, before: 2, after: 1 });
    const record = await getPlan(test.db, district);
    expect(record.bySchool).toMatchObject([
      { school: 'B', changes: { students: { deactivated: 1 }, schools: { deactivated: 1 } } },
    ]);
  });

  it('shows each change with what was and what will be', async () => {
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann'), row('A', 'tina', 'a2', 'bob')]);
    const made = await plan(test.db, district, [
      row('A', 'tina', 'a1', 'ann', { studentLastName: 'Nuñez, "Jr"' }),
    ]);
    const bob = {
      first_name: 'Stu bob',
      last_name: 'Dent bob',
      grade_level: '5',
    };
    expect(await planChanges(test.db, made)).toEqual([
      expect.objectContaining({
        kind: 'classes',
        action: 'deactivated',
        key: 'a2',
        old: { name: 'Class a2', school_id: 'A' },
        new: null,
      }),
      expect.objectContaining({ kind: 'classTeachers', key: 'a2', other: 'tina@t.example' }),
      {
        kind: 'students',
        action: 'changed',
        key: 'ann@s.example',
        other: null,
        school: 'A',
        old: { first_name: 'Stu ann', last_name: 'Dent ann', grade_level: '5' },
        new: { first_name: 'Stu ann', last_name: 'Nuñez, "Jr"', grade_level: '5' },
      },
      expect.objectContaining({
        action: 'deactivated',
        key: 'bob@s.example',
        old: bob,
        school: 'A',
      }),
      expect.objectContaining({ kind: 'enrollments', action: 'deactivated', key: 'a2' }),
    ]);
  });

  it('keeps a grade that the file does not say, and knows none of somebody new', async () => {
    const unknown = { studentGradeLevel: null };
    await night(test.db, district, [
      row('A', 'tina', 'a1', 'ann', { studentGradeLevel: '7' }),
      row('A', 'tina', 'a1', 'bob', unknown),
    ]);
    const { plan: made } = await night(test.db, district, [
      row('A', 'tina', 'a1', 'ann', unknown),
      row('A', 'tina', 'a1', 'bob', unknown),
    ]);
    expect(made.changes.students.changed).toBe(0);
    const grades = (await views(test.db, district)).students.map((one) => one['grade_level']);
    expect(grades).toEqual(['7', '']);
  });

  it('leaves a conflict as it was: every row of it rejected, nobody new, nobody gone', async () => {
    const ann = row('A', 'tina', 'a1', 'ann');
    const bob = row('A', 'tina', 'a1', 'bob');
    await night(test.db, district, [ann, bob]);
    const zoe = row('A', 'tina', 'a1', 'zoe');
    const { plan: made } = await plan(test.db, district, [
      bob,
      rejected({ ...ann, studentFirstName: 'One' }),
      rejected({ ...ann, studentFirstName: 'Two' }),
      rejected({ ...zoe, studentGradeLevel: '1' }),
      rejected({ ...zoe, studentGradeLevel: '2' }),
    ]);
    expect(JSON.stringify(made.changes)).not.toMatch(/:[1-9]/);
  });

  it('does not plan from rows that are not there', async () => {
    const { run } = await openRun(test.db, { district, workflowId: 'w', occasion: 'empty' });
    await expect(makePlan(test.db, { district, run })).rejects.toMatchObject({
      code: 'NOTHING_STAGED',
    });
    await expect(makePlan(test.db, { district, run: 99 })).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
    });
    const ref = await stage(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    const key = await test.db('rollcall.districts').where({ id: district }).first('key');
    await test.db.raw(`delete from rollcall.staged_${key.key}_${ref.run}`);
    await expect(makePlan(test.db, ref)).rejects.toMatchObject({ code: 'NOTHING_STAGED' });
  });
});

describe('the limit on removals', () => {
  it('lets exactly 10% go, and holds one more', async () => {
    await night(test.db, district, many(20));
    const at = await plan(test.db, district, many(18));
    expect(at.plan.held).toEqual([]);
    const over = await plan(test.db, district, many(17));
    expect(over.plan.held).toMatchObject([
      { limit: 'students-removed', school: null, value: 15, allowed: 10 },
    ]);
    expect((await getRun(test.db, district, over.run)).outcome).toBe('held');
    expect((await active(test.db, district)).students).toHaveLength(20);
  });

  it("is the district's own", async () => {
    await night(test.db, district, many(20));
    await setDistrict(test.db, district, { limits: { removalPercent: 50 } });
    expect((await plan(test.db, district, many(10))).plan.held).toEqual([]);
    expect((await plan(test.db, district, many(9))).plan.held).toMatchObject([{ value: 55 }]);
  });

  it('does not count those whom a rejected row keeps', async () => {
    await night(test.db, district, many(20));
    const { plan: made } = await plan(test.db, district, [
      ...many(10),
      rejected(row('A', 'tina', 'a1', 'x'), 'studentEmail'),
    ]);
    expect(made.held).toEqual([]);
    expect(made.changes.students.deactivated).toBe(0);
  });
});

describe('a newer file', () => {
  it('supersedes the plan that waits, and names its workflow, also when asked again', async () => {
    const old = await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    const fresh = await plan(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    const { workflowId } = await getRun(test.db, district, old.run);
    expect(fresh.plan.supersedes).toEqual([{ run: old.run, workflowId }]);
    expect((await getPlan(test.db, district, old.run)).state).toBe('superseded');
    expect(await makePlan(test.db, fresh)).toEqual(fresh.plan);
    expect(await waitingPlan(test.db, district)).toMatchObject({
      run: fresh.run,
      planHash: fresh.plan.planHash,
    });
    // The old run may ask once more: it hears of its plan as it was.
    expect(await makePlan(test.db, old)).toEqual({ ...old.plan, superseded: true });
  });

  it('leaves a plan of the very same bytes waiting', async () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    const held = await plan(test.db, district, file);
    const same = await plan(test.db, district, file);
    expect(same.plan.supersedes).toEqual([]);
    expect((await getPlan(test.db, district, held.run)).state).toBe('waiting');
  });

  it('is not superseded by an older one that is planned late', async () => {
    const late = await stage(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    const fresh = await plan(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    const made = await makePlan(test.db, late);
    expect(made).toMatchObject({ superseded: true, supersedes: [] });
    expect(await makePlan(test.db, late)).toEqual(made);
    expect((await getPlan(test.db, district, late.run)).state).toBe('superseded');
    expect((await getPlan(test.db, district, fresh.run)).state).toBe('waiting');
  });
});

describe('closePlan', () => {
  it('ends a plan once; what ended it first stands', async () => {
    const made = await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    await closePlan(test.db, made, { state: 'rejected', by: 'cli', reason: 'note/1' });
    await closePlan(test.db, made, { state: 'expired', by: 'timer' });
    expect(await getPlan(test.db, district)).toMatchObject({
      state: 'rejected',
      closedBy: 'cli',
      reason: 'note/1',
    });
    expect(await waitingPlan(test.db, district)).toBeNull();
  });

  it('does not end what was applied', async () => {
    const made = await night(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    await expect(closePlan(test.db, made, { state: 'rejected', by: 'cli' })).rejects.toMatchObject({
      code: 'PLAN_CLOSED',
    });
  });
});
