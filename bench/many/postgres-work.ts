/** What Postgres says of its own work, from pg_stat_statements and pg_stat_database. */
import type pg from 'pg';

export interface PostgresWork {
  readonly statements: number;
  /** Planning and executing, summed over all connections. */
  readonly seconds: number;
  readonly commits: number;
  /** Connections that were opened. */
  readonly sessions: number;
  readonly walMb: number;
}
export interface Costly {
  readonly calls: number;
  readonly seconds: number;
  readonly sql: string;
}

/** Counts from here on. */
export async function resetWork(admin: pg.Client): Promise<PostgresWork> {
  await admin.query('create extension if not exists pg_stat_statements');
  await admin.query('select pg_stat_statements_reset()');
  return readWork(admin);
}

export async function workSince(admin: pg.Client, before: PostgresWork): Promise<PostgresWork> {
  const now = await readWork(admin);
  return {
    statements: now.statements,
    seconds: now.seconds,
    commits: now.commits - before.commits,
    sessions: now.sessions - before.sessions,
    walMb: now.walMb - before.walMb,
  };
}

async function readWork(admin: pg.Client): Promise<PostgresWork> {
  const { rows } = await admin.query<PostgresWork>(
    `select s.calls::int as statements, s.seconds, d.xact_commit::int as commits,
            d.sessions::int as sessions,
            (pg_current_wal_lsn() - '0/0')::float8 / 1048576 as "walMb"
     from (select coalesce(sum(calls), 0) as calls,
                  coalesce(sum(total_exec_time + total_plan_time), 0) / 1000 as seconds
           from pg_stat_statements) s,
          pg_stat_database d where d.datname = current_database()`,
  );
  return rows[0]!;
}

export async function costliest(admin: pg.Client, most: number): Promise<Costly[]> {
  const { rows } = await admin.query<Costly>(
    `select calls::int as calls, (total_exec_time + total_plan_time) / 1000 as seconds,
            left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as sql
     from pg_stat_statements order by 2 desc limit $1`,
    [most],
  );
  return rows;
}
