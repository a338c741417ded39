/** A district with a filter, from the setting of it to the roster, through the activities. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RosterFilter } from '../../roster/filter.js';
import { askPreview, confirmFilter } from '../../store/config/filters.js';
import { setDistrict } from '../../store/config/districts.js';
import { getPreview } from '../../store/read/filter.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun, listRuns } from '../../store/read/runs.js';
import type { RunRef } from '../../workflows/contract.js';
import { active } from '../store/support.js';
import { csv, failureOf, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const TWO = csv([...pupils(1, 30), ...pupils(31, 40, { school: '020' })]);
const ONLY_020: RosterFilter = { only: { schools: ['020'] } };

let occasions = 0;
async function fetched(district: string) {
  occasions += 1;
  const occasion = String(occasions);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  const ref = { district, run };
  return { ref, file: await bench.run('fetchRoster', ref) };
}
async function read(district: string) {
  const { ref } = await fetched(district);
  return { ref, outcome: await bench.run('readRoster', ref) };
}
async function load(ref: RunRef) {
  const plan = await bench.run('makePlan', ref);
  await bench.run('applyPlan', { ...ref, planHash: plan.planHash, by: 'test' });
  await bench.run('writeReport', { ...ref, outcome: 'applied' });
  return plan;
}
async function night(district: string, text: string) {
  await bench.upload(district, text);
  const { ref, outcome } = await read(district);
  return { ref, outcome, plan: await load(ref) };
}
async function look(district: string, filter: RosterFilter) {
  const preview = await askPreview(bench.db, district, filter);
  const looked = await bench.run('previewFilter', { district, preview });
  return { preview, looked, result: (await getPreview(bench.db, district, preview))?.result };
}

it('the same bytes are read again under a filter, as a difference, and again without it', async () => {
  const district = await bench.district('filter-again');
  await night(district, TWO);
  expect((await fetched(district)).file).toMatchObject({ same: 'accepted' });

  await setDistrict(bench.db, district, { filter: ONLY_020 });
  const narrowed = await fetched(district);
  expect(narrowed.file).not.toHaveProperty('same');
  const outcome = await bench.run('readRoster', narrowed.ref);
  expect(outcome).toMatchObject({ ok: true, rows: 40, accepted: 40, outside: { rows: 30 } });
  const plan = await load(narrowed.ref);
  expect(plan.changes.students).toMatchObject({ added: 0, deactivated: 30 });
  expect(plan.held.map(({ limit }) => limit)).toContain('students-removed');
  expect(await active(bench.db, district)).toMatchObject({
    schools: ['020'],
    teachers: ['teach-020@district.example'],
    classes: ['020-S5'],
  });
  expect((await fetched(district)).file).toMatchObject({ same: 'accepted' });

  // The next night is a difference to what was inside, and a school outside has not grown.
  const next = await night(
    district,
    csv([...pupils(1, 30), ...pupils(101, 220), ...pupils(31, 41, { school: '020' })]),
  );
  expect(next.plan.changes.students).toMatchObject({ added: 1, deactivated: 0 });
  expect(next.outcome).toMatchObject({ findings: { errors: 0, warnings: 0 } });
  const based = await bench.db('rollcall.runs').where({ run: next.ref.run }).first('base_run');
  expect(based).toEqual({ base_run: narrowed.ref.run });

  await setDistrict(bench.db, district, { filter: {} });
  const widened = await read(district);
  expect(widened.outcome).not.toHaveProperty('outside');
  expect((await load(widened.ref)).changes.students).toMatchObject({ added: 120, reactivated: 30 });
});

it('a file of which nothing is inside is refused, until the filter is another one', async () => {
  const district = await bench.district('filter-empty');
  await night(district, TWO);
  await setDistrict(bench.db, district, { filter: { only: { schools: ['20'] } } });
  const { ref, outcome } = await read(district);
  const problem = 'FILTER_EMPTY';
  expect(outcome).toEqual({ ok: false, problem });
  await bench.run('writeReport', { ...ref, outcome: 'refused', problem });
  expect((await active(bench.db, district)).students).toHaveLength(40);
  expect((await fetched(district)).file).toMatchObject({ same: 'refused', problem });
  await setDistrict(bench.db, district, { filter: ONLY_020 });
  expect((await read(district)).outcome).toMatchObject({ ok: true, outside: { classes: 1 } });
});

it('rows outside with mistakes neither hold a plan nor ask anybody to mend them', async () => {
  const district = await bench.district('filter-errors');
  await night(district, TWO);
  await setDistrict(bench.db, district, { filter: ONLY_020 });
  await load((await read(district)).ref);
  const bad = (school: string, n: number) =>
    `${school},School ${school},teach-${school}@district.example,Tamsin,Underhollow,${school}-S5,Science 5,Nib,Thistle${n},nobody,5`;
  const outside = [1, 2, 3, 4].map((n) => bad('010', n));
  const some = csv([...pupils(1, 30), ...pupils(31, 40, { school: '020' })], outside);
  const first = await night(district, some);
  expect(first.outcome).toMatchObject({
    ...{ rejected: 4, outside: { rows: 30, rejected: 4 } },
    findings: { errors: 0 },
  });
  expect(first.plan.held).toEqual([]);
  expect((await getRun(bench.db, district, first.ref.run)).findings).toMatchObject({ errors: 4 });
  const more = some + [5, 6, 7].map((n) => `${bad('020', n)}\n`).join('');
  const second = await night(district, more);
  expect(second.outcome).toMatchObject({ rejected: 7, findings: { errors: 7 } });
  expect(second.plan.held).toMatchObject([{ limit: 'error-rate', count: 3, before: 13 }]);
});

it('a filter is tried on the newest file and leaves nothing but its answer', async () => {
  const district = await bench.district('filter-look', { seats: 100 });
  expect((await look(district, ONLY_020)).looked).toEqual({ state: 'no-file' });
  await night(district, TWO);
  const before = await active(bench.db, district);
  const archived = path.join(bench.archive, district);

  const filter: RosterFilter = { ...ONLY_020, without: { teachers: ['gone@district.example'] } };
  const { preview, looked, result } = await look(district, filter);
  expect(looked).toEqual({
    state: 'ready',
    classes: { all: 2, inside: 1 },
    students: { all: 40, inside: 10 },
  });
  expect(result).toMatchObject({
    file: { run: 1 },
    schools: { all: 2, inside: 1 },
    bySchool: [
      { school: '010', classes: { all: 1, inside: 0 }, students: { all: 30, inside: 0 } },
      { school: '020', classes: { all: 1, inside: 1 }, students: { all: 10, inside: 10 } },
    ],
    unknown: [{ list: 'without', kind: 'teachers', entry: 'gone@district.example' }],
    plan: { seats: { licensed: 100, before: 40, after: 10 }, outside: { rows: 30 } },
  });
  expect(await active(bench.db, district)).toEqual(before);
  expect(await listRuns(bench.db, district)).toHaveLength(1);

  // What was looked at is what the next sync does.
  await confirmFilter(bench.db, district, preview);
  const { ref } = await read(district);
  await bench.run('makePlan', ref);
  const { changes, held, seats } = await getPlan(bench.db, district);
  expect(result).toMatchObject({ plan: { changes, held, seats } });

  expect((await look(district, { only: { classes: ['*-S6'] } })).looked).toEqual({
    state: 'nothing',
    classes: { all: 2, inside: 0 },
    students: { all: 40, inside: 0 },
  });
  // Widening needs what the roster does not have: the file has it.
  await load(ref);
  expect((await look(district, {})).result).toMatchObject({
    state: 'ready',
    plan: { seats: { before: 10, after: 40 }, outside: null },
  });
  await setDistrict(bench.db, district, { columns: { 'student e-mail': 'class_id' } });
  // What another worker fetched is brought; only what is nowhere is gone.
  await rm(archived, { recursive: true });
  expect((await look(district, {})).looked).toMatchObject({ state: 'unreadable' });
  await bench.settled();
  await bench.db('rollcall.files').where({ kind: 'roster' }).delete();
  await rm(archived, { recursive: true });
  expect((await look(district, {})).looked).toEqual({ state: 'gone' });
});

it('waits for its turn, and does not answer who has asked for another one since', async () => {
  const district = await bench.district('filter-turn');
  await night(district, TWO);
  const first = await askPreview(bench.db, district, ONLY_020);
  await askPreview(bench.db, district, {});
  const preview = { district, preview: first };
  expect(await bench.run('previewFilter', preview)).toEqual({ state: 'replaced' });
  const nobody = bench.run('previewFilter', { district: 'nobody', preview: first });
  expect((await failureOf(nobody)).type).toBe('DISTRICT_UNKNOWN');
});

it('neither a log nor a history of it names a teacher', async () => {
  const district = await bench.district('filter-quiet');
  await night(district, TWO);
  const filter = { only: { teachers: ['teach-020@district.example'] } };
  const { looked, preview } = await look(district, filter);
  await confirmFilter(bench.db, district, preview);
  const { ref, outcome } = await read(district);
  const plan = await bench.run('makePlan', ref);
  expect(outcome).toMatchObject({ outside: { rows: 30, classes: 1 } });
  expect(JSON.stringify([looked, outcome, plan, bench.logged])).not.toContain('teach-');
});
