/**
 * One sync of ours, as a worker does it, from the fetched file on disk to committed views: hash,
 * read, plan, apply, with the very activities; before that those of a small district, WARMING.
 * Prints one line of JSON.
 *
 *     DATABASE_URL=… node --import tsx bench/sync-child.ts ARCHIVE FILE [WARMING …]
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, symlink } from 'node:fs/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities, type Deps } from '../activities/index.js';
import { connect } from '../store/db.js';
import { createArchive } from '../worker/adapters/archive.js';
import { openRun, recordFetch, sameBytes } from '../store/runs.js';

const [archive, file, ...warming] = process.argv.slice(2) as [string, string, ...string[]];
const db = connect(process.env['DATABASE_URL']!, { name: 'bench' });
// The other ports are not asked for anything by these activities.
if (process.env['BENCH_SQL']) {
  const begun = new Map<string, number>();
  db.on('query', (q: { __knexQueryUid: string }) => begun.set(q.__knexQueryUid, performance.now()));
  db.on('query-response', (_: unknown, q: { __knexQueryUid: string; sql: string }) => {
    const took = performance.now() - (begun.get(q.__knexQueryUid) ?? 0);
    if (took > 15)
      console.error(
        `${took.toFixed(0).padStart(6)} ms  ${q.sql.replace(/\s+/g, ' ').slice(0, 150)}`,
      );
  });
}
const kept = createArchive(archive, db, console);
const activities = createActivities({
  db,
  archive: kept,
  log: console,
} as unknown as Deps);
const act = <In, Out>(activity: (input: In) => Promise<Out>, input: In): Promise<Out> =>
  new MockActivityEnvironment().run(activity, input) as Promise<Out>;

async function sync(district: string, file: string) {
  const seconds: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    seconds[name] = secondsSince(began);
    return result;
  };
  const began = performance.now();
  const occasion = String(Date.now());
  const { run } = await openRun(db, { district, workflowId: 'bench', occasion });
  const ref = { district, run };
  const { size, mtimeMs } = await stat(file);
  // Fetching is not measured: the file lies where it would have been put.
  await symlink(file, await kept.pathFor(ref));
  const sha256 = await timed('hash', async () => {
    const hash = createHash('sha256');
    for await (const block of createReadStream(file, { highWaterMark: 1 << 20 })) {
      hash.update(block as Buffer);
    }
    return hash.digest('hex');
  });
  await recordFetch(db, ref, { sha256, bytes: size, modifiedAt: Math.floor(mtimeMs) });
  const known = await sameBytes(db, ref, sha256);
  let changes: unknown = null;
  if (known === null) {
    const read = await timed('read', () => act(activities.readRoster, ref));
    if (!read.ok) throw new Error(`the file was refused: ${read.problem}`);
    const plan = await timed('plan', () => act(activities.makePlan, ref));
    const applied = await timed('apply', () =>
      act(activities.applyPlan, { ...ref, planHash: plan.planHash, by: 'bench' }),
    );
    if (applied.outcome !== 'applied') {
      throw new Error(`the plan was not applied: ${applied.outcome}`);
    }
    changes = applied.changes;
  }
  return { total: secondsSince(began), seconds, same: known?.same ?? null, changes };
}
const secondsSince = (began: number): number =>
  Number(((performance.now() - began) / 1000).toFixed(3));

// A worker has been at work for days when a night comes.
for (const one of warming) await sync('warm', one);
const done = await sync('bench', file);
await kept.settled();
await db.destroy();
const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...done, maxRssMb }));
