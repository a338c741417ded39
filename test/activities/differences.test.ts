/** A night is compared with what was read of the last accepted file, if that is still known. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunRef } from '../../workflows/contract.js';
import { ACTIVE_LINES, activeAfter } from '../e2e/independent-reading.js';
import { csv, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

let districts = 0;
let district: string;
beforeEach(async () => {
  districts += 1;
  district = await bench.district(`differences-${districts}`);
});

let occasions = 0;
async function read(text: string): Promise<RunRef> {
  occasions += 1;
  await bench.upload(district, text);
  const opening = { district, workflowId: 'test', occasion: `${occasions}` };
  const { run } = await bench.run('openRun', opening);
  const ref = { district, run };
  await bench.run('fetchRoster', ref);
  expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true });
  return ref;
}
async function load(ref: RunRef): Promise<void> {
  const { planHash } = await bench.run('makePlan', ref);
  await bench.run('applyPlan', { ...ref, planHash, by: 'test' });
  await bench.run('writeReport', { ...ref, outcome: 'applied' });
}
const baseOf = async ({ run }: RunRef): Promise<number | null> => {
  const [found] = await bench
    .db('rollcall.runs')
    .join('rollcall.districts', 'key', 'district_key')
    .where({ id: district, run })
    .select('base_run');
  return (found as { base_run: number | null }).base_run;
};
async function enrolled(): Promise<string[]> {
  const sql = ACTIVE_LINES.enrollments.replace('$1', '?');
  const answer: { rows: { concat_ws: string }[] } = await bench.db.raw(sql, [district]);
  return answer.rows.map((row) => row.concat_ws).sort();
}
const home = (): string => path.join(bench.archive, district);
const snapshotFiles = async (): Promise<string[]> =>
  (await readdir(home())).filter((name) => name.includes('.snapshot'));
/** The runs whose reading is kept. */
const snapshots = async (): Promise<string[]> =>
  (await snapshotFiles()).map((name) => name.slice(0, name.indexOf('-'))).sort();
/** This worker's copy, and that of all workers. */
async function spoilSnapshots(spoil: (file: string) => Promise<void>): Promise<void> {
  for (const name of await snapshotFiles()) await spoil(path.join(home(), name));
  await bench.settled();
  await bench.db('rollcall.files').where({ kind: 'snapshot' }).delete();
}

const FIRST = csv(pupils(1, 20));
const SECOND = csv([...pupils(2, 20), ...pupils(31, 32)]);

describe('a night', () => {
  it('is compared with the last accepted file, and keeps what the next one needs', async () => {
    const first = await read(FIRST);
    expect(await baseOf(first)).toBeNull();
    await load(first);
    const second = await read(SECOND);
    expect(await baseOf(second)).toBe(first.run);
    await load(second);
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
    const third = await read(FIRST);
    expect(await baseOf(third)).toBe(second.run);
    expect(await snapshots()).toEqual(['2', '3']);
    await load(third);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
  });

  it.each([
    ['is gone', (file: string) => rm(file)],
    ['is damaged', (file: string) => writeFile(file, 'rollcall snapshot 1, cut')],
  ])('is compared with the roster where what was kept %s', async (_, spoil) => {
    await load(await read(FIRST));
    await spoilSnapshots(spoil);
    const second = await read(SECOND);
    expect(await baseOf(second)).toBeNull();
    await load(second);
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
  });

  it('is compared with the last accepted file, though others were read since', async () => {
    await load(await read(FIRST));
    await read(csv(pupils(1, 2)));
    const third = await read(SECOND);
    expect(await baseOf(third)).toBe(1);
    await load(third);
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
  });

  it('is read once more, whole, where the roster has moved since', async () => {
    await load(await read(FIRST));
    const second = await read(SECOND);
    await bench.db.raw(
      `update rollcall.roster_state set roster_version = roster_version + 1
       where district_key = (select key from rollcall.districts where id = ?)`,
      [district],
    );
    expect(await baseOf(second)).toBe(1);
    await load(second);
    expect(await baseOf(second)).toBeNull();
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
  });

  describe('of a file with more lines than a header is looked for in', () => {
    const MANY = pupils(1, 1_800);
    const renamed = (last: string) =>
      MANY.map((one) => (one.id === 'p1700' ? { ...one, last } : one));
    const lastName = async (): Promise<string> => {
      const [found] = await bench
        .db('roster.students')
        .where({ district_id: district, email: 'p1700@pupils.district.example' })
        .select('last_name');
      return (found as { last_name: string }).last_name;
    };

    it('has in it who came, left and changed, and no line too few', async () => {
      await load(await read(csv(MANY)));
      const next = [
        ...renamed('Newly').filter(({ id }) => id !== 'p1650'),
        ...pupils(2_001, 2_003),
      ];
      const second = await read(csv(next));
      expect(await baseOf(second)).toBe(1);
      await load(second);
      expect(await enrolled()).toEqual(activeAfter(csv(next)).enrollments);
      expect(await lastName()).toBe('Newly');
    });

    it('believes no copy of the file before that is not what was read then', async () => {
      await load(await read(csv(MANY)));
      // The copy says what the next file does, so its line would be told again as it was read.
      await writeFile(path.join(home(), '1.csv'), csv(renamed('Newly')));
      await load(await read(csv(renamed('Newly'))));
      expect(await lastName()).toBe('Newly');
    });
  });
});
