/** `housekeeping` and what other commands say of whom it purged, with a real worker and store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decoded } from '../e2e/histories.js';
import { daysPass } from '../store/away.js';
import { active, night, row } from '../store/support.js';
import { newDistrict, place, standAsStack, type Place } from './place.js';
import { LONG_MS, mainIn, type Cli } from './run-cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-housekeeping-'));
let at: Place;
let worker: { stop(): Promise<void> };
let cli: Cli;
let id = '';
let districts = 0;

beforeAll(async () => {
  at = await place();
  cli = mainIn(folder, await standAsStack(folder, at));
  worker = await at.startWorker();
});
afterAll(async () => {
  await worker?.stop();
  await at?.close();
  rmSync(folder, { recursive: true });
});

const ANN = row('s1', 't1', 'c1', 'ann');
const BEN = row('s1', 't1', 'c1', 'ben');
const next = (...rows: Parameters<typeof night>[2]) => night(at.database.db, id, rows);

/** Run 2 gives Ann a wrong name, and Ben and a class leave; a year passes. */
beforeEach(async () => {
  id = `away-${(districts += 1)}`;
  await at.rollcall.addDistrict(newDistrict(id));
  await next(ANN, BEN, row('s1', 't1', 'c2', 'ann'));
  await next({ ...ANN, studentLastName: 'Wrong' });
  await daysPass(at.database.db, id, 366);
});

describe('housekeeping', () => {
  it('shows with --preview how many would go, and changes nothing', async () => {
    const { status, stdout } = await cli('housekeeping', id, '--preview');
    expect(status).toBe(0);
    expect(stdout).toMatch(/to go +students +teachers +classes +schools +old reports\n/);
    expect(stdout).toMatch(new RegExp(`${id} +1 +0 +1 +0 +0\n`));
    const json = (await cli('housekeeping', '--preview', '--json')).json();
    expect(json).toContainEqual({
      ...{ district: id, students: 1, teachers: 0, classes: 1, schools: 0, reports: 0 },
    });
    expect((await cli('why', id, 'ben@s.example')).stdout).toContain(
      'student ben@s.example: inactive',
    );
    await at.rollcall.setDistrict(id, { purgeAfterDays: 400 });
    expect((await cli('housekeeping', id, '--preview')).stdout).toBe('Nothing is due.\n');
  });

  it(
    'purges, and history goes on to say what it can',
    async () => {
      const done = await cli('housekeeping', id, '--json');
      expect([done.status, done.json()]).toEqual([
        0,
        {
          ...{ workflowId: `housekeeping/${id}`, districts: 1, failed: 0, failures: [] },
          counts: { students: 1, classes: 1 },
        },
      ]);
      const again = await cli('housekeeping', id, '--yes');
      expect(again.stdout).toBe('1 district: nothing had to go.\n');
      expect((await cli('why', id, 'ben@s.example')).status).toBe(1);
      expect((await cli('why', id, 'c1')).stdout).toMatch(
        /came in: ann@s\.example, t1@t\.example\n +and 1 more, purged since\n/,
      );
      expect((await cli('plan', id, '2')).stdout).toMatch(/purged since +2 changes/);
      const undo = await cli('undo', id, '2');
      expect(undo.stdout).toMatch(/students .*\n/);
      expect((await cli('plan', id, '3', '--left')).stdout).toMatch(
        /students +\(purged\) +active +purged, and cannot be put back\n/,
      );
      expect((await active(at.database.db, id)).students).toEqual(['ann']);
      const handle = at.client.workflow.getHandle(`housekeeping/${id}`);
      expect(decoded(await handle.fetchHistory())).not.toMatch(/@s\.example|Dent|Stu/);
    },
    LONG_MS,
  );

  it('of a district that is not there says so', async () => {
    const { status, stderr } = await cli('housekeeping', 'nobody', '--yes');
    expect(status).toBe(2);
    expect(stderr).toMatch(/no district/);
  });
});
