/** What files said line by line ends with its age. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askPreview } from '../../store/config/filters.js';
import { keepNote, readNote } from '../../store/config/notes.js';
import { forgetBatch } from '../../store/forget.js';
import { getPreview } from '../../store/read/filter.js';
import { getFindings } from '../../store/read/findings.js';
import { getPlan } from '../../store/read/plan.js';
import { countDue } from '../../store/read/purge.js';
import { getRun } from '../../store/read/runs.js';
import { makePlan } from '../../store/plan.js';
import type { FindingInput, RunRef } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { stageRows } from './as-file.js';
import { fetched, newDistrict, night, row, type FileRow } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a1', 'bob');
const ODD: FindingInput = {
  ...{ code: 'NAME_ODD', severity: 'warning', line: 7, column: 'student_last_name' },
  ...{ value: 'Someone', rows: 1 },
};

let district: string;
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

/** A run that has read these rows and found something odd in them. */
async function read(rows: readonly FileRow[]): Promise<RunRef> {
  const ref = await fetched(test.db, district, rows);
  const totals = { errors: 0, warnings: 1, notes: 0 };
  await stageRows(test.db, ref, rows, { findings: [ODD], totals });
  return ref;
}
const yearsPass = (ref: RunRef) =>
  test.db.raw(
    `update rollcall.runs set started_at = started_at - interval '366 days'
     where run <= ? and district_key = (select key from rollcall.districts where id = ?)`,
    [ref.run, ref.district],
  );

describe('what was found in a file', () => {
  it('goes when it is too old, and its counts stay', async () => {
    const old = await read([ANN]);
    const { planHash } = await makePlan(test.db, old);
    await night(test.db, district, [ANN, BOB]);
    const newest = await read([ANN]);
    await yearsPass(old);
    expect(await countDue(test.db, district)).toMatchObject({ students: 0, reports: 1 });
    expect(await forgetBatch(test.db, district)).toBe(1);
    expect(await getFindings(test.db, old)).toEqual([]);
    expect(await getFindings(test.db, newest)).toHaveLength(1);
    expect(await getRun(test.db, district, old.run)).toMatchObject({
      findings: { errors: 0, warnings: 1, notes: 0 },
      forgottenAt: expect.stringMatching(/Z$/) as string,
    });
    expect(await getPlan(test.db, district, old.run)).toMatchObject({ hash: planHash });
    expect(await forgetBatch(test.db, district)).toBe(0);
    expect(await countDue(test.db, district)).toMatchObject({ reports: 0 });
  });

  it('stays, however old, while its plan waits or the roster stands as it says', async () => {
    const accepted = await night(test.db, district, [ANN]);
    const waiting = await read([ANN, BOB]);
    await makePlan(test.db, waiting);
    const newest = await read([BOB]);
    await yearsPass(newest);
    expect(await forgetBatch(test.db, district)).toBe(0);
    for (const ref of [accepted, waiting]) {
      expect(await getRun(test.db, district, ref.run)).toMatchObject({ forgottenAt: null });
    }
    expect(await getFindings(test.db, waiting)).toHaveLength(1);
  });

  it('goes with what was left staged and with what people wrote', async () => {
    const broken = await read([ANN]);
    const note = await keepNote(test.db, district, 'an old reason');
    await night(test.db, district, [BOB]);
    await yearsPass(broken);
    await test.db.raw(`update rollcall.notes set created_at = now() - interval '366 days'`);
    const recent = await keepNote(test.db, district, 'a new reason');
    const { key } = await test.db('rollcall.districts').where({ id: district }).first('key');
    const staged = async () =>
      (await test.db.raw(`select to_regclass('rollcall.staged_${key}_${broken.run}') as is`)).rows;
    expect(await staged()).not.toEqual([{ is: null }]);
    await forgetBatch(test.db, district);
    expect(await staged()).toEqual([{ is: null }]);
    expect(await readNote(test.db, district, note)).toBeNull();
    expect(await readNote(test.db, district, recent)).toBe('a new reason');
  });

  it('goes with the filter that it was read with, and one that was only looked at in a day', async () => {
    const filter = { only: { teachers: ['tina@t.example'] } };
    const old = await fetched(test.db, district, [ANN]);
    await stageRows(test.db, old, [ANN], { reading: { filter } });
    await read([ANN, BOB]);
    await yearsPass(old);
    const preview = await askPreview(test.db, district, filter);
    await forgetBatch(test.db, district);
    expect(await getPreview(test.db, district, preview)).toMatchObject({ filter });
    await test.db.raw(`update rollcall.filter_previews set asked_at = now() - interval '25 hours'`);
    await forgetBatch(test.db, district);
    expect(await getPreview(test.db, district, preview)).toBeNull();
    const { rows: kept } = await test.db.raw<{ rows: unknown[] }>(
      `select r.reading from rollcall.runs r join rollcall.districts d on d.key = r.district_key
       where d.id = ? order by r.run`,
      [district],
    );
    expect(kept).toEqual([{ reading: { filter: { forgotten: true } } }, { reading: {} }]);
  });
});
