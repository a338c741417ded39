/**
 * The table that holds one run's rows between reading and applying. Each run has one of its own:
 * its statistics are exact, it needs no index, and dropping it leaves nothing to vacuum, where
 * rows of a thousand districts in one table would. Logged on purpose: a table that a crash
 * empties would look like a file in which everybody is absent.
 */
import { COLUMNS } from '../roster/columns.js';
import type { Db } from './db.js';
import { first, run as execute } from './sql.js';

/** Safe in SQL: both parts are integers. */
export const stagingTable = (districtKey: number, run: number): string => {
  if (!Number.isSafeInteger(districtKey) || !Number.isSafeInteger(run)) {
    throw new TypeError('a staging table is named by integers');
  }
  return `rollcall.staged_${districtKey}_${run}`;
};

/**
 * A new, empty one in place of what an earlier attempt left. Names of rejected rows are kept too,
 * null where unreadable.
 */
export async function createStaging(db: Db, districtKey: number, run: number): Promise<void> {
  await dropStaging(db, districtKey, run);
  const columns = COLUMNS.map((name) => `${name} text collate "C"`).join(', ');
  await execute(
    db,
    `create table ${stagingTable(districtKey, run)}
       (line integer not null, accepted boolean not null, ${columns})`,
  );
}

export async function dropStaging(db: Db, districtKey: number, run: number): Promise<void> {
  if (await hasStaging(db, districtKey, run)) {
    await execute(db, `drop table ${stagingTable(districtKey, run)}`);
  }
}

export async function hasStaging(db: Db, districtKey: number, run: number): Promise<boolean> {
  const found = await first<{ is: boolean }>(db, 'select to_regclass(?) is not null as is', [
    stagingTable(districtKey, run),
  ]);
  return found?.is ?? false;
}
