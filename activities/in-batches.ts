import type { Counts, DutyDone } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';

/** Batches of one activity, each of some seconds. */
const MOST = 10;

/**
 * Works through a district in batches until one finds nothing to do. Each holds the district's lock
 * by itself, so that a sync that waits for it gets in between.
 */
export async function inBatches(
  { db }: Pick<Deps, 'db'>,
  district: string,
  batch: () => Promise<Counts>,
): Promise<DutyDone> {
  const counts: Record<string, number> = {};
  for (let nth = 0; nth < MOST; nth += 1) {
    const one = await atWork(db, district, batch);
    for (const [name, count] of Object.entries(one)) counts[name] = (counts[name] ?? 0) + count;
    if (Object.values(one).every((count) => count === 0)) return { counts, more: false };
  }
  return { counts, more: true };
}
