/** What a part of a plan leaves out is judged as the whole plan was, not by the roster with the part in it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import type { Snapshot } from '../../roster/snapshot.js';
import { applyPlan } from '../../store/apply.js';
import { makePlan } from '../../store/plan.js';
import type { Planned } from '../../workflows/contract.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { stageDifference } from './as-difference.js';
import { stageRows } from './as-file.js';
import {
  active,
  fetched,
  newDistrict,
  night,
  rejected,
  row,
  views,
  type FileRow,
} from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db, { isolateSchools: false })).id;
});

/** Loads the file without that school, and then what was left out. @returns the plan of the rest */
async function inTwo(
  file: readonly FileRow[],
  school: string,
  known?: Map<number, Snapshot>,
): Promise<Planned> {
  const ref = await fetched(test.db, district, file);
  if (known) expect(await stageDifference(test.db, ref, file, known)).toBe(true);
  else await stageRows(test.db, ref, file);
  const whole = await makePlan(test.db, ref);
  const scope = { withoutSchools: [school] };
  const { planHash } = await makePlan(test.db, ref, { scope, of: whole.planHash });
  const applied = await applyPlan(test.db, ref, { planHash, by: 'test' });
  if (applied.outcome !== 'applied' || applied.rest === undefined) throw new Error('no rest');
  const rest = { district, run: applied.rest };
  const made = await makePlan(test.db, rest);
  await applyPlan(test.db, rest, { planHash: made.planHash, by: 'test' });
  return made;
}

describe('what a part left out', () => {
  it('protects whom a bad row meant before the part moved its school’s classes away', async () => {
    const monday = [
      row('A', 'tina', 'a1', 'ann'),
      ...['bob', 'cid'].map((who) => row('B', 'theo', 'b1', who)),
      ...['dee', 'eli'].map((who) => row('C', 'uma', 'c1', who)),
    ];
    // The row can only mean somebody in school B, and that has no class any more.
    const bad = rejected(row('B', 'theo', 'b9', 'fay'), 'studentEmail');
    const tuesday = monday
      .filter(({ studentEmail }) => studentEmail !== 'eli@s.example')
      .map((one) =>
        one.classId === 'b1' ? { ...one, schoolId: 'A', schoolName: 'School A' } : one,
      );
    await night(test.db, district, monday);
    const { changes } = await inTwo([...tuesday, bad], 'C');
    expect(changes.students).toMatchObject({ deactivated: 1 });
    expect((await active(test.db, district)).students).toEqual(['ann', 'bob', 'cid', 'dee']);
  });

  const ANN = 'ann@s.example';
  const other: RosterRow[] = ['bob', 'cid', 'dee'].flatMap((who) => [
    row('A', 'tina', 'a1', who),
    ...['b1', 'b2'].map((id) => row('B', 'theo', id, who)),
  ]);
  const monday = [
    ...other,
    row('A', 'tina', 'a1', 'ann'),
    ...['b1', 'b2'].map((id) => row('B', 'theo', id, 'ann')),
  ];
  const emails = async () =>
    (await views(test.db, district)).students
      .filter((one) => String(one['email']).startsWith('ann'))
      .map((one) => [one['email'], one['active']]);

  it('asks about a student again, of whose classes the part has taken some away', async () => {
    await night(test.db, district, monday);
    // One class of three is no proof; of the two that are left it would be half.
    const tuesday = [
      ...other,
      { ...row('B', 'theo', 'b1', 'ann'), studentEmail: 'ann.lee@s.example' },
    ];
    const rest = await inTwo(tuesday, 'B');
    expect(rest.held.map(({ limit, value }) => `${limit} ${value}`)).toContain(
      'students-unclear 1',
    );
    expect(await emails()).toEqual([
      ['ann.lee@s.example', true],
      [ANN, false],
    ]);
  });

  it('takes the same pairs for the same as the whole plan did', async () => {
    const id = async (email: string) =>
      (await views(test.db, district)).students.find((one) => one['email'] === email)?.['id'];
    const inB = monday.filter((one) => one.classId !== 'a1' || one.studentEmail !== ANN);
    await night(test.db, district, inB);
    const ann = await id(ANN);
    const tuesday = [
      ...inB.map((one) =>
        one.studentEmail === ANN ? { ...one, studentEmail: 'ann.lee@s.example' } : one,
      ),
      row('A', 'tina', 'a1', 'kai'),
    ];
    const rest = await inTwo(tuesday, 'B');
    expect(rest.changes.students).toMatchObject({ changed: 1, added: 0, deactivated: 0 });
    expect(await id('ann.lee@s.example')).toBe(ann);
    expect(await id(ANN)).toBeUndefined();
  });

  it('takes from classes by the new key whom the part has given one', async () => {
    const known = new Map<number, Snapshot>();
    const first = await fetched(test.db, district, monday);
    await stageDifference(test.db, first, monday, known);
    const { planHash } = await makePlan(test.db, first);
    await applyPlan(test.db, first, { planHash, by: 'test' });
    const tuesday = [
      ...other,
      ...[row('A', 'tina', 'a1', 'ann'), row('B', 'theo', 'b1', 'ann')].map((one) => ({
        ...one,
        studentEmail: 'ann.lee@s.example',
      })),
    ];
    const rest = await inTwo(tuesday, 'B', known);
    expect(rest.changes.enrollments).toMatchObject({ deactivated: 1 });
    const { enrollments } = await active(test.db, district);
    expect(enrollments.filter((one) => one.includes('ann'))).toEqual(['a1:ann.lee', 'b1:ann.lee']);
  });
});
