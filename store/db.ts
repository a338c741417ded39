/** The connection pool, and the one place where database errors lose their values. */
import knex, { type Knex } from 'knex';
// @ts-expect-error knex ships no types for its dialects
import PgDialect from 'knex/lib/dialects/postgres/index.js';
import { Client, type ClientConfig } from 'pg';
import { guarded, withoutValues } from './errors.js';

export type Db = Knex;

/** Every query of the pool and of its transactions passes here (transactions share the class). */
class ValueFreeClient extends (PgDialect as typeof Knex.Client) {
  override query(connection: unknown, query: unknown): Promise<unknown> {
    const base = Reflect.get(PgDialect.prototype, 'query') as typeof this.query;
    return base.call(this, connection, query).catch((error: unknown) => {
      throw withoutValues(error);
    });
  }
  override acquireConnection(): Promise<unknown> {
    return guarded(() => super.acquireConnection() as Promise<unknown>);
  }
}

// knex would print a stack for every refused connection; the thrown error says it already.
const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };

/**
 * Opens a pool (lazily: nothing is contacted yet).
 * @param url postgres://user:password@host:port/database
 */
export function connect(url: string, options: { poolMax?: number; name?: string } = {}): Db {
  return knex({
    client: ValueFreeClient,
    connection: { connectionString: url, application_name: options.name ?? 'rollcall' },
    pool: { min: 0, max: options.poolMax ?? 10 },
    acquireConnectionTimeout: 20_000,
    compileSqlOnError: false,
    log: silent,
  });
}

/**
 * A connection of its own, outside the pool, for locks that live as long as a session.
 * The caller ends it.
 */
export async function dedicatedConnection(db: Db, name: string): Promise<Client> {
  const settings = db.client.connectionSettings as ClientConfig;
  const client = new Client({
    ...settings,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: 20_000,
  });
  await guarded(() => client.connect());
  return client;
}
