/** Brings the database to the newest shape; safe to call from many processes at once. */
import { dedicatedConnection, type Db } from './db.js';
import { guarded } from './errors.js';
import { migrations } from './migrations/index.js';

/** Any fixed number; it names this lock in pg_locks. */
const MIGRATION_LOCK = 7_226_001;

const CONFIG = {
  migrationSource: migrations,
  schemaName: 'rollcall',
  tableName: 'migrations',
};

/**
 * Applies what is missing, one migration a transaction. A second caller waits for the first on
 * an advisory lock, and then finds nothing to do.
 * @returns the names that this call applied
 */
export async function migrate(db: Db): Promise<{ applied: string[] }> {
  const lock = await dedicatedConnection(db, 'rollcall migrate');
  try {
    await guarded(async () => {
      await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await lock.query('create schema if not exists rollcall');
    });
    // knex's own lock is a row that outlives a killed process; ours does not, and we hold it.
    await db.migrate.forceFreeMigrationsLock(CONFIG);
    const [, applied] = (await db.migrate.latest(CONFIG)) as [number, string[]];
    return { applied };
  } finally {
    await lock.end();
  }
}
