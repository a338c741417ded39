/** Random nights of a small district: after each, the views say what the model says. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { afterNight, emptyModel } from './model.js';
import { modelViews, nights, toFile } from './nights.js';
import { newDistrict, night, views, type Views } from './support.js';

const RUNS = 30;
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ ownFrom: 4 });
});
afterAll(() => test.drop());

describe('any sequence of nights', () => {
  it('leaves the views as an independent model says, and every id where it was', async () => {
    await fc.assert(
      fc.asyncProperty(nights, async (sequence) => {
        const { id } = await newDistrict(test.db);
        const ids = new Map<string, unknown>();
        let model = emptyModel();
        for (const one of sequence) {
          const file = toFile(one);
          await night(test.db, id, file);
          model = afterNight(model, file);
          const moved = model.renamed.map(
            ([old, now]) => [now, ids.get(`classes ${old}`)] as const,
          );
          for (const [old] of model.renamed) ids.delete(`classes ${old}`);
          for (const [now, classId] of moved) ids.set(`classes ${now}`, classId);
          const seen = await views(test.db, id);
          expect(withoutIds(seen, ids)).toEqual(modelViews(model, id));
        }
      }),
      { numRuns: RUNS },
    );
  }, 240_000);
});

/** Takes the ids out, after checking that each key still has the one it got first. */
function withoutIds(seen: Views, ids: Map<string, unknown>): Record<string, unknown[]> {
  const plain = Object.entries(seen).map(([view, list]) => {
    const rows = (list as Record<string, unknown>[]).map(({ id, ...rest }) => {
      if (id === undefined) return rest;
      const key = `${view} ${String(rest['email'] ?? rest['class_id'] ?? rest['school_id'])}`;
      expect(ids.get(key) ?? id).toBe(id);
      ids.set(key, id);
      return rest;
    });
    return [view, rows];
  });
  return Object.fromEntries(plain) as Record<string, unknown[]>;
}
