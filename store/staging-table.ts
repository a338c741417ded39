/**
 * The tables that hold what one run's file says between reading and applying: `staged_…` what its
 * accepted rows say, `rejected_…` whom its rejected rows describe, and `gone_…`, if only the
 * difference to the last accepted file is staged, what that one said and this one does not. Each
 * run has its own: dropping them leaves nothing to vacuum, where rows of a thousand districts in one table would. Logged on
 * purpose: a table that a crash empties would look like a file in which everybody is absent.
 *
 * A row of `staged_…` is a school (kind `s`), a teacher (`t`), a class (`c`) or a student (`p`),
 * `line` where the file names it first, and `n` its number within the kind, by which others point
 * at it: people and classes at their `school`, people at all their `schools` where they have
 * several, classes at their `teachers` and `students`. So the largest part of a file, who is in
 * which class, is a few integers a class.
 */
import { COLUMNS } from '../roster/columns.js';
import type { Db } from './db.js';
import { first, run as execute } from './sql.js';

const nameOf = (prefix: string, districtKey: number, run: number): string => {
  if (!Number.isSafeInteger(districtKey) || !Number.isSafeInteger(run)) {
    throw new TypeError('a staging table is named by integers');
  }
  return `rollcall.${prefix}_${districtKey}_${run}`;
};

/** Safe in SQL: both parts are integers. */
export const stagingTable = (districtKey: number, run: number): string =>
  nameOf('staged', districtKey, run);
export const rejectedTable = (districtKey: number, run: number): string =>
  nameOf('rejected', districtKey, run);
export const goneTable = (districtKey: number, run: number): string =>
  nameOf('gone', districtKey, run);

/** New, empty ones in place of what an earlier attempt left. */
export async function createStaging(db: Db, districtKey: number, run: number): Promise<void> {
  await dropStaging(db, districtKey, run);
  await execute(
    db,
    `create table ${stagingTable(districtKey, run)}
       (kind "char" not null, n integer not null, line integer not null,
        id text collate "C" not null, name text not null, last_name text, grade_level text,
        school integer, schools integer[], teachers integer[], students integer[])`,
  );
  const columns = COLUMNS.map((name) => `${name} text collate "C"`).join(', ');
  await execute(db, `create table ${rejectedTable(districtKey, run)} (${columns}, line integer)`);
}

/** Pairs have a class id and an address, everything else its own key. */
export async function createGone(db: Db, districtKey: number, run: number): Promise<void> {
  await execute(
    db,
    `create table ${goneTable(districtKey, run)}
       (kind text not null, id text collate "C" not null, email text collate "C")`,
  );
}

/** What one run has staged becomes another's. */
export async function renameStaging(
  db: Db,
  districtKey: number,
  from: number,
  to: number,
): Promise<void> {
  for (const name of [stagingTable, rejectedTable, goneTable]) {
    const [, bare] = name(districtKey, to).split('.');
    await execute(db, `alter table if exists ${name(districtKey, from)} rename to ${bare}`);
  }
}

export async function dropStaging(db: Db, districtKey: number, run: number): Promise<void> {
  if (!(await hasStaging(db, districtKey, run))) return;
  const tables = [stagingTable, rejectedTable, goneTable].map((name) => name(districtKey, run));
  await execute(db, `drop table if exists ${tables.join(', ')}`);
}

export async function hasStaging(db: Db, districtKey: number, run: number): Promise<boolean> {
  const found = await first<{ is: boolean }>(db, 'select to_regclass(?) is not null as is', [
    stagingTable(districtKey, run),
  ]);
  return found?.is ?? false;
}
