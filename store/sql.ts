/** Small helpers around knex's raw queries: one statement, always parameterised. */
import type { Db } from './db.js';
import { StoreError } from './errors.js';

type Binding = string | number | boolean | null | Date | Buffer | readonly (string | number)[];

/** The rows of one statement; `?` for each binding. */
export async function rows<T>(
  db: Db,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<T[]> {
  const answer = await db.raw<{ rows: T[] }>(sql, bindings as never);
  return answer.rows;
}

/** The first row, or null. */
export async function first<T>(
  db: Db,
  sql: string,
  bindings: readonly Binding[] = [],
): Promise<T | null> {
  return (await rows<T>(db, sql, bindings))[0] ?? null;
}

/** How many rows a statement touched. */
export async function run(db: Db, sql: string, bindings: readonly Binding[] = []): Promise<number> {
  const answer = await db.raw<{ rowCount: number | null }>(sql, bindings as never);
  return answer.rowCount ?? 0;
}

/** The integer that stands for a district in our tables. @throws DISTRICT_UNKNOWN */
export async function districtKey(db: Db, district: string): Promise<number> {
  const found = await first<{ key: number }>(
    db,
    'select key from rollcall.districts where id = ?',
    [storable(district)],
  );
  if (!found) throw unknownDistrict(district);
  return found.key;
}

const DISTRICT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function unknownDistrict(district: string): StoreError {
  // What does not look like an id may be anything, so it is not repeated.
  const shown = DISTRICT_ID.test(district) ? ` "${district}"` : '';
  return new StoreError(
    'DISTRICT_UNKNOWN',
    `there is no district${shown}; "rollcall district list" shows them all`,
  );
}

/** Postgres cannot hold NUL in a text. What is compared or kept as free text goes without. */
export const storable = (text: string): string => text.replaceAll('\0', '');

/** ISO 8601 in UTC. */
export const iso = (time: Date): string => time.toISOString();
export const isoOrNull = (time: Date | null): string | null => time && time.toISOString();

/** Without a number: the district has none at all. */
export function unknownRun(run?: number): StoreError {
  return new StoreError(
    'RUN_UNKNOWN',
    run === undefined
      ? 'this district has no run yet'
      : `this district has no run ${run}; "rollcall runs" shows them all`,
  );
}
