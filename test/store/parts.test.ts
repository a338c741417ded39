/** Three schools, one of them bad: what goes on, what is held, and what of the file is accepted. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import { applyPlan } from '../../store/apply.js';
import { setDistrict } from '../../store/config/districts.js';
import { closePlan } from '../../store/plan-state.js';
import { makePlan } from '../../store/plan.js';
import { planUndo } from '../../store/undo.js';
import { standsAs } from '../../store/plan/state.js';
import { findPlan, getPlan } from '../../store/read/plan.js';
import { listRuns, waitingPlan } from '../../store/read/runs.js';
import { closeRun, openRun, sameBytes } from '../../store/runs.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { active, newDistrict, night, plan, row, sha, type Planning } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db, { seats: 10_000 })).id;
});

const pupils = (school: string, from: number, to: number): RosterRow[] =>
  Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    const klass = Math.floor(n / 10);
    return row(school, `t${school}${klass}`, `${school}-${klass}`, `${school}${1000 + n}`);
  });
const MONDAY = [...pupils('A', 0, 100), ...pupils('B', 0, 100), ...pupils('C', 0, 100)];
/** One leaves A, two come to B, a fifth of C is missing: within the limits but for C. */
const TUESDAY = [...pupils('A', 1, 100), ...pupils('B', 0, 102), ...pupils('C', 20, 100)];
const students = async (school: string) =>
  (await active(test.db, district)).students.filter((one) => one.startsWith(school)).length;
const counts = async () => [await students('A'), await students('B'), await students('C')];
const state = () =>
  test
    .db('rollcall.roster_state as s')
    .join('rollcall.districts as d', 'd.key', 's.district_key')
    .where('d.id', district)
    .first('accepted_run', 'accepted_sha256', 'accepted_version');
const apply = (made: Planning, by = 'system', planHash = made.plan.planHash) =>
  applyPlan(test.db, made, { planHash, by });
async function restRun(made: Planning, by?: string): Promise<number> {
  const applied = await apply(made, by);
  if (applied.outcome !== 'applied' || applied.rest === undefined) throw new Error('no rest');
  return applied.rest;
}
const outcomes = async () =>
  (await listRuns(test.db, district)).map(({ run, outcome, changes, restOf }) => ({
    ...{ run, outcome, restOf },
    gone: changes?.students.deactivated,
    come: changes?.students.added,
  }));

