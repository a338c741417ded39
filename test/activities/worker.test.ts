import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Settings } from '../../config/settings.js';
import { startTemporal, type RunningTemporal } from '../../dev/temporal.js';
import { getRun, listRuns } from '../../store/read/runs.js';
import { temporalSchedules } from '../../worker/adapters/schedules.js';
import { makeLog } from '../../worker/logging.js';
import { startWorker } from '../../worker/main.js';
import type { SyncResult } from '../../workflows/contract.js';
import { until, within } from '../support/wait.js';
import { csv, pupils, startBench, VENDOR, type Bench } from './bench.js';

let bench: Bench;
let folder: string;
// A server of its own: the worker polls the real task queue, which other tests use, too.
let temporal: RunningTemporal;
let connection: Connection;
let settings: Settings;
beforeAll(async () => {
  bench = await startBench();
  folder = await mkdtemp(path.join(tmpdir(), 'rollcall-worker-'));
  temporal = await startTemporal({
    binary: inject('temporalBinary'),
    dbFile: path.join(folder, 'temporal/db'),
  });
  connection = await Connection.connect({ address: temporal.address });
  const secret = path.join(folder, 'service-password');
  await writeFile(secret, `${bench.sftp.service.password}\n`, { mode: 0o600 });
  const { ourSftp } = bench.deps;
  settings = {
    home: folder,
    databaseUrl: bench.database.url,
    smtpUrl: bench.mail.url,
    mailFrom: 'rollcall@vendor.example',
    mailFolder: bench.mail.folder,
    portal: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'https://rollcall.vendor.example',
      isNamed: true,
    },
    archiveDir: path.join(folder, 'archive with a space'),
    vendorFile: path.join(folder, 'none.json'),
    logLevel: 'silent',
    sftp: ourSftp && { ...ourSftp, secretRef: `file:${secret}` },
    worker: { activitiesAtOnce: 10, dbPool: 20, threads: 2, threadMb: 512 },
    temporalAddress: temporal.address,
    temporalNamespace: null,
  };
});
afterAll(async () => {
  await connection.close();
  await temporal.stop();
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the worker', () => {
  it('carries a sync through on real parts, then drains and stops', async () => {
    const district = await bench.district('synced', { timings: { quietFor: 0 } });
    await bench.upload(district, csv(pupils(1, 25)));
    const worker = await startWorker({
      settings,
      vendor: VENDOR,
      env: {},
      workflowBundle: { codePath: inject('workflowBundle') },
    });
    const client = new Client({ connection });
    const result: SyncResult = await within(
      'the sync ends',
      client.workflow.execute('rosterSync', {
        taskQueue: 'rollcall',
        workflowId: 'sync/synced/test',
        args: [{ district }],
      }),
      25_000,
    );
    expect(result).toMatchObject({ outcome: 'applied', rows: 25, rejected: 0, kind: 'manual' });
    expect(await getRun(bench.db, district)).toMatchObject({ outcome: 'applied' });

    await worker.stop();
    await worker.done;
    await worker.stop();
    const answer: { rows: unknown[] } = await bench.db.raw(
      `select 1 from pg_stat_activity where application_name = 'rollcall worker'
       and datname = current_database()`,
    );
    expect(answer.rows).toEqual([]);
  });

  it('calls a run of the schedule’s own nightly, and one that was triggered manual', async () => {
    const district = await bench.district('scheduled', { timings: { quietFor: 0 } });
    await bench.upload(district, csv(pupils(1, 5)));
    const { schedule } = new Client({ connection });
    await bench.run('makeSchedule', { district }, { schedules: temporalSchedules(schedule) });
    const worker = await startWorker({
      settings,
      vendor: VENDOR,
      env: {},
      workflowBundle: { codePath: inject('workflowBundle') },
    });
    const nightly = schedule.getHandle(`nightly/${district}`);
    const ended = (count: number) =>
      until(`${count} runs of the schedule ended`, async () => {
        const runs = (await listRuns(bench.db, district)).filter((run) => run.endedAt !== null);
        return runs.length === count && runs.map(({ kind, outcome }) => [kind, outcome]);
      });

    // The start that a past day would have had.
    const day = 24 * 3_600_000;
    const end = Date.now() - day;
    await nightly.backfill({ start: new Date(end - day), end: new Date(end) });
    expect(await ended(1)).toEqual([['nightly', 'applied']]);
    await nightly.trigger();
    expect(await ended(2)).toEqual([
      ['manual', 'unchanged'],
      ['nightly', 'applied'],
    ]);
    await nightly.delete();
    await worker.stop();
  });

  it('says at once that Temporal is not there', async () => {
    const away = { ...settings, temporalAddress: '127.0.0.1:1' };
    await expect(
      within(
        'the worker gives up',
        startWorker({ settings: away, vendor: VENDOR, env: {} }),
        20_000,
      ),
    ).rejects.toThrow(/connect|transport/i);
  });
});

describe('the log', () => {
  it('drops what names a person or a secret, and classifies errors', async () => {
    const lines: string[] = [];
    const log = makeLog('info', { write: (line) => lines.push(line) });
    const address = 'nib.thistlewood@pupils.district.example';
    log.warn({ email: address, run: 7, at: { password: 'hunter2', host: 'h' } }, 'looked');
    log.error({ error: new Error(`no such user ${address}`) }, 'failed');
    const text = lines.join('');
    expect(text).not.toMatch(/thistlewood|hunter2/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ run: 7, at: { host: 'h' }, msg: 'looked' });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ error: { type: 'INTERNAL' } });
  });
});
