/**
 * A giant beside fifty: how long small districts take by themselves, and while the file of a large
 * one is read; and whether the large one's heartbeats are on time.
 *
 *     npm run bench:giant -- [--giant 600000] [--small 50] [--rows 3000] [--workers 1] [--dist] [--json]
 */
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rosterFile } from './many/files.js';
import { type Heartbeats, watchHeartbeats } from './many/heartbeats.js';
import { line } from './many/numbers.js';
import { startParts } from './many/parts.js';
import { measureRound, outcomesOf, type Round, startSyncs } from './many/round.js';
import { type BenchWorker, startBenchWorker } from './many/worker.js';
import { poll } from '../dev/processes.js';

const { values } = parseArgs({
  options: {
    giant: { type: 'string', default: '600000' },
    small: { type: 'string', default: '50' },
    rows: { type: 'string', default: '3000' },
    workers: { type: 'string', default: '1' },
    dist: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [giantRows, smallCount, rows, workerCount] = [
  values.giant,
  values.small,
  values.rows,
  values.workers,
].map(Number) as [number, number, number, number];
if (![giantRows, smallCount, rows, workerCount].every((value) => value >= 1)) {
  console.error(
    'usage: npm run bench:giant -- [--giant ROWS] [--small N] [--rows N] [--workers N]',
  );
  process.exit(2);
}

/** Gives up waiting for the giant to be fetched. */
const PATIENCE_MS = 300_000;

const bin = path.resolve(import.meta.dirname, '../bin/rollcall.mjs');
const parts = await startParts();
const workers: BenchWorker[] = [];

async function districts(name: string): Promise<string[]> {
  const file = await rosterFile(rows, 'plain');
  const ids = Array.from({ length: smallCount }, (_, n) => `${name}-${n + 1}`);
  for (const id of ids) await copyFile(file, await parts.district(id, rows));
  return ids;
}

async function beside(): Promise<{ round: Round; heartbeats: Heartbeats; giant: number }> {
  const ids = await districts('beside');
  await copyFile(await rosterFile(giantRows, 'plain'), await parts.district('giant', giantRows));
  const began = performance.now();
  const [giant = ''] = await startSyncs(parts, ['giant'], 'giant');
  const done = outcomesOf(parts, [giant]).then(([outcome]) => {
    if (outcome !== 'applied') throw new Error(`the giant ended as ${outcome}`);
    return (performance.now() - began) / 1000;
  });
  const watched = watchHeartbeats(parts.client, giant, done);
  const reads = async (): Promise<true | undefined> => {
    const { raw } = await parts.client.workflow.getHandle(giant).describe();
    const names = (raw.pendingActivities ?? []).map((one) => one.activityType?.name);
    return names.includes('readRoster') || undefined;
  };
  if (!(await poll(reads, PATIENCE_MS))) throw new Error('the giant was never read');
  const round = await measureRound(parts, workers, ids, { name: 'beside', wanted: 'applied' });
  return { round, heartbeats: await watched, giant: await done };
}

try {
  const env = { ...parts.env, ...(values.dist && { ROLLCALL_DIST: '1' }) };
  for (let n = 0; n < workerCount; n++)
    workers.push(await startBenchWorker([bin, 'worker', '--json'], env));
  // Whatever is done for the first time is not what is asked about.
  const warm = (await districts('warm')).slice(0, 5);
  await measureRound(parts, workers, warm, { name: 'warm', wanted: 'applied' });
  const alone = await measureRound(parts, workers, await districts('alone'), {
    ...{ name: 'alone', wanted: 'applied' },
  });
  const { round, heartbeats, giant } = await beside();
  if (values.json) console.log(JSON.stringify({ alone, beside: round, heartbeats, giant }));
  else {
    console.log(line('', 'a second', 'median s', 'p95 s', 'late p99 ms', 'most ms', 'MB'));
    for (const { name, perSecond, latency, workers: probed } of [alone, round]) {
      const { delay, rssMb } = probed[0]!;
      const times = [perSecond, latency.median, latency.p95, delay.p99, delay.max, rssMb];
      console.log(line(name, ...times));
    }
    console.log(
      `the giant: ${giantRows} rows in ${giant.toFixed(1)} s; its heartbeats at most ` +
        `${heartbeats.longest} s apart of the 30 allowed, ${heartbeats.tries} ${heartbeats.tries === 1 ? 'try' : 'tries'}`,
    );
  }
} finally {
  for (const worker of workers) await worker.stop();
  await parts.stop();
}