describe('a school over its limits', () => {
  let made: Planning;
  beforeEach(async () => {
    await night(test.db, district, MONDAY);
    made = await plan(test.db, district, TUESDAY);
  });

  it('is left out of the plan, which then needs nobody', async () => {
    expect(made.plan).toMatchObject({ held: [], scope: { withoutSchools: ['C'] } });
    expect(await makePlan(test.db, made)).toEqual(made.plan);
    const rest = await restRun(made);
    expect(await counts()).toEqual([99, 102, 100]);
    expect(await outcomes()).toMatchObject([
      { run: rest, outcome: 'held', restOf: made.run, gone: 20, come: 0 },
      { run: made.run, outcome: 'applied', restOf: null, gone: 1, come: 2 },
      { run: 1 },
    ]);
    const held = await getPlan(test.db, district);
    expect(held).toMatchObject({ run: rest, state: 'waiting', scope: null, restOf: made.run });
    expect(held.held).toMatchObject([
      { limit: 'students-removed', school: 'C', count: 20, before: 100 },
    ]);
    const part = await getPlan(test.db, district, made.run);
    expect(part).toMatchObject({ isolated: true, rest, scope: { withoutSchools: ['C'] } });
  });

  it('keeps the same answer when an apply is asked for twice', async () => {
    const first = await apply(made);
    expect(await apply(made)).toEqual(first);
    expect(await listRuns(test.db, district)).toHaveLength(3);
  });

  it('leaves the file accepted in part only: the same bytes find the rest held', async () => {
    const rest = await restRun(made);
    expect(await state()).toEqual({
      ...{ accepted_run: 1, accepted_sha256: null, accepted_version: null },
    });
    expect(await standsAs(test.db, district)).toBeNull();
    const next = await openRun(test.db, { district, workflowId: 'w', occasion: 'next' });
    const ref = { district, run: next.run };
    const tuesday = sha(JSON.stringify(TUESDAY));
    const first = await listRuns(test.db, district);
    expect(await sameBytes(test.db, ref, tuesday)).toEqual({
      ...{ same: 'held', sameRun: rest },
      holder: first.find(({ run }) => run === made.run)!.workflowId,
    });
    // Monday's file is not what the roster stands as, either.
    expect(await sameBytes(test.db, ref, sha(JSON.stringify(MONDAY)))).toMatchObject({
      same: 'read',
    });
  });

  it('makes up the whole file once it is approved', async () => {
    const rest = { district, run: await restRun(made) };
    const { planHash } = await makePlan(test.db, rest);
    await applyPlan(test.db, rest, { planHash, by: 'cli' });
    expect(await counts()).toEqual([99, 102, 80]);
    const [run] = await listRuns(test.db, district);
    expect(await state()).toMatchObject({
      ...{ accepted_run: rest.run, accepted_sha256: run?.file?.sha256 },
    });
    // What the file said is kept under the run that read it.
    expect(await standsAs(test.db, district)).toEqual({
      ...{ run: rest.run, readRun: made.run, isAll: true, sha256: run?.file?.sha256 },
      snapshotSha256: null,
    });
    const again = { district, run: rest.run + 1 };
    expect(await sameBytes(test.db, again, run!.file!.sha256)).toMatchObject({ same: 'accepted' });
  });

  it('stays as it was once it is rejected, and is not asked about again', async () => {
    const rest = { district, run: await restRun(made) };
    await closePlan(test.db, rest, { state: 'rejected', by: 'cli' });
    await closeRun(test.db, rest, { outcome: 'rejected' });
    expect(await outcomes()).toMatchObject([{ outcome: 'rejected' }, { outcome: 'applied' }, {}]);
    const next = { district, run: rest.run + 1 };
    expect(await sameBytes(test.db, next, sha(JSON.stringify(TUESDAY)))).toMatchObject({
      ...{ same: 'rejected', sameRun: rest.run },
    });
  });

  it('gives way to a newer file, and is held there again', async () => {
    const rest = await restRun(made);
    const wednesday = await plan(test.db, district, [...TUESDAY, ...pupils('B', 102, 103)]);
    expect(wednesday.plan.scope).toEqual({ withoutSchools: ['C'] });
    expect(wednesday.plan.supersedes).toMatchObject([{ run: rest }]);
    expect(await restRun(wednesday)).toBe(wednesday.run + 1);
    expect(await counts()).toEqual([99, 103, 100]);
  });

  it('has its plan made anew where the roster moved, from the rows of the run that read it', async () => {
    const rest = { district, run: await restRun(made) };
    const before = await makePlan(test.db, rest);
    await test.db.raw(
      `update rollcall.roster_state set roster_version = roster_version + 1
       where district_key = (select key from rollcall.districts where id = ?)`,
      [district],
    );
    const stale = await applyPlan(test.db, rest, { planHash: before.planHash, by: 'cli' });
    expect(stale).toEqual({ outcome: 'stale' });
    expect(await makePlan(test.db, rest)).toMatchObject({ planHash: before.planHash });
  });

  it('is asked about with the others where those were undone', async () => {
    const rest = { district, run: await restRun(made) };
    const before = await makePlan(test.db, rest);
    const { run } = await openRun(test.db, {
      ...{ district, workflowId: 'undo', occasion: 'undo', kind: 'undo', undoes: made.run },
    });
    const undo = await planUndo(test.db, { district, run });
    await applyPlan(test.db, { district, run }, { planHash: undo.planHash, by: 'cli' });
    expect(await counts()).toEqual([100, 100, 100]);
    const { planHash } = before;
    expect(await applyPlan(test.db, rest, { planHash, by: 'cli' })).toEqual({ outcome: 'stale' });
    const again = await makePlan(test.db, rest);
    expect(again.planHash).not.toBe(planHash);
    expect(again.changes.students).toMatchObject({ reactivated: 2, deactivated: 21 });
    await closePlan(test.db, rest, { state: 'rejected', by: 'cli' });
    const next = { district, run: run + 1 };
    expect(await sameBytes(test.db, next, sha(JSON.stringify(TUESDAY)))).toMatchObject({
      same: 'rejected',
    });
  });

  it('counts what the others did by themselves in the days before', async () => {
    await restRun(made);
    // Nine more of A: with the one of Tuesday that is 10 of 100, and one more is too many.
    const ten = [...pupils('A', 10, 100), ...TUESDAY.slice(99)];
    const eleven = [...pupils('A', 11, 100), ...TUESDAY.slice(99)];
    expect((await plan(test.db, district, ten)).plan.scope).toEqual({ withoutSchools: ['C'] });
    const both = await plan(test.db, district, eleven);
    expect(both.plan.held).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ school: 'A', earlier: 1 })]),
    );
  });
});

