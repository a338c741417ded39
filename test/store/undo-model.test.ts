/** Random nights and undos of a small district: each undo puts back what an independent model says. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import type { Db } from '../../store/db.js';
import { StoreError } from '../../store/errors.js';
import { getLeft, previewUndo } from '../../store/read/undo.js';
import type { LeftValue } from '../../store/types.js';
import { planUndo } from '../../store/undo.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { nights, oneNight, toFile } from './nights.js';
import { newDistrict, night, stageUndo, undo, views, type Views } from './support.js';
import {
  idsOf,
  isWhole,
  type Makers,
  nightPassed,
  putBack,
  type State,
  stateOf,
  toPutBack,
} from './undo-model.js';

const RUNS = 30;
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 4 });
});
afterAll(() => test.drop());

const stateNow = async (db: Db, id: string): Promise<State> => stateOf(await views(db, id));
/** As the model calls it. */
const nameOf =
  (ids: (name: string) => string) =>
  ({ kind, key, other, value }: LeftValue): string =>
    kind === 'classTeachers'
      ? `class_teachers|${ids(`classes ${key}`)} ${ids(`teachers ${other}`)}|${value}`
      : kind === 'enrollments'
        ? `enrollments|${ids(`classes ${key}`)} ${ids(`students ${other}`)}|${value}`
        : `${kind}|${ids(`${kind} ${key}`)}|${value}`;

describe('any sequence of nights and undos', () => {
  it('puts back every value that the undone run still stands behind, and lists the rest', async () => {
    // Mostly the newest runs, so that undos of undos come up, and undos through them.
    const which = fc.oneof(fc.nat(3), fc.nat(9));
    const step = fc.oneof({ weight: 1, arbitrary: oneNight }, { weight: 1, arbitrary: which });
    await fc.assert(
      fc.asyncProperty(
        nights,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (first, then) => {
          const { id } = await newDistrict(test.db);
          const makers: Makers = new Map();
          for (const one of [...first, ...then]) {
            if (typeof one === 'number') {
              await undoOne(test.db, id, makers, one);
              continue;
            }
            const { run } = await night(test.db, id, toFile(one));
            nightPassed(makers, run, await stateNow(test.db, id));
          }
        },
      ),
      { numRuns: RUNS },
    );
  }, 300_000);
});

/** Undoes a run, `back` before the newest, and checks what became of each value. */
async function undoOne(db: Db, id: string, makers: Makers, back: number): Promise<void> {
  const viewsBefore = await views(db, id);
  const before = stateOf(viewsBefore);
  const newest = await lastRun(db, id);
  const ref = await stageUndo(db, id, newest - (back % newest));
  const { owned, lost } = toPutBack(makers, ref.undoes);
  const mayNot = (key: string, now: State): void => {
    const value = owned.get(key)!.value;
    expect(isWhole(new Map([...now, [key, value]])), `${key} could be put back`).toBe(false);
  };
  const planned = await planUndo(db, ref).catch((error: unknown) => error as StoreError);
  if (planned instanceof StoreError) {
    expect(planned.code).toMatch(/^UNDO_(DONE|NOTHING|NOT_APPLIED)$/);
    for (const key of owned.keys()) mayNot(key, before);
    return;
  }
  await applyPlan(db, ref, { planHash: planned.planHash, by: 'test' });
  const after = await stateNow(db, id);
  const left = await getLeft(db, ref);
  const needed = new Set<string>();
  for (const [key, value] of before) {
    const back = owned.get(key);
    if (!back) {
      expect(after.get(key), `${key} is not the run's`).toBe(value);
    } else if (after.get(key) === back.value) {
      putBack(makers, key, { run: ref.run, undoes: ref.undoes });
    } else {
      expect(after.get(key)).toBe(value);
      mayNot(key, after);
      needed.add(key);
    }
  }
  const listed = (why: string) =>
    new Set(left.filter((one) => one.why === why).map(nameOf(idsOf(viewsBefore))));
  expect(listed('needed')).toEqual(needed);
  expect(listed('changed')).toEqual(lost);
  expect(listed('outside')).toEqual(new Set());
  expect(isWhole(after)).toBe(true);
}

async function lastRun(db: Db, id: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { last_run: number }[] }>(
    'select last_run from rollcall.districts where id = ?',
    [id],
  );
  return rows[0]!.last_run;
}

describe('undoing the last run', () => {
  it('gives the roster before it, exactly; again, there is nothing left to undo; undone, it is back', async () => {
    await fc.assert(
      fc.asyncProperty(nights, async (sequence) => {
        const { id } = await newDistrict(test.db);
        let before = await views(test.db, id);
        let last = 0;
        let moved = false;
        for (const one of sequence) {
          before = await views(test.db, id);
          const { run, plan } = await night(test.db, id, toFile(one));
          last = run;
          moved = Object.values(plan.changes).some((one) =>
            Object.values(one).some((count) => count > 0),
          );
        }
        if (!moved) return;
        const after = await views(test.db, id);
        const preview = await previewUndo(test.db, { district: id, run: last });
        expect(await views(test.db, id)).toEqual(after);
        expect(preview.left).toEqual({});
        const { plan, run } = await undo(test.db, id, last);
        expect(plan.planHash).toBe(preview.hash);
        expect(plan.changes).toEqual(preview.changes);
        expect(withoutNew(await views(test.db, id), before)).toEqual(before);
        await expect(undo(test.db, id, last)).rejects.toMatchObject({
          code: 'UNDO_DONE',
          message: `run ${last} was undone already, by run ${run}`,
        });
        await undo(test.db, id, run);
        expect(await views(test.db, id)).toEqual(after);
      }),
      { numRuns: RUNS },
    );
  }, 240_000);
});

/** What was not there before is inactive now; without it. */
function withoutNew(now: Views, before: Views): Views {
  const key = (row: Record<string, unknown>): string => {
    const { id: _, active: __, ...rest } = row;
    return JSON.stringify(rest);
  };
  return Object.fromEntries(
    Object.entries(now).map(([view, rows]) => {
      const known = new Set(before[view as keyof Views].map(key));
      const fresh = (rows as Record<string, unknown>[]).filter((row) => !known.has(key(row)));
      expect(fresh.filter((row) => row['active'])).toEqual([]);
      return [view, (rows as Record<string, unknown>[]).filter((row) => known.has(key(row)))];
    }),
  ) as unknown as Views;
}
