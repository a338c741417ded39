/**
 * A night that is planned from how its file differs from the last accepted one changes the same as
 * one that is planned from the whole file; the latter is held to the model in model.test.ts.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import type { Snapshot } from '../../roster/snapshot.js';
import { applyPlan } from '../../store/apply.js';
import { closePlan } from '../../store/plan-state.js';
import { makePlan } from '../../store/plan.js';
import { getPlan } from '../../store/read/plan.js';
import type { RunRef } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { stageDifference } from './as-difference.js';
import { daysPass, purge } from './away.js';
import { stageRows } from './as-file.js';
import { nights, toFile } from './nights.js';
import { fetched, newDistrict, night, planChanges, row, views, type FileRow } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 4 });
});
afterAll(() => test.drop());

const stageDelta = (ref: RunRef, file: readonly FileRow[], known: Map<number, Snapshot>) =>
  stageDifference(test.db, ref, file, known);

const withoutIds = (all: Awaited<ReturnType<typeof views>>) =>
  JSON.parse(
    JSON.stringify(all, (key, value: unknown) =>
      key === 'id' || key === 'district_id' ? undefined : value,
    ),
  ) as unknown;

describe('a plan from the difference of two files', () => {
  it('is the plan from the whole file, night after night, and leaves the same roster', async () => {
    let deltas = 0;
    const sequence = fc.tuple(nights, fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(sequence, async ([all, decisions]) => {
        const [whole, part] = [await newDistrict(test.db), await newDistrict(test.db)];
        const known = new Map<number, Snapshot>();
        for (const [n, one] of all.entries()) {
          const file = toFile(one);
          const [a, b] = [
            await fetched(test.db, whole.id, file),
            await fetched(test.db, part.id, file),
          ];
          await stageRows(test.db, a, file);
          if (await stageDelta(b, file, known)) deltas += 1;
          const [planA, planB] = [await makePlan(test.db, a), await makePlan(test.db, b)];
          expect(planB.changes).toEqual(planA.changes);
          expect(planB.held).toEqual(planA.held);
          expect(await planChanges(test.db, b)).toEqual(await planChanges(test.db, a));
          const [recordA, recordB] = [
            await getPlan(test.db, a.district, a.run),
            await getPlan(test.db, b.district, b.run),
          ];
          expect(recordB.kept).toEqual(recordA.kept);
          expect(recordB.bySchool).toEqual(recordA.bySchool);
          for (const [ref, { planHash }] of [
            [a, planA],
            [b, planB],
          ] as const) {
            // One night in five is not approved: the next is compared with the one before.
            if (decisions[n] === 0) {
              await closePlan(test.db, ref, { state: 'rejected', by: 'test' });
            } else await applyPlan(test.db, ref, { planHash, by: 'test' });
          }
          // After another one a year passes: who is away then is gone, and the file knows them not.
          if (decisions[n] === 1) {
            for (const { district } of [a, b]) {
              await daysPass(test.db, district, 366);
              await purge(test.db, district);
            }
          }
          expect(withoutIds(await views(test.db, part.id))).toEqual(
            withoutIds(await views(test.db, whole.id)),
          );
        }
      }),
      { numRuns: 30 },
    );
    expect(deltas).toBeGreaterThan(20);
  }, 240_000);
});

describe('a difference', () => {
  let district: string;
  const known = new Map<number, Snapshot>();
  const [ANN, BOB, CID] = ['ann', 'bob', 'cid'].map((who) => row('A', 'tina', 'a1', who)) as [
    RosterRow,
    RosterRow,
    RosterRow,
  ];
  beforeEach(async () => {
    district = (await newDistrict(test.db)).id;
    known.clear();
    const first = await fetched(test.db, district, [ANN, BOB]);
    await stageDelta(first, [ANN, BOB], known);
    const { planHash } = await makePlan(test.db, first);
    await applyPlan(test.db, first, { planHash, by: 'test' });
  });

  it('to a roster that has moved since is not planned from', async () => {
    const ref = await fetched(test.db, district, [ANN, CID]);
    expect(await stageDelta(ref, [ANN, CID], known)).toBe(true);
    await night(test.db, district, [ANN]);
    await expect(makePlan(test.db, ref)).rejects.toMatchObject({ code: 'BASE_MOVED' });
    await stageRows(test.db, ref, [ANN, CID]);
    expect((await makePlan(test.db, ref)).superseded).toBe(true);
  });

  it('brings whoever was purged back as somebody new, and nobody else', async () => {
    const second = await fetched(test.db, district, [ANN]);
    await stageDelta(second, [ANN], known);
    const { planHash } = await makePlan(test.db, second);
    await applyPlan(test.db, second, { planHash, by: 'test' });
    await daysPass(test.db, district, 366);
    expect(await purge(test.db, district)).toMatchObject({ students: 1 });
    const ref = await fetched(test.db, district, [ANN, BOB]);
    expect(await stageDelta(ref, [ANN, BOB], known)).toBe(true);
    await makePlan(test.db, ref);
    expect(await planChanges(test.db, ref)).toMatchObject([
      { kind: 'students', action: 'added', key: 'bob@s.example' },
      { kind: 'enrollments', action: 'added', other: 'bob@s.example' },
    ]);
  });

  it('that lost rows is not planned from', async () => {
    const ref = await fetched(test.db, district, [ANN]);
    await stageDelta(ref, [ANN], known);
    const key = await test.db('rollcall.districts').where({ id: district }).first('key');
    await test.db.raw(`delete from rollcall.gone_${key.key}_${ref.run}`);
    await expect(makePlan(test.db, ref)).rejects.toMatchObject({ code: 'NOTHING_STAGED' });
  });

  it('stages no more than has changed', async () => {
    const ref = await fetched(test.db, district, [ANN, CID]);
    await stageDelta(ref, [ANN, CID], known);
    const key = await test.db('rollcall.districts').where({ id: district }).first('key');
    const staged = await test.db(`rollcall.staged_${key.key}_${ref.run}`).orderBy('id');
    expect(staged.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      's A',
      'c a1',
      'p cid@s.example',
    ]);
    const gone = await test.db(`rollcall.gone_${key.key}_${ref.run}`).orderBy('kind');
    expect(gone).toEqual([
      { kind: 'enrollments', id: 'a1', email: 'bob@s.example' },
      { kind: 'students', id: 'bob@s.example', email: null },
    ]);
  });
});
