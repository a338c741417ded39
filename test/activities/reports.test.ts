import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRoster } from '../../roster/read-roster.js';
import { checkFindings } from '../../roster/report.js';
import { findingsCsv } from '../../roster/reports/findings-csv.js';
import { newPassword } from '../../store/config/access.js';
import { setDistrict } from '../../store/config/districts.js';
import { withSftp, LINE_DEFAULTS } from '../../worker/adapters/sftp-connection.js';
import type { RunRef } from '../../workflows/contract.js';
import { oldReports, REPORTS_KEPT, REPORTS_KEPT_FOR_MS } from '../../activities/prune-reports.js';
import { sshdIsMissing, startSshd } from '../support/sshd.js';
import { csv, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const BAD = csv(pupils(1, 3), [
  '010,School 010,teach-010@district.example,Tamsin,Underhollow,010-S5,Science 5,Pip,Thistlewood,=thistlewood,5',
]);

/** The run, read and with its plan on offer, as an onboarding leaves it. */
async function read(district: string, text = BAD, occasion = '1'): Promise<RunRef> {
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion });
  const ref = { district, run };
  await bench.run('fetchRoster', ref);
  await bench.run('readRoster', ref);
  return ref;
}
const reportsOf = (district: string): string => path.join(bench.sftp.homes, district, 'reports');

describe('the report beside the roster', () => {
  it('is there as soon as the district is asked for a correction, and the same when asked again', async () => {
    const district = await bench.district('with-report');
    const ref = await read(district);
    for (const outcome of ['held', 'held', 'applied'] as const) {
      await bench.run('writeReport', { ...ref, outcome });
      expect(await readdir(reportsOf(district))).toEqual(['run-1.csv']);
    }
    const text = await readFile(path.join(reportsOf(district), 'run-1.csv'), 'utf8');
    expect(parse(text, { bom: true, columns: true })).toMatchObject([
      {
        line: '5',
        column: 'student_email',
        code: 'EMAIL_MALFORMED',
        value: "'=thistlewood",
        'what to do': expect.stringContaining('Write one full address'),
      },
    ]);
  });

  it('can be read by the district with its own account, and is no upload', async () => {
    const district = await bench.district('reads-report');
    const before = bench.sftp.uploads.length;
    await bench.run('writeReport', { ...(await read(district)), outcome: 'held' });
    const password = await newPassword(bench.db, district);
    const at = {
      ...bench.sftp.address('/reports/run-1.csv'),
      username: district,
      secret: { password },
    };
    const names = await withSftp(at, LINE_DEFAULTS, (line) =>
      line.call<{ filename: string }[]>((done) => line.sftp.readdir('/reports', done)),
    );
    expect(names).toMatchObject([{ filename: 'run-1.csv' }]);
    expect(bench.sftp.uploads.slice(before)).toEqual([]);
    expect(await bench.run('lookForUpload', { district })).toMatchObject({ state: 'same' });
  });

  it('says of a refused file why it was refused', async () => {
    const district = await bench.district('refused-report');
    const ref = await read(district, 'school_id,school_name\n1,A\n');
    await bench.run('writeReport', { ...ref, outcome: 'refused', problem: 'COLUMN_MISSING' });
    const text = await readFile(path.join(reportsOf(district), 'run-1.csv'), 'utf8');
    expect(text).toContain('COLUMN_MISSING');
  });

  it.each([
    ['refused', csv(pupils(1, 2)).replace('student_email', 'mail_of_kid')],
    [
      'held',
      csv(pupils(1, 3), ['010,School 010,teach-010@district.example,Tamsin'])
        .replaceAll('\n', ',\n')
        .replace('level,', 'level,Notes')
        .replace('Tamsin,Underhollow', 'Tansy,Underhollow'),
    ],
  ] as const)('says what a check of the same file says (%s)', async (outcome, text) => {
    const district = await bench.district(`checked-${outcome}`);
    const ref = await read(district, text);
    await bench.run('writeReport', { ...ref, outcome });
    const kept = await readFile(path.join(reportsOf(district), 'run-1.csv'), 'utf8');
    const checked = await readRoster(Readable.from([Buffer.from(text)]), () => undefined);
    expect(kept).toBe([...findingsCsv(checkFindings(checked))].join(''));
    expect(kept).toMatch(
      outcome === 'held' ? /FIELDS_TOO_FEW[^]*\(5\)/ : /1 column with other names/,
    );
  });

  it('is not made for a run that read no file', async () => {
    const district = await bench.district('no-report');
    const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion: '1' });
    await bench.run('writeReport', { district, run, outcome: 'refused', problem: 'NO_FILE' });
    await expect(readdir(reportsOf(district))).rejects.toThrow('ENOENT');
  });

  it('goes to a server of the district’s own, too', async () => {
    const district = await bench.district('own-report');
    const ref = await read(district);
    bench.env['OWN_PASSWORD'] = bench.sftp.service.password;
    const { host, port, hostKey } = bench.sftp.server;
    const username = bench.sftp.service.username;
    await mkdir(path.join(bench.sftp.homes, 'their-exports'), { recursive: true });
    await setDistrict(bench.db, district, {
      ownServer: {
        host,
        port,
        username,
        hostKey,
        path: '/their-exports',
        secretRef: 'env:OWN_PASSWORD',
      },
    });
    await bench.run('writeReport', { ...ref, outcome: 'held' });
    expect(await readdir(reportsOf('their-exports'))).toEqual(['run-1.csv']);
  });

  it('that cannot be put there ends no run badly; the log has its code and nothing else', async () => {
    const district = await bench.district('closed-report');
    const ref = await read(district);
    await rm(reportsOf(district), { recursive: true, force: true });
    await writeFile(reportsOf(district), 'in the way');
    bench.logged.length = 0;
    expect(await bench.run('writeReport', { ...ref, outcome: 'held' })).toMatchObject({
      outcome: 'held',
      rejected: 1,
    });
    expect(bench.logged.join('\n')).toContain('"code":"SFTP_PATH"');
    const { ourSftp } = bench.deps;
    const away = { ourSftp: ourSftp && { ...ourSftp, port: 1 } };
    await bench.run('writeReport', { ...ref, outcome: 'held' }, away);
    expect(bench.logged.join('\n')).toContain('"code":"SFTP_UNREACHABLE"');
    expect(bench.logged.join('\n')).not.toMatch(/thistlewood/i);
    expect((await readdir(path.join(bench.archive, district))).sort()).toEqual([
      expect.stringMatching(/^1-[0-9a-f]+\.snapshot$/),
      '1.csv',
    ]);
  });
});

