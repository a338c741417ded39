import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../activities/deps.js';
import { checkPassword, newPassword } from '../../store/config/access.js';
import { setDistrict } from '../../store/config/districts.js';
import { csv, failureOf, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

describe('making SFTP access', () => {
  it('makes the folder on the vendor’s server, twice without harm, and no secret', async () => {
    const district = await bench.district('folder-made');
    const password = await newPassword(bench.db, district);
    const home = path.join(bench.sftp.homes, district);
    await rm(home, { recursive: true });

    const first = await bench.run('makeSftpAccess', { district });
    const second = await bench.run('makeSftpAccess', { district });

    expect(first).toEqual({ server: 'vendor', path: '/roster.csv' });
    expect(second).toEqual(first);
    expect(existsSync(home)).toBe(true);
    expect(await checkPassword(bench.db, district, password)).toBe(district);
  });

  it('leaves a district’s own server alone', async () => {
    const district = await bench.district('own-server');
    await setDistrict(bench.db, district, {
      ownServer: {
        host: 'nowhere.invalid',
        port: 22,
        username: 'export',
        path: '/out',
        secretRef: 'env:NOT_SET',
        hostKey: 'SHA256:x',
      },
    });
    const made = await bench.run('makeSftpAccess', { district });
    expect(made).toEqual({ server: 'district', path: '/out/roster.csv' });
  });

  it('says so when there is no server at all', async () => {
    const district = await bench.district('no-server');
    const failure = await failureOf(bench.run('makeSftpAccess', { district }, { ourSftp: null }));
    expect(failure.type).toBe('NO_SFTP_SERVER');
    expect(failure.nonRetryable).toBe(true);
  });
});

/** A server that shows a file while it is still being written, as all but ours do. */
const anyServer = (): Pick<Deps, 'ourSftp'> => {
  const { ourSftp } = bench.deps;
  return { ourSftp: ourSftp && { ...ourSftp, managesAccounts: false } };
};

describe('looking for an upload', () => {
  const district = 'looked-at';
  const look = () => bench.run('lookForUpload', { district }, anyServer());
  beforeAll(() => bench.district(district, { timings: { quietFor: 60_000, lookEvery: 90_000 } }));
  beforeEach(() =>
    rm(path.join(bench.sftp.homes, district, 'roster.csv'), { force: true, recursive: true }),
  );

  it('sees nothing in an empty folder, nor a temporary name', async () => {
    expect(await look()).toEqual({ state: 'none' });
    await bench.upload(district, 'x');
    const file = path.join(bench.sftp.homes, district, 'roster.csv');
    await rename(file, `${file}.part`);
    expect(await look()).toEqual({ state: 'none' });
  });

  it('counts a file that was fetched before only if it is asked for any file', async () => {
    const left = await bench.district('left-over', { timings: { quietFor: 0 } });
    await bench.upload(left, csv(pupils(1, 3)));
    const { run } = await bench.run('openRun', { district: left, workflowId: 'w', occasion: '1' });
    await bench.run('fetchRoster', { district: left, run });
    expect(await bench.run('lookForUpload', { district: left })).toEqual({ state: 'same' });
    for (const name of ['lookForUpload', 'watchForUpload'] as const) {
      const seen = await bench.run(name, { district: left, anyFile: true });
      expect(seen).toMatchObject({ state: 'ready' });
    }
  });

  it('waits until size and time stood still for the quiet time', async () => {
    await bench.upload(district, 'half a fi', 1_790_000_001);
    expect(await look()).toEqual({ state: 'settling' });
    bench.clock.time += 59_999;
    expect(await look()).toEqual({ state: 'settling' });
    await bench.upload(district, 'half a file', 1_790_000_061);
    bench.clock.time += 1;
    expect(await look()).toEqual({ state: 'settling' });
    bench.clock.time += 60_000;
    const ready = { state: 'ready', bytes: 11, modifiedAt: '2026-09-21T14:14:21.000Z' };
    expect(await look()).toEqual(ready);
    expect(await look()).toEqual(ready);
  });

  it('takes a file on our own server at once, which shows it when it is whole', async () => {
    await bench.upload(district, 'a whole file', 1_790_000_001);
    const seen = await bench.run('lookForUpload', { district });
    expect(seen).toMatchObject({ state: 'ready', bytes: 12 });
  });

  it('knows the file that was fetched last', async () => {
    await bench.upload(district, csv(pupils(1, 3)), 1_790_000_100);
    const { run } = await bench.run('openRun', { district, workflowId: 'w', occasion: 'same' });
    await bench.run('fetchRoster', { district, run });
    expect(await look()).toEqual({ state: 'same' });
    await bench.upload(district, csv(pupils(1, 3)), 1_790_000_200);
    expect(await look()).toEqual({ state: 'settling' });
  });

  it('tells a folder from a file', async () => {
    await mkdir(path.join(bench.sftp.homes, district, 'roster.csv'));
    expect(await look()).toEqual({ state: 'problem', problem: 'NOT_A_FILE' });
  });

  it('tells what is wrong with the way in, and tries again what may pass', async () => {
    const { ourSftp } = bench.deps;
    if (!ourSftp) throw new Error('the bench has a server');
    const lookWith = (change: Partial<typeof ourSftp>) =>
      bench.run('lookForUpload', { district }, { ourSftp: { ...ourSftp, ...change } });
    bench.env['WRONG_PASSWORD'] = 'no-such-password';

    expect(await lookWith({ secretRef: 'env:WRONG_PASSWORD' })).toMatchObject({
      problem: 'SFTP_AUTH',
    });
    expect(await lookWith({ secretRef: 'env:NOT_SET' })).toMatchObject({ problem: 'SFTP_SECRET' });
    const otherKey = `SHA256:${'A'.repeat(43)}`;
    expect(await lookWith({ hostKey: otherKey })).toMatchObject({ problem: 'SFTP_HOST_KEY' });

    const unused = await failureOf(lookWith({ port: 1 }));
    expect(unused.type).toBe('SFTP_UNREACHABLE');
    expect(unused.nonRetryable).toBe(false);
    expect(unused.message).toContain('ECONNREFUSED');
  });
});

describe('watching for an upload', () => {
  it('fails with NOT_YET and the district’s own interval until the file is at rest', async () => {
    const district = await bench.district('watched', {
      timings: { quietFor: 10_000, lookEvery: 90_000 },
    });
    const watch = () => bench.run('watchForUpload', { district }, anyServer());

    const none = await failureOf(watch());
    expect(none).toMatchObject({ type: 'NOT_YET', nonRetryable: false, nextRetryDelay: 90_000 });
    expect(none.message).toBe('no new file yet; next look in 90 s');

    await bench.upload(district, csv(pupils(1, 2)));
    expect(await failureOf(watch())).toMatchObject({ type: 'NOT_YET', nextRetryDelay: 10_000 });
    bench.clock.time += 10_000;
    expect(await watch()).toMatchObject({ state: 'ready' });
  });

  it('comes back with a problem instead of hiding it behind retries', async () => {
    const district = await bench.district('watched-folder');
    await mkdir(path.join(bench.sftp.homes, district, 'roster.csv'));
    const seen = await bench.run('watchForUpload', { district });
    expect(seen).toEqual({ state: 'problem', problem: 'NOT_A_FILE' });
  });

  it('fails for good for a district that is not there', async () => {
    const failure = await failureOf(bench.run('watchForUpload', { district: 'nobody' }));
    expect(failure).toMatchObject({ type: 'DISTRICT_UNKNOWN', nonRetryable: true });
  });
});

describe('reading the policy', () => {
  it('gives the district’s own timings, with the defaults for the rest', async () => {
    const district = await bench.district('policy', { timings: { lookEvery: 5_000 } });
    const day = 86_400_000;
    expect(await bench.run('readPolicy', { district })).toEqual({
      remindAfter: [2 * day, 5 * day, 10 * day],
      remindEvery: 7 * day,
      escalateAfter: 14 * day,
      quietFor: 60_000,
      lookEvery: 5_000,
      holdFor: 14 * day,
    });
  });
});
