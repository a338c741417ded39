import { afterAll, beforeAll, expect, it } from 'vitest';
import { setDistrict } from '../../store/config/districts.js';
import type { RunRef } from '../../store/types.js';
import { csv, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const THEIRS = csv(pupils(1, 3))
  .replace('student_email', 'Learner=Mail')
  .replace('class_id', 'Group');
const columns = { 'learner=mail': 'student_email', group: 'class_id' } as const;

let occasions = 0;
async function fetched(district: string): Promise<{ ref: RunRef; same: unknown }> {
  occasions += 1;
  const occasion = String(occasions);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  const ref = { district, run };
  return { ref, same: await bench.run('fetchRoster', ref) };
}

it('a file that was refused for its header is read as soon as the district’s names are set', async () => {
  const district = await bench.district('own-columns');
  await bench.upload(district, THEIRS);
  const first = await fetched(district);
  const problem = 'COLUMN_MISSING';
  expect(await bench.run('readRoster', first.ref)).toEqual({ ok: false, problem });
  await bench.run('writeReport', { ...first.ref, outcome: 'refused', problem });
  expect((await fetched(district)).same).toMatchObject({ same: 'refused', sameRun: 1 });

  await setDistrict(bench.db, district, { columns });
  const second = await fetched(district);
  expect(second.same).not.toHaveProperty('same');
  expect(await bench.run('readRoster', second.ref)).toMatchObject({ ok: true, accepted: 3 });
  const { planHash } = await bench.run('makePlan', second.ref);
  await bench.run('applyPlan', { ...second.ref, planHash, by: 'test' });
  expect((await fetched(district)).same).toMatchObject({ same: 'accepted' });

  // The same bytes mean something else, or nothing, under other names.
  await setDistrict(bench.db, district, { columns: {} });
  const third = await fetched(district);
  expect(third.same).toMatchObject({ same: 'read', sameRun: first.ref.run });
  expect(await bench.run('readRoster', third.ref)).toEqual({ ok: false, problem });
  await bench.run('writeReport', { ...third.ref, outcome: 'refused', problem });
  expect((await fetched(district)).same).toMatchObject({ same: 'refused' });
});
