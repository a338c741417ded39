import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createReaders,
  type ReaderSettings,
  type ReaderThreads,
} from '../../worker/readers/index.js';
import { until } from '../support/wait.js';
import { csv, failureOf, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  readers = readersOf();
  open.length = 0;
});
afterAll(async () => {
  await readers.close();
  await bench.close();
});

/** Threads that live through the file, as starting one from the sources takes seconds. */
let readers: ReaderThreads;
const open: ReaderThreads[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
function readersOf(changed: Partial<ReaderSettings> = {}): ReaderThreads {
  const readers = createReaders(
    {
      ...{ databaseUrl: bench.database.url, archiveDir: bench.archive },
      ...{ threads: 2, threadMb: 512, fromBytes: 0 },
      ...changed,
    },
    bench.deps.log,
  );
  open.push(readers);
  return readers;
}

let occasion = 0;
/** A run whose file has been fetched. */
async function fetched(id: string, text: string) {
  const district = await bench.district(id);
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', {
    ...{ district, workflowId: `sync/${id}`, occasion: String((occasion += 1)) },
  });
  await bench.run('fetchRoster', { district, run });
  return { district, run };
}
/** Connections of reading threads that are open now. */
async function connections(): Promise<number> {
  const answer: { rows: { count: number }[] } = await bench.db.raw(
    `select count(*)::int as count from pg_stat_activity
     where application_name = 'rollcall reader' and datname = current_database()`,
  );
  return answer.rows[0]!.count;
}

describe('a reading thread', () => {
  it('says and stages what reading on the spot does, and lets go of its connections', async () => {
    const bad = 'only,three,cells';
    const here = await fetched('on-the-spot', csv(pupils(1, 400), [bad]));
    const there = await fetched('by-thread', csv(pupils(1, 400), [bad]));
    const expected = await bench.run('readRoster', here);
    expect(await bench.run('readRoster', there, { readers })).toEqual(expected);
    expect(expected).toMatchObject({ ok: true, rows: 401, rejected: 1 });
    const plans = [
      await bench.run('makePlan', here),
      await bench.run('makePlan', there, { readers }),
    ];
    expect(plans[1]?.changes).toEqual(plans[0]?.changes);
    await until('its connections are closed', async () => (await connections()) === 0);
  });

  it('answers a file that cannot be read with a value', async () => {
    const ref = await fetched('unreadable', 'no,such,columns\n1,2,3\n');
    const answer = await bench.run('readRoster', ref, { readers });
    expect(answer).toMatchObject({ ok: false, problem: 'COLUMN_MISSING' });
  });

  it('keeps codes, and whether to try again, across the thread', async () => {
    const { archive } = bench.deps;
    const ref = await fetched('damaged', csv(pupils(1, 20)));
    const { writeFile, rm } = await import('node:fs/promises');
    await writeFile(await archive.pathFor(ref), csv(pupils(1, 21)));
    await bench.db('rollcall.files').delete();
    const damaged = await failureOf(bench.run('readRoster', ref, { readers }));
    expect([damaged.type, damaged.nonRetryable]).toEqual(['ARCHIVE_DAMAGED', true]);
    expect(damaged.stack).toMatch(/activities/);
    const nowhere = readersOf({ databaseUrl: 'postgres://x:y@127.0.0.1:1/none' });
    const away = await failureOf(bench.run('readRoster', ref, { readers: nowhere }));
    expect([away.type, away.nonRetryable]).toEqual(['DB_UNAVAILABLE', false]);
    expect(away.message).not.toContain('127.0.0.1');
    await rm(await archive.pathFor(ref));
    const missing = await failureOf(bench.run('readRoster', ref, { readers }));
    expect([missing.type, missing.nonRetryable]).toEqual(['ARCHIVE_MISSING', false]);
  });

  it('tells how far it is', async () => {
    const ref = await fetched('progress', csv(pupils(1, 60_000)));
    const told: Readonly<Record<string, number>>[] = [];
    const job = { ref, fetched: await fetchedOf(ref), whole: false };
    const { signal } = new AbortController();
    await readers.read(job, { attempt: 1, signal, progress: (counts) => told.push(counts) });
    expect(told.length).toBeGreaterThan(0);
    const bytes = told.map((one) => one['bytes']!);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(told.every(({ rows = -1 }) => rows >= 0 && rows <= 60_000)).toBe(true);
  });
});

/** What `readRoster` would hand over. */
async function fetchedOf(ref: { district: string; run: number }) {
  const { lastFetch } = await import('../../store/runs.js');
  return (await lastFetch(bench.db, ref.district, ref.run + 1))!;
}

