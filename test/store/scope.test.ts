/**
 * A part of a plan, and then the rest of it: random nights, random schools left out, planned from
 * whole files and from differences. The title of the test says its seed; SCOPE_SEED runs that one
 * again, and SCOPE_PATH one sequence of it; SCOPE_RUNS more sequences.
 */
import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../roster/snapshot.js';
import { applyPlan } from '../../store/apply.js';
import { makePlan } from '../../store/plan.js';
import { getPlan } from '../../store/read/plan.js';
import type { PlanScope } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { stageDifference } from './as-difference.js';
import { stageRows } from './as-file.js';
import { nights, toFile } from './nights.js';
import { afterPart, dangling, plain } from './scope-model.js';
import { fetched, newDistrict, views } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 4 });
});
afterAll(() => test.drop());

const SEED = Number(process.env['SCOPE_SEED'] ?? randomInt(2 ** 31));
const PATH = process.env['SCOPE_PATH'];
const RUNS = Number(process.env['SCOPE_RUNS'] ?? 20);

const seen = (district: string) => views(test.db, district);

const scopes = fc
  .record({
    withoutSchools: fc.subarray(['s1', 's2', 's3']),
    additionsOnly: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
  .filter((one) => one.withoutSchools.length > 0 || one.additionsOnly);

describe('a part of a plan', () => {
  it(
    `leaves what is out of its scope as it is, and the rest then makes up the whole (seed ${SEED})`,
    async () => {
      let parts = 0;
      let rests = 0;
      let differences = 0;
      await fc.assert(
        fc.asyncProperty(nights, fc.array(scopes, { minLength: 5 }), async (all, wanted) => {
          // Held or not does not matter here, and no school may go by itself.
          const settings = { isolateSchools: false };
          const [whole, part] = [
            await newDistrict(test.db, settings),
            await newDistrict(test.db, settings),
          ];
          const known = new Map<number, Snapshot>();
          for (const [n, one] of all.entries()) {
            const file = toFile(one);
            const before = await seen(whole.id);
            expect(plain(await seen(part.id))).toEqual(plain(before));

            const a = await fetched(test.db, whole.id, file);
            await stageRows(test.db, a, file);
            const { planHash } = await makePlan(test.db, a);
            await applyPlan(test.db, a, { planHash, by: 'test' });
            const after = await seen(whole.id);

            const b = await fetched(test.db, part.id, file);
            if (await stageDifference(test.db, b, file, known)) differences += 1;
            const made = await makePlan(test.db, b);
            const named = (await getPlan(test.db, part.id, b.run)).bySchool;
            const scope: PlanScope = {
              ...wanted[n],
              withoutSchools: wanted[n]!.withoutSchools!.filter((id) =>
                named.some(({ school }) => school === id),
              ),
            };
            const narrowed = await makePlan(test.db, b, { scope, of: made.planHash });
            expect(await makePlan(test.db, b, { scope, of: made.planHash })).toMatchObject({
              planHash: narrowed.planHash,
            });
            const applied = await applyPlan(test.db, b, {
              planHash: narrowed.planHash,
              by: 'test',
            });
            if (narrowed.scope) {
              parts += 1;
              const now = await seen(part.id);
              expect(plain(now)).toEqual(plain(afterPart(before, after, narrowed.scope)));
              expect(dangling(now)).toEqual([]);
            }
            if (applied.outcome === 'applied' && applied.rest !== undefined) {
              rests += 1;
              const ref = { district: part.id, run: applied.rest };
              const rest = await makePlan(test.db, ref);
              await applyPlan(test.db, ref, { planHash: rest.planHash, by: 'test' });
            }
            expect(plain(await seen(part.id))).toEqual(plain(after));
          }
        }),
        {
          seed: SEED,
          numRuns: RUNS,
          endOnFailure: true,
          ...(PATH !== undefined && { path: PATH }),
        },
      );
      expect(parts).toBeGreaterThan(15);
      expect(rests).toBeGreaterThan(15);
      expect(differences).toBeGreaterThan(8);
    },
    Math.max(240_000, RUNS * 10_000),
  );
});
