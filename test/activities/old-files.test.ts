/** A worker's own copies: what goes with the old files, and what goes by itself. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepTidy } from '../../worker/keep-tidy.js';
import type { RunRef } from '../../workflows/contract.js';
import { until } from '../support/wait.js';
import {
  csv,
  failureOf,
  pupils,
  startBench,
  startOther,
  type Bench,
  type OtherWorker,
} from './bench.js';

let bench: Bench;
let folder: string;
let other: OtherWorker['worker'];
beforeAll(async () => {
  bench = await startBench();
  const second = await startOther(bench);
  ({ folder, worker: other } = second);
  return async () => {
    await second.close();
    await bench.close();
  };
});

const FIRST = csv(pupils(1, 20));
const SECOND = csv(pupils(2, 21));
const DAY = 86_400_000;

let occasions = 0;
async function night(district: string, text: string, worker = {}): Promise<RunRef> {
  occasions += 1;
  await bench.upload(district, text);
  const opening = { district, workflowId: 'test', occasion: `${occasions}` };
  const ref = { district, run: (await bench.run('openRun', opening)).run };
  await bench.run('fetchRoster', ref, worker);
  await bench.run('readRoster', ref, worker);
  const { planHash } = await bench.run('makePlan', ref, worker);
  await bench.run('applyPlan', { ...ref, planHash, by: 'test' }, worker);
  await bench.run('writeReport', { ...ref, outcome: 'applied' }, worker);
  await bench.settled();
  await other.archive.settled();
  return ref;
}
async function here(district: string): Promise<string[]> {
  const names = await readdir(path.join(bench.archive, district));
  return names.map((name) => name.replace(/-[0-9a-f]{64}/, '')).sort();
}
/** As if all of it had been written then. */
async function age(home: string, district: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * DAY);
  for (const name of await readdir(path.join(home, district))) {
    await utimes(path.join(home, district, name), then, then);
  }
}
const ageInPostgres = (days: number) =>
  bench.db.raw(`update rollcall.files set kept_at = now() - make_interval(days => ?)`, [days]);

describe('old files', () => {
  it('go with the copies of the worker that is asked, but for what the next night needs', async () => {
    const district = await bench.district('housekeeping', { keepFiles: 30 });
    await night(district, FIRST);
    await night(district, SECOND);
    await ageInPostgres(31);
    await age(bench.archive, district, 31);
    bench.logged.length = 0;
    expect(await bench.run('dropOldFiles', { district })).toEqual({
      counts: { files: 1, snapshots: 1 },
      more: false,
    });
    expect(await here(district)).toEqual(['2.csv', '2.snapshot']);
    expect(bench.logged).toEqual([
      `{"district":"${district}","files":1,"snapshots":1} old files were removed`,
    ]);
    expect(await bench.run('dropOldFiles', { district })).toMatchObject({
      counts: { files: 0, snapshots: 0 },
    });

    const copyOf = (run: number, text: string) => {
      const sha256 = createHash('sha256').update(text).digest('hex');
      const file = { sha256, bytes: text.length };
      const signal = new AbortController().signal;
      return other.archive.copyOf({ district, run }, file, { isDamaged: false, signal });
    };
    expect(await copyOf(1, FIRST)).toBeNull();
    expect(await copyOf(2, SECOND)).toBe(path.join(folder, district, '2.csv'));
  });

  it('of a district that is not there are none', async () => {
    const failure = await failureOf(bench.run('dropOldFiles', { district: 'nowhere' }));
    expect(failure).toMatchObject({ type: 'DISTRICT_UNKNOWN', nonRetryable: true });
  });
});

describe('a worker that tidies its folder', () => {
  it('leaves what is younger than a day, and what the next night needs', async () => {
    const district = await bench.district('tidied');
    await night(district, FIRST);
    const names = await here(district);
    await bench.deps.archive.tidy();
    expect(await here(district)).toEqual(names);

    await age(bench.archive, district, 2);
    await bench.deps.archive.tidy();
    expect(await here(district)).toEqual(names);

    await night(district, SECOND);
    await age(bench.archive, district, 2);
    await bench.deps.archive.tidy();
    expect(await here(district)).toEqual(['2.csv', '2.snapshot']);
  });

  it('removes what a crash has left, and nothing that is not its own', async () => {
    const district = await bench.district('leftovers');
    const home = path.join(bench.archive, district);
    await mkdir(home, { recursive: true });
    const left = ['7.csv.part', '7.csv.1a2b3c4d.part', '7.csv.report', '7.snapshot'];
    const foreign = ['notes.csv', '7.csv~', '07.csv', '7-xyz.snapshot'];
    for (const name of [...left, ...foreign]) await writeFile(path.join(home, name), 'x');
    await age(bench.archive, district, 2);
    await bench.deps.archive.tidy();
    expect((await readdir(home)).sort()).toEqual(foreign.sort());
  });

  it('removes all of a district that is gone, at its start too', async () => {
    const home = path.join(folder, 'gone');
    await mkdir(home);
    await writeFile(path.join(home, '1.csv'), FIRST);
    const stop = keepTidy(other.archive, bench.deps.log);
    await until('its folder is gone', async () => !(await readdir(folder)).includes('gone'));
    await stop();
  });

  it('goes on without a word of what was in the way', async () => {
    bench.logged.length = 0;
    const tidy = () => Promise.reject(new Error('Thistlewood'));
    await keepTidy({ tidy }, bench.deps.log)();
    expect(bench.logged).toEqual([
      '{"code":"INTERNAL"} old copies of fetched files could not be removed',
    ]);
  });
});
