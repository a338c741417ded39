/** Undoing a run: what is put back, what is left and why, and what becomes of the file's bytes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { setDistrict } from '../../store/config/districts.js';
import { makePlan } from '../../store/plan.js';
import { standsAs } from '../../store/plan/state.js';
import { getPlan } from '../../store/read/plan.js';
import { listRuns } from '../../store/read/runs.js';
import { getLeft, previewUndo } from '../../store/read/undo.js';
import { sameBytes } from '../../store/runs.js';
import { planUndo } from '../../store/undo.js';
import type { RosterRow } from '../../roster/columns.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import {
  active,
  newDistrict,
  night,
  plan,
  planChanges,
  row,
  sha,
  stage,
  stageUndo,
  undo,
  views,
} from './support.js';

let test: TestDatabase;
let id: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  ({ id } = await newDistrict(test.db));
});

const ANN = row('s1', 't1', 'c1', 'ann');
const BEN = row('s1', 't1', 'c1', 'ben');
const CAT = row('s1', 't1', 'c1', 'cat');
const shaOf = (rows: readonly RosterRow[]): string => sha(JSON.stringify(rows));
const next = async (rows: readonly RosterRow[]) => {
  const ref = await stage(test.db, id, rows);
  return sameBytes(test.db, ref, shaOf(rows));
};
const refusal = (undoes: number) =>
  previewUndo(test.db, { district: id, run: undoes }).then(
    () => null,
    (error: unknown) => error,
  );

describe('an undo', () => {
  it('puts back names, people who left and a class that moved, and takes out who came', async () => {
    await night(test.db, id, [ANN, BEN]);
    const before = await active(test.db, id);
    const { run } = await night(test.db, id, [
      { ...ANN, studentLastName: 'Wrong', schoolId: 's2', schoolName: 'School s2' },
      { ...CAT, schoolId: 's2', schoolName: 'School s2' },
    ]);
    const undone = await undo(test.db, id, run);
    expect(await active(test.db, id)).toEqual(before);
    const ann = (await views(test.db, id)).students.find((one) => one['email'] === 'ann@s.example');
    expect(ann).toMatchObject({ last_name: 'Dent ann', active: true });
    expect(await planChanges(test.db, undone)).toMatchObject([
      { kind: 'schools', action: 'reactivated', key: 's1' },
      { kind: 'schools', action: 'deactivated', key: 's2' },
      { kind: 'classes', action: 'changed', key: 'c1', school: 's1' },
      { kind: 'students', action: 'changed', key: 'ann@s.example', school: expect.any(String) },
      { kind: 'students', action: 'reactivated', key: 'ben@s.example' },
      { kind: 'students', action: 'deactivated', key: 'cat@s.example' },
      { kind: 'enrollments', action: 'reactivated', key: 'c1', other: 'ben@s.example' },
      { kind: 'enrollments', action: 'deactivated', key: 'c1', other: 'cat@s.example' },
    ]);
  });

  it('goes through later undos to what lies below them', async () => {
    await night(test.db, id, [ANN]);
    const before = await active(test.db, id);
    const second = await night(test.db, id, [{ ...ANN, studentLastName: 'Two' }, BEN]);
    const third = await night(test.db, id, [{ ...ANN, studentLastName: 'Three' }, CAT]);
    await undo(test.db, id, third.run);
    const { plan: undone } = await undo(test.db, id, second.run);
    expect(await active(test.db, id)).toEqual(before);
    expect((await views(test.db, id)).students[0]).toMatchObject({ last_name: 'Dent ann' });
    expect(undone.changes.students).toMatchObject({ changed: 1, deactivated: 1 });
  });

  it('goes below a later undo no further than to the run that made it so', async () => {
    const called = (name: string) => night(test.db, id, [{ ...ANN, studentLastName: name }]);
    await called('One');
    const second = await called('Two');
    const third = await called('Three');
    const fourth = await called('Four');
    await undo(test.db, id, fourth.run);
    expect(await refusal(second.run)).toMatchObject({ code: 'UNDO_NOTHING' });
    await undo(test.db, id, third.run);
    await undo(test.db, id, second.run);
    expect((await views(test.db, id)).students[0]).toMatchObject({ last_name: 'One' });
  });

  it('leaves a name that a later run changed again, and says which', async () => {
    await night(test.db, id, [ANN]);
    const wrong = await night(test.db, id, [
      { ...ANN, studentLastName: 'Wrong', studentFirstName: 'Wrong' },
    ]);
    const later = await night(test.db, id, [{ ...ANN, studentFirstName: 'Wrong' }]);
    const undone = await undo(test.db, id, wrong.run);
    expect((await views(test.db, id)).students[0]).toMatchObject({
      first_name: 'Stu ann',
      last_name: 'Dent ann',
    });
    expect(await getLeft(test.db, undone)).toEqual([
      {
        kind: 'students',
        key: 'ann@s.example',
        other: null,
        value: 'last_name',
        why: 'changed',
        byRun: later.run,
      },
    ]);
    expect((await getPlan(test.db, id, undone.run)).undo).toEqual({
      run: wrong.run,
      left: { students: { changed: 1, needed: 0, outside: 0, purged: 0 } },
    });
  });

  it('leaves a student whom a later run put into another class, and their school with them', async () => {
    await night(test.db, id, [ANN]);
    const came = await night(test.db, id, [ANN, row('s2', 't2', 'c2', 'ben')]);
    const later = await night(test.db, id, [
      ANN,
      row('s2', 't2', 'c2', 'ben'),
      row('s2', 't2', 'c3', 'ben'),
    ]);
    const undone = await undo(test.db, id, came.run);
    expect(await active(test.db, id)).toMatchObject({
      schools: ['s1', 's2'],
      teachers: ['t1', 't2'],
      students: ['ann', 'ben'],
      classes: ['c1', 'c3'],
      enrollments: ['c1:ann', 'c3:ben'],
    });
    const left = { why: 'needed', byRun: later.run, value: 'active', other: null };
    expect(await getLeft(test.db, undone)).toEqual([
      { kind: 'schools', key: 's2', ...left },
      { kind: 'students', key: 'ben@s.example', ...left },
      { kind: 'teachers', key: 't2@t.example', ...left },
    ]);
  });

  it('brings nobody back into a class that has gone since', async () => {
    await night(test.db, id, [ANN, row('s1', 't1', 'c2', 'ben')]);
    const out = await night(test.db, id, [ANN, row('s1', 't1', 'c2', 'cat')]);
    const later = await night(test.db, id, [ANN]);
    const undone = await undo(test.db, id, out.run);
    expect(await active(test.db, id)).toMatchObject({
      students: ['ann', 'ben'],
      classes: ['c1'],
      enrollments: ['c1:ann'],
    });
    expect(await getLeft(test.db, undone)).toContainEqual({
      kind: 'enrollments',
      key: 'c2',
      other: 'ben@s.example',
      value: 'active',
      why: 'needed',
      byRun: later.run,
    });
  });

  it('puts back a name also of a student who has left since', async () => {
    await night(test.db, id, [ANN, BEN]);
    const { run } = await night(test.db, id, [ANN, { ...BEN, studentLastName: 'Wrong' }]);
    await night(test.db, id, [ANN]);
    await undo(test.db, id, run);
    expect((await views(test.db, id)).students[1]).toMatchObject({
      last_name: 'Dent ben',
      active: false,
    });
  });

  it('gives a student the old address back, under the same id', async () => {
    await night(test.db, id, [ANN, BEN]);
    const before = await views(test.db, id);
    const { run } = await night(test.db, id, [{ ...ANN, studentEmail: 'anna@s.example' }, BEN]);
    expect((await active(test.db, id)).students).toEqual(['anna', 'ben']);
    const undone = await undo(test.db, id, run);
    expect(await views(test.db, id)).toEqual(before);
    expect(await planChanges(test.db, undone)).toMatchObject([
      {
        kind: 'students',
        action: 'changed',
        key: 'ann@s.example',
        old: { email: 'anna@s.example' },
        new: { email: 'ann@s.example' },
      },
    ]);
  });

  it('leaves the new address where somebody else has got the old one since', async () => {
    await night(test.db, id, [ANN, BEN]);
    const { run } = await night(test.db, id, [
      { ...ANN, studentEmail: 'anna@s.example', studentLastName: 'Dent ann' },
      { ...BEN, studentLastName: 'Wrong' },
    ]);
    const later = await night(test.db, id, [
      { ...ANN, studentEmail: 'anna@s.example' },
      { ...BEN, studentLastName: 'Wrong' },
      { ...CAT, studentEmail: 'ann@s.example' },
    ]);
    const undone = await undo(test.db, id, run);
    expect((await active(test.db, id)).students).toEqual(['ann', 'anna', 'ben']);
    expect(await getLeft(test.db, undone)).toMatchObject([
      { key: 'anna@s.example', value: 'email', why: 'needed', byRun: later.run },
    ]);
  });

  it('gives a school its old id back, with the name of a class in it', async () => {
    const other = { ...row('s1', 't2', 'c2', 'cat'), className: 'Two' };
    await night(test.db, id, [ANN, BEN, other]);
    const before = await views(test.db, id);
    const renamed = [ANN, BEN, { ...other, className: 'Three' }];
    const { run, plan: made } = await night(
      test.db,
      id,
      renamed.map((one) => ({ ...one, schoolId: 's01' })),
    );
    expect(made.changes.schools).toMatchObject({ changed: 1, added: 0 });
    await undo(test.db, id, run);
    expect(await views(test.db, id)).toEqual(before);
  });

  it('leaves what somebody has changed by hand', async () => {
    await night(test.db, id, [ANN]);
    const { run } = await night(test.db, id, [{ ...ANN, studentLastName: 'Wrong' }, BEN]);
    await test.db.raw(`update rollcall.students set last_name = 'Hand' where email = ?`, [
      'ann@s.example',
    ]);
    const undone = await undo(test.db, id, run);
    expect((await views(test.db, id)).students[0]).toMatchObject({ last_name: 'Hand' });
    expect(await getLeft(test.db, undone)).toMatchObject([{ why: 'outside', byRun: null }]);
  });

  it('is made again, and judged again, when the roster has moved', async () => {
    await night(test.db, id, [ANN]);
    const { run } = await night(test.db, id, [ANN, BEN, CAT]);
    const ref = await stageUndo(test.db, id, run);
    const first = await planUndo(test.db, ref);
    expect(await planUndo(test.db, ref)).toEqual(first);
    await night(test.db, id, [ANN, BEN]);
    const approval = { planHash: first.planHash, by: 'test' };
    expect(await applyPlan(test.db, ref, approval)).toEqual({ outcome: 'stale' });
    const second = await planUndo(test.db, ref);
    expect(second.planHash).not.toBe(first.planHash);
    expect(second.changes.students.deactivated).toBe(1);
  });

  it('makes the plan that waits for approval stale', async () => {
    const { run } = await night(test.db, id, [ANN, BEN]);
    const waiting = await plan(test.db, id, [ANN]);
    await undo(test.db, id, run);
    const approval = { planHash: waiting.plan.planHash, by: 'test' };
    expect(await applyPlan(test.db, waiting, approval)).toEqual({ outcome: 'stale' });
    expect((await makePlan(test.db, waiting)).changes.students).toMatchObject({ reactivated: 1 });
  });

  it('is held for seats that it would take anew, and for nothing else', async () => {
    await setDistrict(test.db, id, { seats: 1 });
    await night(test.db, id, [ANN, BEN]);
    const { run } = await night(test.db, id, [ANN]);
    expect((await planUndo(test.db, await stageUndo(test.db, id, run))).held).toMatchObject([
      { limit: 'seats-exceeded', school: null, value: 2, allowed: 1 },
    ]);
    await setDistrict(test.db, id, { seats: 2 });
    const back = await undo(test.db, id, run);
    expect(back.plan.held).toEqual([]);
    // Both students and all else, of one hundred percent: no limit holds it.
    expect((await undo(test.db, id, 1)).plan.held).toEqual([]);
  });

  it.each([
    ['a run that is not there', 9, 'RUN_UNKNOWN'],
    ['a run that was not applied', 2, 'UNDO_NOT_APPLIED'],
    ['a run that changed nothing', 3, 'UNDO_NOTHING'],
  ])('of %s is refused in one line', async (_, undoes, code) => {
    await night(test.db, id, [ANN]);
    await plan(test.db, id, [ANN, BEN]);
    await night(test.db, id, [ANN, ANN]);
    const error = await refusal(undoes);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) });
    await expect(planUndo(test.db, await stageUndo(test.db, id, undoes))).rejects.toMatchObject({
      code,
    });
  });

  it('of a run whose every change was changed again is refused', async () => {
    await night(test.db, id, [ANN]);
    const { run } = await night(test.db, id, [{ ...ANN, studentLastName: 'Wrong' }]);
    await night(test.db, id, [ANN]);
    expect(await refusal(run)).toMatchObject({ code: 'UNDO_NOTHING' });
  });

  it('is a run with a kind, a plan and what it undoes', async () => {
    const { run } = await night(test.db, id, [ANN]);
    const undone = await undo(test.db, id, run);
    expect((await listRuns(test.db, id))[0]).toMatchObject({
      run: undone.run,
      kind: 'undo',
      outcome: 'applied',
      undoes: run,
      file: null,
      changes: { students: { deactivated: 1 } },
    });
  });

  it('says by school what it puts back', async () => {
    await night(test.db, id, [ANN]);
    const { run } = await night(test.db, id, [ANN, BEN, row('s2', 't2', 'c2', 'ben')]);
    const preview = await previewUndo(test.db, { district: id, run });
    expect(preview).toMatchObject({
      undoes: run,
      seats: { before: 2, after: 1 },
      bySchool: [
        {
          school: 's1',
          changes: { students: { deactivated: 1 }, enrollments: { deactivated: 1 } },
        },
        {
          school: 's2',
          name: 'School s2',
          changes: {
            schools: { deactivated: 1 },
            teachers: { deactivated: 1 },
            students: { deactivated: 1 },
          },
        },
      ],
    });
    const kept = await test.db.raw<{ rows: { run: number }[] }>(
      `select run from rollcall.plan_changes c join rollcall.districts d on d.key = c.district_key
       where d.id = ? and run = 0`,
      [id],
    );
    expect(kept.rows).toEqual([]);
  });
});

describe('the file of an undone run', () => {
  const GOOD = [ANN, BEN];
  const BAD = [ANN];

  it('is neither applied again nor asked about, until another one comes', async () => {
    await night(test.db, id, GOOD);
    const bad = await night(test.db, id, BAD);
    expect(await next(BAD)).toMatchObject({ same: 'accepted' });
    const undone = await undo(test.db, id, bad.run);
    expect(await next(BAD)).toEqual({ same: 'rejected', sameRun: undone.run });
    // The good one again is another file: read, and found to change nothing.
    expect(await next(GOOD)).toMatchObject({ same: 'read' });
    const again = await night(test.db, id, GOOD);
    expect(Object.values(again.plan.changes).flatMap(Object.values).some(Boolean)).toBe(false);
    expect(await next(GOOD)).toMatchObject({ same: 'accepted' });
    // By now the bad one is a new file like any other: read, planned and judged.
    expect(await next(BAD)).toMatchObject({ same: 'read' });
  });

  it('is put aside also where it is the file of a later run that lies there', async () => {
    await night(test.db, id, GOOD);
    const bad = await night(test.db, id, BAD);
    const later = [ANN, CAT];
    await night(test.db, id, later);
    const undone = await undo(test.db, id, bad.run);
    expect(await next(later)).toEqual({ same: 'rejected', sameRun: undone.run });
    expect(await next(BAD)).toEqual({ same: 'rejected', sameRun: undone.run });
  });

  it('is no measure for how many rows the next one has', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => row('s1', 't1', 'c1', `p${n}`));
    await night(test.db, id, many(60));
    const bad = await night(test.db, id, many(15));
    await undo(test.db, id, bad.run);
    const { held } = (await plan(test.db, id, many(16))).plan;
    expect(held).toContainEqual(
      expect.objectContaining({ limit: 'rows-down', count: 44, before: 60 }),
    );
  });

  it('is not what the next file is compared with', async () => {
    const { run } = await night(test.db, id, GOOD);
    expect(await standsAs(test.db, id)).toMatchObject({ run });
    const bad = await night(test.db, id, BAD);
    const undone = await undo(test.db, id, bad.run);
    expect(await standsAs(test.db, id)).toBeNull();
    await undo(test.db, id, undone.run);
    expect(await standsAs(test.db, id)).toBeNull();
    const again = await night(test.db, id, BAD);
    expect(await standsAs(test.db, id)).toMatchObject({ run: again.run });
  });

  it('is read again once the undo is undone, or where it is read in another way', async () => {
    await night(test.db, id, GOOD);
    const bad = await night(test.db, id, BAD);
    const undone = await undo(test.db, id, bad.run);
    await setDistrict(test.db, id, { seats: 77 });
    expect(await next(BAD)).toMatchObject({ same: 'rejected' });
    await setDistrict(test.db, id, { accepts: ['ID_ZEROS_LOST'] });
    expect(await next(BAD)).toBeNull();
    await setDistrict(test.db, id, { accepts: [] });
    expect(await next(BAD)).toMatchObject({ same: 'rejected' });
    const redone = await undo(test.db, id, undone.run);
    expect(await next(BAD)).toMatchObject({ same: 'read' });
    await undo(test.db, id, redone.run);
    expect(await next(GOOD)).toMatchObject({ same: 'read' });
  });
});
