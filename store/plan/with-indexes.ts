/**
 * For a few small questions within a plan: they look up what they need by its key, while all else
 * of a plan works through whole tables (`tuneForSets`), which would read millions of rows for them.
 */
import type { Db } from '../db.js';
import { first } from '../sql.js';

export async function withIndexes<T>(trx: Db, ask: () => Promise<T>): Promise<T> {
  const before = await first<{ was: string }>(
    trx,
    `select current_setting('enable_nestloop') as was`,
  );
  await trx.raw('set local enable_nestloop = on');
  const answer = await ask();
  await trx.raw(`select set_config('enable_nestloop', ?, true)`, [before?.was ?? 'on']);
  return answer;
}