describe('which reports are old', () => {
  const DAY = 86_400_000;
  const now = Date.UTC(2026, 10, 24);
  const file = (name: string, days: number | null) => ({
    name,
    modifiedAt: days === null ? null : now - days * DAY,
  });

  it('is told by their times and then by their runs, and never of the one just written', () => {
    const nights = Array.from({ length: 20 }, (_, n) => file(`run-${n + 1}.csv`, 20 - n));
    const first = nights.slice(0, 20 - REPORTS_KEPT).map(({ name }) => name);
    expect(oldReports(nights, now, 20).sort()).toEqual([...first].sort());
    expect(oldReports(nights, now, 1).sort()).toEqual(first.slice(1).sort());
    const timeless = nights.map(({ name }) => file(name, null));
    expect(oldReports(timeless, now, 20).sort()).toEqual([...first].sort());
  });

  it('is told by their age, however few there are', () => {
    const days = REPORTS_KEPT_FOR_MS / DAY;
    const files = [file('run-9.csv', days + 1), file('run-8.csv', days), file('run-7.csv', 900)];
    expect(oldReports(files, now, 10)).toEqual(['run-9.csv', 'run-7.csv']);
    expect(oldReports(files, now, 9)).toEqual(['run-7.csv']);
  });

  it('is asked of our own names only', () => {
    const names =
      'run-1.csv.bak xrun-1.csv run-.csv run-1a.csv run-1.CSV Run-1.csv run-01.csv run--1.csv .run-1.csv.part roster.csv run-1.csv\n run-1_csv run-1.csv/'.split(
        ' ',
      );
    expect(
      oldReports(
        names.map((name) => file(name, 900)),
        now,
        2,
      ),
    ).toEqual([]);
  });
});

