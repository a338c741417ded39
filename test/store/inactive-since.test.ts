/** Since when somebody is away. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { daysPass } from './away.js';
import { newDistrict, night, row, undo } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const ANN = row('A', 'tina', 'a1', 'ann');
const CID = row('B', 'theo', 'b1', 'cid');

let district: string;
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const since = async (kind: string): Promise<Record<string, Date | null>> => {
  const id = { schools: 'school_id', classes: 'class_id' }[kind] ?? 'email';
  const { rows } = await test.db.raw<{ rows: { id: string; at: Date | null }[] }>(
    `select r.${id} as id, r.inactive_since as at from rollcall.${kind} r
     join rollcall.districts d on d.key = r.district_key where d.id = ?`,
    [district],
  );
  return Object.fromEntries(rows.map((one) => [one.id, one.at]));
};

describe('since when somebody is away', () => {
  it('begins with the run that deactivates them and ends with their return', async () => {
    await night(test.db, district, [ANN, CID]);
    expect(await since('students')).toEqual({ 'ann@s.example': null, 'cid@s.example': null });
    await night(test.db, district, [ANN]);
    const [
      {
        rows: [run],
      },
    ] = [
      await test.db.raw<{ rows: { at: Date }[] }>(
        `select max(closed_at) as at from rollcall.plans p join rollcall.districts d
           on d.key = p.district_key where d.id = ?`,
        [district],
      ),
    ];
    expect(await since('students')).toEqual({ 'ann@s.example': null, 'cid@s.example': run?.at });
    expect(await since('schools')).toEqual({ A: null, B: run?.at });
    expect(await since('classes')).toEqual({ a1: null, b1: run?.at });
    await night(test.db, district, [ANN, CID]);
    for (const kind of ['schools', 'teachers', 'classes', 'students']) {
      expect(Object.values(await since(kind))).toEqual([null, null]);
    }
  });

  it('is set and taken back by undos, and kept while an undo changes a value of one away', async () => {
    await night(test.db, district, [ANN, CID]);
    const { run: renaming } = await night(test.db, district, [
      ANN,
      { ...CID, studentFirstName: 'Cyd' },
    ]);
    const { run: leaving } = await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 10);
    const before = (await since('students'))['cid@s.example'];
    await undo(test.db, district, renaming);
    expect((await since('students'))['cid@s.example']).toEqual(before);
    const { run: undoing } = await undo(test.db, district, leaving);
    expect((await since('students'))['cid@s.example']).toBeNull();
    await undo(test.db, district, undoing);
    const again = (await since('students'))['cid@s.example'];
    expect(again?.getTime()).toBeGreaterThan(before!.getTime());
  });

  it('cannot be forgotten by a statement that deactivates', async () => {
    await night(test.db, district, [ANN]);
    const forgetful = test.db.raw(
      `update rollcall.students set active = false where email = 'ann@s.example'`,
    );
    await expect(forgetful).rejects.toMatchObject({
      fault: { constraint: 'students_inactive_since' },
    });
  });
});
