/**
 * For a few questions within a plan that are to be answered in another way than the rest: those
 * that look up what they need by its key, while all else of a plan works through whole tables
 * (`tuneForSets`), which would read millions of rows for them; and those that compare many rows with
 * as many, where it is a mere difference that is planned.
 */
import type { Db } from '../db.js';
import { first } from '../sql.js';

export const withIndexes = <T>(trx: Db, ask: () => Promise<T>): Promise<T> =>
  withLoops(trx, 'on', ask);

/** Joins by hash: Postgres takes what a plan has just written for a few rows, and would loop. */
export const withoutLoops = <T>(trx: Db, ask: () => Promise<T>): Promise<T> =>
  withLoops(trx, 'off', ask);

async function withLoops<T>(trx: Db, loops: 'on' | 'off', ask: () => Promise<T>): Promise<T> {
  const before = await first<{ was: string }>(
    trx,
    `select current_setting('enable_nestloop') as was`,
  );
  await trx.raw(`set local enable_nestloop = ${loops}`);
  const answer = await ask();
  await trx.raw(`select set_config('enable_nestloop', ?, true)`, [before?.was ?? 'on']);
  return answer;
}
