/**
 * Many districts through Temporal on one worker (or more): a first load of all, a night in which
 * 1% of each changed, and a night of the same bytes. Prints syncs a second and where the time goes.
 *
 *     npm run bench:districts -- [--districts 200] [--rows 3000] [--workers 1] [--dist] [--sql] [--json]
 */
import { copyFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rosterFile } from './many/files.js';
import { line } from './many/numbers.js';
import { startParts } from './many/parts.js';
import { costliest } from './many/postgres-work.js';
import { measureRound, type Round } from './many/round.js';
import { type BenchWorker, startBenchWorker } from './many/worker.js';

const { values } = parseArgs({
  options: {
    districts: { type: 'string', default: '200' },
    rows: { type: 'string', default: '3000' },
    workers: { type: 'string', default: '1' },
    dist: { type: 'boolean', default: false },
    sql: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [count, rows, workerCount] = [values.districts, values.rows, values.workers].map(Number);
if (!count || !rows || !workerCount || !(Math.min(count, rows, workerCount) >= 1)) {
  console.error('usage: npm run bench:districts -- [--districts N] [--rows N] [--workers N] …');
  process.exit(2);
}

function show(one: Round): void {
  const each = (seconds: number): string => ((seconds / one.syncs) * 1000).toFixed(0);
  console.log(
    `\n${one.name}: ${one.syncs} syncs in ${one.seconds} s, ${one.perSecond} a second; ` +
      `each ${one.latency.median} s (p95 ${one.latency.p95})`,
  );
  console.log(line('', 'n/sync', 'wait ms', 'p95', 'took ms', 'p95', 'ms/sync'));
  for (const { name, count, waited, took, tookSum } of one.steps) {
    const times = [waited.median, waited.p95, took.median, took.p95].map((ms) => ms.toFixed(0));
    console.log(line(name, (count / one.syncs).toFixed(1), ...times, each(tookSum)));
  }
  const cpu = Object.entries(one.cpu).map(([who, s]) => `${who} ${each(s)}`);
  console.log(`processor, ms a sync: ${cpu.join(', ')}`);
  const { statements, seconds, commits, sessions, walMb } = one.postgres;
  console.log(
    `Postgres, a sync: ${(statements / one.syncs).toFixed(0)} statements in ${each(seconds)} ms, ` +
      `${(commits / one.syncs).toFixed(1)} commits, ${(sessions / one.syncs).toFixed(1)} connections, ` +
      `${(walMb / one.syncs).toFixed(2)} MB of WAL`,
  );
  for (const { delay, rssMb } of one.workers)
    console.log(
      `a worker: event loop late by ${delay.p50} ms (p99 ${delay.p99}, most ${delay.max}), ${rssMb} MB`,
    );
}

const bin = path.resolve(import.meta.dirname, '../bin/rollcall.mjs');
const say = values.json ? (): void => undefined : show;
const parts = await startParts();
const workers: BenchWorker[] = [];
const rounds: Round[] = [];
try {
  const districts = Array.from({ length: count }, (_, n) => `bench-${n + 1}`);
  const places: string[] = [];
  for (const id of districts) places.push(await parts.district(id, rows));
  const put = async (shape: 'plain' | 'night', at: number): Promise<void> => {
    const file = await rosterFile(rows, shape);
    for (const place of places) {
      await copyFile(file, place);
      await utimes(place, at, at);
    }
  };
  const env = { ...parts.env, ...(values.dist && { ROLLCALL_DIST: '1' }) };
  for (let n = 0; n < workerCount; n++)
    workers.push(await startBenchWorker([bin, 'worker', '--json'], env));
  const measure = async (name: string, wanted: string): Promise<void> => {
    const one = await measureRound(parts, workers, districts, { name, wanted });
    rounds.push(one);
    say(one);
    if (values.sql && !values.json)
      for (const { calls, seconds, sql } of await costliest(parts.admin, 25))
        console.log(
          `${(seconds * 1000).toFixed(0).padStart(8)} ms ${String(calls).padStart(6)}  ${sql}`,
        );
  };
  await put('plain', 179e7);
  await measure('first', 'applied');
  await put('night', 179e7 + 86_400);
  await measure('night', 'applied');
  await measure('same', 'unchanged');
  for (const worker of workers.splice(0)) await worker.stop();
  const empty = path.join(import.meta.dirname, 'many/empty-worker.ts');
  workers.push(await startBenchWorker(['--import', 'tsx', empty], env));
  await measure('nothing done', 'applied');
} finally {
  for (const worker of workers) await worker.stop();
  await parts.stop();
}
if (values.json) console.log(JSON.stringify({ node: process.version, dist: values.dist, rounds }));
