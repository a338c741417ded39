/** A part of a plan and its rest through the activities, each asked for twice. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunRef } from '../../workflows/contract.js';
import { ACTIVE_LINES, activeAfter } from '../e2e/independent-reading.js';
import { csv, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const school = (id: string, from: number, to: number) =>
  pupils(from, to, { school: id }).map((one) => ({ ...one, id: `${id}-${one.id}` }));
const MONDAY = csv([...school('010', 1, 60), ...school('020', 1, 60), ...school('030', 1, 60)]);
const TUESDAY = csv([...school('010', 1, 62), ...school('020', 1, 60), ...school('030', 16, 60)]);
/** What should stand when 030 alone is as it was. */
const PART = csv([...school('010', 1, 62), ...school('020', 1, 60), ...school('030', 1, 60)]);

async function read(district: string, text: string, occasion: string): Promise<RunRef> {
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  await bench.run('fetchRoster', { district, run });
  await bench.run('readRoster', { district, run });
  return { district, run };
}
async function apply(ref: RunRef, planHash: string) {
  const approval = { ...ref, planHash, by: 'system' };
  const applied = await bench.run('applyPlan', approval);
  expect(await bench.run('applyPlan', approval)).toEqual(applied);
  return applied;
}
async function views(district: string) {
  const entries = Object.entries(ACTIVE_LINES).map(async ([view, sql]) => {
    const answer: { rows: { concat_ws: string }[] } = await bench.db.raw(sql.replace('$1', '?'), [
      district,
    ]);
    return [view, answer.rows.map((row) => row.concat_ws).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
async function afterTuesday(id: string): Promise<{ part: RunRef; rest: RunRef }> {
  const district = await bench.district(id, { seats: 1000 });
  const monday = await read(district, MONDAY, 'monday');
  await apply(monday, (await bench.run('makePlan', monday)).planHash);
  const part = await read(district, TUESDAY, 'tuesday');
  const planned = await bench.run('makePlan', part);
  expect(planned).toMatchObject({ held: [], scope: { withoutSchools: ['030'] } });
  expect(await bench.run('makePlan', part)).toEqual(planned);
  const applied = await apply(part, planned.planHash);
  expect(await views(district)).toEqual(activeAfter(PART));
  if (applied.outcome !== 'applied' || applied.rest === undefined) throw new Error('no rest');
  return { part, rest: { district, run: applied.rest } };
}

it('what is left of a file comes after it, and the next night is a difference to the whole', async () => {
  const { part, rest } = await afterTuesday('three');
  const summary = await bench.run('writeReport', { ...rest, outcome: 'held' });
  expect(summary).toMatchObject({ run: rest.run, outcome: 'held', restOf: part.run });
  const planned = await bench.run('makePlan', rest);
  expect(planned.held).toMatchObject([{ limit: 'students-removed', school: '030', count: 15 }]);
  expect(await apply(rest, planned.planHash)).not.toHaveProperty('rest');
  expect(await views('three')).toEqual(activeAfter(TUESDAY));

  const wednesday = await read('three', MONDAY.replace('Quillfeather', 'Marrowfat'), 'wednesday');
  const { base_run } = await bench
    .db('rollcall.runs')
    .where({ run: wednesday.run })
    .whereNotNull('staged_at')
    .first('base_run');
  expect(base_run).toBe(rest.run);
});

it('what is left of a file is read again from the archive where the roster has moved', async () => {
  const { rest } = await afterTuesday('moved');
  const before = await bench.run('makePlan', rest);
  // As an undo would: nothing that is staged as a difference fits any more.
  await bench.db.raw(`
    update rollcall.roster_state set roster_version = roster_version + 1
    where district_key = (select key from rollcall.districts where id = 'moved')`);
  const stale = await bench.run('applyPlan', { ...rest, planHash: before.planHash, by: 'cli' });
  expect(stale).toEqual({ outcome: 'stale' });
  const again = await bench.run('makePlan', rest);
  expect(again).toMatchObject({ planHash: before.planHash });
  await apply(rest, again.planHash);
  expect(await views('moved')).toEqual(activeAfter(TUESDAY));
});

it('a part that a person wants is made of the plan that was named, and only of that', async () => {
  const district = await bench.district('wanted', { isolateSchools: false, seats: 1000 });
  const monday = await read(district, MONDAY, 'monday');
  await apply(monday, (await bench.run('makePlan', monday)).planHash);
  const ref = await read(district, TUESDAY, 'tuesday');
  const whole = await bench.run('makePlan', ref);
  const scope = { withoutSchools: ['030'] };
  const other = await bench.run('makePlan', { ...ref, scope, of: 'f'.repeat(64) });
  expect(other).toEqual({ ...whole, noPart: 'OTHER_PLAN' });
  const part = await bench.run('makePlan', { ...ref, scope, of: whole.planHash });
  expect(part).toMatchObject({ scope, held: [] });
  await apply(ref, part.planHash);
  expect(await views(district)).toEqual(activeAfter(PART));
});
