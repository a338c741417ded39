/** A migrated database of its own for each test file, on the run's real Postgres. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { connect, type Db } from '../../store/db.js';
import { migrate } from '../../store/migrate.js';

const TEMPLATE = 'rollcall_template';
/** Any number: whoever holds this lock is making the template. */
const LOCK = 720_413;

export interface TestDatabase {
  readonly url: string;
  readonly db: Db;
  /** Closes `db` and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A fresh database with every migration applied; some 50 ms, as it is copied from a template.
 * @param ownFrom first loads of so many enrollments get tables of their own; else none in a test does
 */
export async function testDatabase({ ownFrom }: { ownFrom?: number } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [LOCK]);
    await ensureTemplate(admin);
    await admin.query(`create database ${name} template ${TEMPLATE}`);
    if (ownFrom !== undefined) {
      await admin.query(`alter database ${name} set rollcall.own_from = ${ownFrom}`);
    }
  });
  const url = urlOf(name);
  const db = connect(url, { poolMax: 5, name: 'test' });
  return {
    url,
    db,
    drop: async () => {
      await db.destroy();
      await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** An empty database, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`create database ${name}`));
  const db = connect(urlOf(name), { poolMax: 5, name: 'test' });
  const drop = async () => {
    await db.destroy();
    await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
  };
  return { url: urlOf(name), db, drop };
}

/** Made under another name and renamed when whole: a failed migration leaves no template. */
async function ensureTemplate(admin: pg.Client): Promise<void> {
  const found = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
  if (found.rowCount) return;
  await admin.query(`drop database if exists ${TEMPLATE}_new with (force)`);
  await admin.query(`create database ${TEMPLATE}_new`);
  const db = connect(urlOf(`${TEMPLATE}_new`), { poolMax: 2, name: 'test template' });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
  await admin.query(`alter database ${TEMPLATE}_new rename to ${TEMPLATE}`);
}

async function asAdmin<T>(use: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.end(); // which also lets go of the lock
  }
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}