describe('a reading thread that is broken off', () => {
  it('has written nothing and holds nothing once the attempt has ended', async () => {
    const ref = await fetched('cancelled', csv(pupils(1, 100_000)));
    const attempt = bench.start('readRoster', ref, { readers });
    await until('it reads', async () => (await connections()) > 0);
    attempt.cancel();
    await expect(attempt.result).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(await connections()).toBe(0);
    // The thread is fit for the next.
    expect(await bench.run('readRoster', ref, { readers })).toMatchObject({ rows: 100_000 });
  });

  it('is not waited for while it has not begun', async () => {
    const ref = await fetched('queued', csv(pupils(1, 100_000)));
    const next = await fetched('queued-behind', csv(pupils(1, 10)));
    const readers = readersOf({ threads: 1 });
    const first = bench.start('readRoster', ref, { readers });
    await until('the only thread reads', async () => (await connections()) > 0);
    const second = bench.start('readRoster', next, { readers });
    second.cancel();
    await expect(second.result).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(await first.result).toMatchObject({ rows: 100_000 });
  });
});

describe('a reading thread that dies', () => {
  it('of too little memory fails that file for good, and not the next', async () => {
    const large = await fetched('large', csv(distinct(200_000)));
    const small = await fetched('small', csv(pupils(1, 10)));
    const readers = readersOf({ threads: 1, threadMb: 48 });
    const failure = await failureOf(bench.run('readRoster', large, { readers }));
    expect([failure.type, failure.nonRetryable]).toEqual(['READER_MEMORY', true]);
    expect(failure.message).toContain('ROLLCALL_THREAD_MB');
    expect(await bench.run('readRoster', small, { readers })).toMatchObject({ rows: 10 });
    await until('what it held is given back', async () => (await connections()) === 0);
  });

  it('unasked fails that attempt only, which may be tried again', async () => {
    const ref = await fetched('killed', csv(pupils(1, 100_000)));
    const own = readersOf();
    const attempt = bench.start('readRoster', ref, { readers: own });
    const failed = failureOf(attempt.result);
    await until('it reads', async () => (await connections()) > 0);
    await own.close();
    const failure = await failed;
    expect([failure.type, failure.nonRetryable]).toEqual(['READER_DIED', false]);
    const again = await until('its backend has given up', async () =>
      bench.run('readRoster', ref, { readers }).catch((error: unknown) => {
        if ((error as ApplicationFailure).type !== 'RUN_BUSY') throw error;
        return null;
      }),
    );
    expect(again).toMatchObject({ ok: true, rows: 100_000 });
  });

  it('before it starts fails its file instead of waiting for ever', async () => {
    const ref = await fetched('stillborn', csv(pupils(1, 10)));
    const readers = readersOf({ threadMb: 4 });
    const failure = await failureOf(bench.run('readRoster', ref, { readers }));
    expect(failure.type).toMatch(/^READER_(DIED|MEMORY)$/);
  });
});

describe('large files at the same time', () => {
  it('leave a thread to the others, and give their place back', async () => {
    const giants = [
      await fetched('giant-1', csv(pupils(1, 100_000))),
      await fetched('giant-2', csv(pupils(1, 1_000))),
    ];
    const small = await fetched('beside', csv(pupils(1, 10)));
    const readers = readersOf({ giantBytes: 20_000 });
    const first = bench.start('readRoster', giants[0]!, { readers });
    await until('the first is read', async () => (await connections()) > 0);
    const busy = await failureOf(bench.run('readRoster', giants[1]!, { readers }));
    expect(busy).toMatchObject({ type: 'READERS_BUSY', nonRetryable: false, category: 'BENIGN' });
    expect(busy.nextRetryDelay).toBe(5_000);
    const order: string[] = [];
    await Promise.all([
      first.result.then(() => order.push('giant')),
      bench.run('readRoster', small, { readers }).then(() => order.push('small')),
    ]);
    expect(order).toEqual(['small', 'giant']);
    expect(await bench.run('readRoster', giants[1]!, { readers })).toMatchObject({ rows: 1_000 });
  });

  it('do not hold up the event loop', async () => {
    const ref = await fetched('unnoticed', csv(pupils(1, 100_000)));
    const { monitorEventLoopDelay } = await import('node:perf_hooks');
    const delayOf = async (readers?: ReaderThreads): Promise<number> => {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await bench.run('readRoster', ref, readers ? { readers } : {});
      delay.disable();
      return delay.max / 1e6;
    };
    await bench.run('readRoster', ref, { readers }); // the thread is up
    const apart = await delayOf(readers);
    const here = await delayOf();
    expect(apart).toBeLessThan(here / 2);
  });
});

/** Pupils with names of their own, so that a thread has much to remember. */
function distinct(count: number) {
  return pupils(1, count).map(({ id }) => ({ id, last: `Quillfeather-${id}-${'x'.repeat(60)}` }));
}
