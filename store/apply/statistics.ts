/** Statistics of the roster's tables after an apply: the next plan comes before autovacuum does. */
import { KINDS } from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { first, run as execute } from '../sql.js';
import { TABLES } from '../tables.js';
import type { ChangeTotals } from '../types.js';
import { isOwn, shardOf, tableOf } from './own-tables.js';

const count = (changes: ChangeTotals, kind: keyof ChangeTotals): number => {
  const { added, changed, reactivated, deactivated } = changes[kind];
  return added + changed + reactivated + deactivated;
};
export const countAll = (changes: ChangeTotals): number =>
  KINDS.reduce((sum, kind) => sum + count(changes, kind), 0);

/** Changes that make statistics stale: as many, and such a part of what is there. */
const MANY = 1_000;
const MUCH = 0.1;

/**
 * Outside the transaction, as it would hold a lock on the tables of all districts until the end;
 * and it only helps, so a failure is no failure. Where a district's rows lie in a table of several,
 * the whole has statistics of its own, which autovacuum never makes.
 */
export async function refreshStatistics(
  db: Db,
  changes: ChangeTotals,
  districtKey: number,
): Promise<void> {
  if (KINDS.every((kind) => count(changes, kind) < MANY)) return;
  const place = await first<{ version: number }>(
    db,
    `select current_setting('server_version_num')::int as version`,
  ).catch(() => null);
  const shard = await shardOf(db, districtKey).catch(() => 0);
  // Before 18, the tables of all big districts are gone through with the whole.
  const whole = (place?.version ?? 0) >= 180_000 ? 'only ' : '';
  for (const kind of KINDS) {
    const changed = count(changes, kind);
    if (changed < MANY) continue;
    const table = `rollcall.${TABLES[kind]}`;
    if (!isOwn(kind)) await refresh(db, table, changed);
    else {
      await refresh(db, tableOf(kind, shard), changed);
      await refresh(db, table, changed, whole);
    }
  }
}

async function refresh(db: Db, table: string, changed: number, only = ''): Promise<void> {
  const known = await first<{ rows: number }>(
    db,
    'select reltuples::float8 as rows from pg_class where oid = ?::regclass',
    [table],
  ).catch(() => null);
  if (changed < MUCH * (known?.rows ?? 0)) return;
  await execute(db, `analyze ${only}${table}`).catch(() => {});
}
