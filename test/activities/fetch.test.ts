import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDistrictLock } from '../../store/lock.js';
import { lastFetch } from '../../store/runs.js';
import type { RunRef } from '../../workflows/contract.js';
import { startProxy } from '../support/sftp-proxy.js';
import { within } from '../support/wait.js';
import { csv, failureOf, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const FILE = csv(pupils(1, 40));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const archived = ({ district, run }: RunRef): string =>
  path.join(bench.archive, district, `${run}.csv`);

async function openedRun(district: string, occasion = '1'): Promise<RunRef> {
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  return { district, run };
}

/** The vendor's server by another way or with other credentials. */
function server(change: Partial<NonNullable<Bench['deps']['ourSftp']>>) {
  const { ourSftp } = bench.deps;
  if (!ourSftp) throw new Error('the bench has a server');
  return { ourSftp: { ...ourSftp, ...change } };
}

describe('fetching the roster', () => {
  it('keeps the file byte for byte and notes its hash, size and time', async () => {
    const ref = await openedRun(await bench.district('fetched'));
    await bench.upload('fetched', FILE, 1_790_000_000);

    const fetched = await bench.run('fetchRoster', ref);

    expect(fetched).toEqual({ ok: true, sha256: sha256(FILE), bytes: FILE.length });
    expect(await readFile(archived(ref), 'utf8')).toBe(FILE);
    expect(await lastFetch(bench.db, 'fetched')).toEqual({
      run: ref.run,
      readRun: ref.run,
      sha256: sha256(FILE),
      bytes: FILE.length,
      modifiedAt: new Date(179e10).toISOString(),
    });
  });

  it('keeps to the first file when it runs again after a newer upload', async () => {
    const ref = await openedRun(await bench.district('again'));
    await bench.upload('again', FILE);
    const first = await bench.run('fetchRoster', ref);
    await bench.upload('again', csv(pupils(1, 5)), 1_790_009_999);

    expect(await bench.run('fetchRoster', ref)).toEqual(first);
    expect(await bench.run('fetchRoster', ref, server({ port: 1 }))).toEqual(first);
    expect(await readFile(archived(ref), 'utf8')).toBe(FILE);
  });

  it('needs no copy of its own once all workers have the file', async () => {
    const ref = await openedRun(await bench.district('elsewhere'));
    await bench.upload('elsewhere', FILE);
    const first = await bench.run('fetchRoster', ref);
    await rm(archived(ref));

    expect(await bench.run('fetchRoster', ref, server({ port: 1 }))).toEqual(first);
  });

  it('shares a copy that was fetched before files were shared', async () => {
    const ref = await openedRun(await bench.district('from-before'));
    await bench.upload('from-before', FILE);
    const first = await bench.run('fetchRoster', ref);
    await bench
      .db('rollcall.files')
      .where({ sha256: sha256(FILE) })
      .delete();

    expect(await bench.run('fetchRoster', ref, server({ port: 1 }))).toEqual(first);
    await rm(archived(ref));
    expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true, rows: 40 });
  });

  it('fetches anew when the archived file is gone everywhere', async () => {
    const ref = await openedRun(await bench.district('gone'));
    await bench.upload('gone', FILE);
    await bench.run('fetchRoster', ref);
    await rm(archived(ref));
    await bench.db('rollcall.files').delete();

    await bench.run('fetchRoster', ref);
    expect(await readFile(archived(ref), 'utf8')).toBe(FILE);
  });

  it('is broken off half-way by a cancellation and leaves nothing, and the next attempt is whole', async () => {
    const big = csv(pupils(1, 60_000));
    const ref = await openedRun(await bench.district('aborted'));
    await bench.upload('aborted', big);
    const proxy = await startProxy(bench.sftp.server);
    const stopped = proxy.holdAfter(1_000_000);
    const attempt = bench.start('fetchRoster', ref, server({ port: proxy.port }));
    const outcome = attempt.result.catch((error: unknown) => error);
    await within('the transfer is under way', stopped, 20_000);
    attempt.cancel();

    expect(await within('the attempt ends', outcome, 10_000)).toBeInstanceOf(CancelledFailure);
    expect(existsSync(archived(ref))).toBe(false);
    expect(existsSync(`${archived(ref)}.part`)).toBe(false);
    expect(await lastFetch(bench.db, 'aborted')).toBeNull();
    await proxy.stop();

    const again = await bench.run('fetchRoster', ref);
    expect(again).toEqual({ ok: true, sha256: sha256(big), bytes: big.length });
    expect(attempt.heartbeats.length).toBeGreaterThan(0);
  });

  it('tries again when the line breaks, and then has the whole file', async () => {
    const big = csv(pupils(1, 60_000));
    const ref = await openedRun(await bench.district('broken'));
    await bench.upload('broken', big);
    const proxy = await startProxy(bench.sftp.server);
    const stopped = proxy.holdAfter(1_000_000);
    const failing = failureOf(bench.run('fetchRoster', ref, server({ port: proxy.port })));
    await within('the transfer is under way', stopped, 20_000);
    proxy.cut();

    expect(await failing).toMatchObject({ type: 'SFTP_UNREACHABLE', nonRetryable: false });
    expect(existsSync(archived(ref))).toBe(false);
    await proxy.stop();
    expect(await bench.run('fetchRoster', ref)).toMatchObject({ sha256: sha256(big) });
  });

  it('notices a file that is replaced while it is read', async () => {
    const big = csv(pupils(1, 60_000));
    const district = await bench.district('replaced');
    const ref = await openedRun(district);
    await bench.upload(district, big);
    const proxy = await startProxy(bench.sftp.server);
    const stopped = proxy.holdAfter(1_000_000);
    const attempt = bench.run('fetchRoster', ref, server({ port: proxy.port }));
    await within('the transfer is under way', stopped, 20_000);
    const file = path.join(bench.sftp.homes, district, 'roster.csv');
    await writeFile(file, big.replaceAll('Science 5', 'History 5'));
    await utimes(file, 1_790_000_500, 1_790_000_500);
    proxy.release();

    expect(await attempt).toEqual({ ok: false, problem: 'FILE_CHANGED' });
    expect(existsSync(archived(ref))).toBe(false);
    expect(await lastFetch(bench.db, district)).toBeNull();
    await proxy.stop();
  });

  it('answers with what is wrong, and with nothing kept', async () => {
    const district = await bench.district('wrong');
    const ref = await openedRun(district);
    expect(await bench.run('fetchRoster', ref)).toEqual({ ok: false, problem: 'NO_FILE' });

    await bench.upload(district, FILE);
    bench.env['WRONG'] = 'no-such-password';
    const wrong = server({ secretRef: 'env:WRONG' });
    expect(await bench.run('fetchRoster', ref, wrong)).toEqual({ ok: false, problem: 'SFTP_AUTH' });
    const unknown = server({ hostKey: `SHA256:${'A'.repeat(43)}` });
    expect(await bench.run('fetchRoster', ref, unknown)).toMatchObject({
      problem: 'SFTP_HOST_KEY',
    });
    const unset = server({ secretRef: 'env:NOT_SET' });
    expect(await bench.run('fetchRoster', ref, unset)).toMatchObject({ problem: 'SFTP_SECRET' });

    const file = path.join(bench.sftp.homes, district, 'roster.csv');
    await rm(file);
    await mkdir(file);
    expect(await bench.run('fetchRoster', ref)).toEqual({ ok: false, problem: 'NOT_A_FILE' });
    expect(await lastFetch(bench.db, district)).toBeNull();
    expect(existsSync(archived(ref))).toBe(false);
  });

  it('waits its turn while another run of the district is at work', async () => {
    const ref = await openedRun(await bench.district('busy'));
    await bench.upload('busy', FILE);
    await withDistrictLock(bench.db, 'busy', async () => {
      const failure = await failureOf(bench.run('fetchRoster', ref));
      expect(failure).toMatchObject({ type: 'DISTRICT_BUSY', nonRetryable: false });
    });
    expect(await bench.run('fetchRoster', ref)).toMatchObject({ ok: true });
  });

  it('knows bytes that another run has read', async () => {
    const district = await bench.district('known');
    await bench.upload(district, FILE);
    const first = await openedRun(district, '1');
    await bench.run('fetchRoster', first);
    await bench.run('readRoster', first);
    const second = await openedRun(district, '2');
    expect(await bench.run('fetchRoster', second)).toMatchObject({
      ok: true,
      same: 'read',
      sameRun: first.run,
    });
  });
});