describe('nothing is left out by itself', () => {
  const held = async (rows: readonly RosterRow[]) => (await plan(test.db, district, rows)).plan;
  beforeEach(async () => {
    await night(test.db, district, MONDAY);
  });

  it('where the district does not have it so; what would go on is told', async () => {
    await setDistrict(test.db, district, { isolateSchools: false });
    const { scope, held: limits } = await held(TUESDAY);
    expect(scope).toBeUndefined();
    expect(limits.map(({ school }) => school)).toEqual(['C']);
    const { choices } = await getPlan(test.db, district);
    expect(choices).toMatchObject([
      { scope: { withoutSchools: ['C'] }, limitsOver: 0, seatsAfter: 301 },
    ]);
    expect(choices[0]?.changes.students).toMatchObject({ added: 2, deactivated: 1 });
  });

  it('where the whole district is over a limit', async () => {
    const { scope, held: limits } = await held([...MONDAY.slice(1, 200), ...pupils('C', 60, 100)]);
    expect(scope).toBeUndefined();
    expect(limits).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ school: null })]),
    );
  });

  it('where nothing would be left, or the others would be over a limit without it', async () => {
    const onlyC = await held([...MONDAY.slice(0, 200), ...pupils('C', 20, 100)]);
    expect(onlyC.scope).toBeUndefined();
    expect((await getPlan(test.db, district)).choices).toEqual([]);
    // Twenty leave C and ten come to B: without C there are too few seats for them.
    await setDistrict(test.db, district, { seats: 300 });
    const full = await held([
      ...MONDAY.slice(0, 200),
      ...pupils('B', 100, 110),
      ...pupils('C', 20, 100),
    ]);
    expect(full.scope).toBeUndefined();
    expect((await getPlan(test.db, district)).choices).toMatchObject([{ limitsOver: 1 }]);
  });
});

describe('a part that a person asks for', () => {
  let whole: Planning;
  beforeEach(async () => {
    await night(test.db, district, MONDAY);
    await setDistrict(test.db, district, { isolateSchools: false });
    whole = await plan(test.db, district, TUESDAY);
  });
  const part = (scope: object, of = whole.plan.planHash) => makePlan(test.db, whole, { scope, of });

  it('has a hash of its own, and only that one is applied', async () => {
    const without = await part({ withoutSchools: ['C', 'A', 'C'] });
    expect(without.scope).toEqual({ withoutSchools: ['A', 'C'] });
    expect(without.planHash).not.toBe(whole.plan.planHash);
    await expect(apply(whole, 'cli')).rejects.toMatchObject({ code: 'PLAN_OTHER' });
    expect(await findPlan(test.db, district, whole.plan.planHash.slice(0, 12))).toMatchObject({
      ...{ run: whole.run, hash: without.planHash, wholeHash: whole.plan.planHash },
    });
    await apply(whole, 'cli', without.planHash);
    expect(await counts()).toEqual([100, 102, 100]);
    expect(await waitingPlan(test.db, district)).toMatchObject({ run: whole.run + 1 });
  });

  it('of the same changes as the whole has another hash all the same', async () => {
    const same = await plan(test.db, district, [...MONDAY, ...pupils('B', 100, 102)]);
    const only = await makePlan(test.db, same, { scope: { additionsOnly: true } });
    expect(only.changes).toEqual(same.plan.changes);
    expect(only.planHash).not.toBe(same.plan.planHash);
    // Nothing is left out, so there is no rest, and the file is accepted whole.
    expect(await apply(same, 'cli', only.planHash)).not.toHaveProperty('rest');
    expect(await state()).toMatchObject({ accepted_run: same.run });
    expect((await listRuns(test.db, district))[0]?.run).toBe(same.run);
  });

  it('of additions removes nobody and changes nobody', async () => {
    const renamed = TUESDAY.map((one, n) => (n === 0 ? { ...one, studentFirstName: 'New' } : one));
    whole = await plan(test.db, district, renamed);
    const { changes } = await part({ additionsOnly: true });
    expect(changes.students).toEqual({ added: 2, changed: 0, reactivated: 0, deactivated: 0 });
    expect(changes.enrollments).toMatchObject({ added: 2, deactivated: 0 });
  });

  it.each([
    ['a school that it does not have', { withoutSchools: ['C', 'X'] }, undefined, 'SCHOOL_UNKNOWN'],
    ['all of its schools', { withoutSchools: ['A', 'B', 'C'] }, undefined, 'NOTHING_LEFT'],
    ['another plan', { withoutSchools: ['C'] }, 'f'.repeat(64), 'OTHER_PLAN'],
  ])('without %s is not made, and the plan stands', async (_, scope, of, noPart) => {
    expect(await part(scope, of)).toEqual({ ...whole.plan, noPart });
    expect(await getPlan(test.db, district)).toMatchObject({ hash: whole.plan.planHash });
    await apply(whole, 'cli');
    expect(await counts()).toEqual([99, 102, 80]);
  });
});