describe('old reports beside the roster', () => {
  // What is put there now must be new by the worker's clock.
  beforeAll(() => {
    bench.clock.time = Date.now();
  });

  /** Run-N is as many days old as it is far from `newest`; with things that are not ours. */
  async function fill(folder: string, newest: number): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (let run = 1; run <= newest; run += 1) await put(folder, `run-${run}.csv`, newest - run);
    for (const name of ['theirs.csv', 'run-1.csv.old', 'run-x.csv']) await put(folder, name, 900);
  }
  async function put(folder: string, name: string, days: number): Promise<void> {
    const time = bench.clock.time / 1000 - days * 86_400;
    await writeFile(path.join(folder, name), 'x');
    await utimes(path.join(folder, name), time, time);
  }
  const runs = async (folder: string): Promise<number[]> =>
    (await readdir(folder))
      .flatMap((name) => /^run-(\d+)\.csv$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  const theirs = async (folder: string): Promise<string[]> =>
    (await readdir(folder)).filter((name) => !/^run-\d+\.csv$/.test(name)).sort();
  const THEIRS = ['run-1.csv.old', 'run-x.csv', 'theirs.csv'];

  it('go when a report is put there, but for the newest, and nothing else goes', async () => {
    const district = await bench.district('prunes');
    const ref = await read(district);
    await fill(reportsOf(district), 20);
    await put(reportsOf(district), 'run-7.csv', 0.5);
    for (const outcome of ['held', 'applied'] as const) {
      await bench.run('writeReport', { ...ref, outcome });
      // Its own, the newest by time (run 7 among them), and by that 12 of the others.
      expect(await runs(reportsOf(district))).toEqual([
        1, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
      ]);
    }
    expect(await theirs(reportsOf(district))).toEqual(THEIRS);
    expect((await readdir(path.dirname(reportsOf(district)))).sort()).toEqual([
      'reports',
      'roster.csv',
    ]);
  });

  it('go by their age after a night without a report, too, once the server is reached', async () => {
    const district = await bench.district('prunes-quietly');
    await fill(reportsOf(district), 5);
    await put(reportsOf(district), 'run-2.csv', 31);
    const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion: 'quiet' });
    const away = { outcome: 'refused', problem: 'SFTP_AUTH' } as const;
    for (const end of [{ outcome: 'failed', errorCode: 'SFTP_UNREACHABLE' }, away] as const) {
      await bench.run('writeReport', { district, run, ...end });
      expect(await runs(reportsOf(district))).toEqual([1, 2, 3, 4, 5]);
    }
    await bench.run('writeReport', { district, run, outcome: 'unchanged' });
    expect(await runs(reportsOf(district))).toEqual([1, 3, 4, 5]);
  });

  it('that cannot be removed end no run badly; the log has the code and nothing else', async () => {
    const district = await bench.district('prunes-in-vain');
    const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion: 'vain' });
    await writeFile(reportsOf(district), 'in the way');
    bench.logged.length = 0;
    const end = { district, run, outcome: 'unchanged' } as const;
    expect(await bench.run('writeReport', end)).toMatchObject({ outcome: 'unchanged' });
    const { ourSftp } = bench.deps;
    await bench.run('writeReport', end, { ourSftp: ourSftp && { ...ourSftp, port: 1 } });
    const complaint = 'old reports beside the roster could not be removed';
    expect(bench.logged.filter((one) => one.endsWith(complaint))).toEqual([
      `{"district":"${district}","run":${run},"code":"SFTP_PATH"} ${complaint}`,
      `{"district":"${district}","run":${run},"code":"SFTP_UNREACHABLE"} ${complaint}`,
    ]);
  });

  it.skipIf(sshdIsMissing)(
    'go from a server of the district’s own, which is OpenSSH’s',
    async () => {
      const sshd = await startSshd();
      const district = await bench.district('prunes-openssh');
      const ref = await read(district);
      bench.env['OPENSSH_KEY'] = sshd.privateKey;
      const { port, username, folder } = sshd;
      const secretRef = 'env:OPENSSH_KEY';
      await setDistrict(bench.db, district, {
        ownServer: {
          host: '127.0.0.1',
          port,
          username,
          path: folder,
          secretRef,
          hostKey: sshd.hostKeys.ed25519,
        },
      });
      await fill(path.join(folder, 'reports'), 20);
      for (const outcome of ['held', 'applied'] as const) {
        await bench.run('writeReport', { ...ref, outcome });
        expect(await runs(path.join(folder, 'reports'))).toEqual([
          1, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
        ]);
      }
      expect(await theirs(path.join(folder, 'reports'))).toEqual(THEIRS);
      await sshd.stop();
    },
  );
});
