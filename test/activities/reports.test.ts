import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPassword } from '../../store/config/access.js';
import { setDistrict } from '../../store/config/districts.js';
import { withSftp, LINE_DEFAULTS } from '../../worker/adapters/sftp-connection.js';
import type { RunRef } from '../../workflows/contract.js';
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
    expect((await readdir(path.join(bench.archive, district))).sort()).toEqual(['1.csv']);
  });
});