describe('a school, a class and a student under other ids', () => {
  const other = (one: RosterRow): RosterRow => ({
    ...one,
    schoolId: 'C9',
    classId: one.classId === 'C-0' ? 'C-zero' : one.classId,
    studentEmail: one.studentEmail.replace('C1095@', 'new@'),
  });
  const CHANGED = [
    ...MONDAY.slice(0, 200),
    ...[...pupils('C', 0, 100), ...pupils('C', 100, 105)].map(other),
    ...pupils('B', 100, 102),
  ];
  const c = async () => {
    const { schools, classes, students } = await active(test.db, district);
    return {
      schools,
      classes: classes.filter((one) => one.startsWith('C')),
      student: students.includes('new'),
    };
  };
  let made: Planning;
  beforeEach(async () => {
    await night(test.db, district, MONDAY);
    made = await plan(test.db, district, CHANGED);
    expect((await getPlan(test.db, district)).renamed).toEqual({
      ...{ schools: 1, classes: 1, students: 1, teachers: 0 },
    });
  });
  const apart = async (scope: object) => {
    const { planHash } = await makePlan(test.db, made, { scope, of: made.plan.planHash });
    const applied = await apply(made, 'cli', planHash);
    const part = await c();
    if (applied.outcome !== 'applied' || applied.rest === undefined) throw new Error('no rest');
    const rest = { district, run: applied.rest };
    const { planHash: restHash } = await makePlan(test.db, rest);
    await applyPlan(test.db, rest, { planHash: restHash, by: 'cli' });
    expect(await c()).toMatchObject({ schools: ['A', 'B', 'C9'], student: true });
    expect((await c()).classes).toContain('C-zero');
    return part;
  };

  it('keep them where only what is new is let in, and new classes come to the old school', async () => {
    const { schools, classes, student } = await apart({ additionsOnly: true });
    expect(schools).toEqual(['A', 'B', 'C']);
    expect(classes).toEqual(expect.arrayContaining(['C-0', 'C-10']));
    expect(classes).toHaveLength(11);
    expect(student).toBe(false);
  });

  it('keep them where the school is left out', async () => {
    const { schools, classes, student } = await apart({ withoutSchools: ['C9'] });
    expect(schools).toEqual(['A', 'B', 'C']);
    expect(classes).toHaveLength(10);
    expect(student).toBe(false);
  });
});

it('what is left of a first plan does not make the next run a first one', async () => {
  const first = await plan(test.db, district, MONDAY);
  expect(first.plan.scope).toBeUndefined();
  const scope = { withoutSchools: ['C'] };
  const { planHash } = await makePlan(test.db, first, { scope, of: first.plan.planHash });
  await apply(first, 'cli', planHash);
  expect(await counts()).toEqual([100, 100, 0]);
  const next = await openRun(test.db, { district, workflowId: 'w', occasion: 'next' });
  expect(next.kind).toBe('nightly');
  const taken = await openRun(test.db, { district, workflowId: 'x', occasion: 'y', rest: 2 });
  expect(taken).toEqual({ run: 2, kind: 'first' });
  expect(await waitingPlan(test.db, district)).toMatchObject({ run: 2, workflowId: 'x' });
});
