/**
 * The one error type that leaves the store. Messages of Postgres, of `pg` and of knex quote
 * values (a failed insert names the row); none of them gets past `withoutValues`.
 */

export interface DatabaseFault {
  /** SQLSTATE, for example 23505, or a system code such as ECONNREFUSED; null if there was none. */
  readonly sqlState: string | null;
  readonly constraint: string | null;
  readonly table: string | null;
}

/**
 * `code` is for programs (DISTRICT_UNKNOWN, PLAN_OTHER, DB_ERROR …), the message for people.
 * Neither holds a value out of a row.
 */
export class StoreError extends Error {
  readonly code: string;
  /** True when the same call may well succeed later: the database was away or busy. */
  readonly retryable: boolean;
  readonly fault: DatabaseFault | null;
  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; fault?: DatabaseFault } = {},
  ) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.fault = options.fault ?? null;
  }
}

/** SQLSTATE classes that say "not now": connection, resources, operator, conflict of transactions. */
const PASSING_CLASSES = new Set(['08', '40', '53', '57', '55']);
const SQLSTATE = /^[0-9A-Z]{5}$/;
const SYSTEM_CODE = /^E[A-Z0-9_]{2,30}$/;

const field = (error: object, name: string): string | null => {
  const value = (error as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/**
 * Turns whatever `pg` or knex threw into a StoreError that holds SQLSTATE, constraint and table
 * and nothing else: no message, detail, hint, query, bindings or cause. A StoreError passes.
 */
export function withoutValues(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const raw: object = typeof error === 'object' && error !== null ? error : {};
  const code = field(raw, 'code');
  const isSqlState = code !== null && SQLSTATE.test(code) && field(raw, 'severity') !== null;
  const isSystem = code !== null && !isSqlState && SYSTEM_CODE.test(code);
  const fault: DatabaseFault = {
    sqlState: isSqlState || isSystem ? code : null,
    constraint: field(raw, 'constraint'),
    table: field(raw, 'table'),
  };
  // A killed backend, a closed pool and a time-out come without a SQLSTATE.
  if (!isSqlState) return unavailable(fault);
  if (PASSING_CLASSES.has(code.slice(0, 2))) return unavailable(fault);
  const where = [
    fault.table && `table ${fault.table}`,
    fault.constraint && `rule ${fault.constraint}`,
  ];
  const named = where.filter(Boolean).join(', ');
  return new StoreError('DB_ERROR', `the database refused (${code}${named ? `; ${named}` : ''})`, {
    fault,
  });
}

function unavailable(fault: DatabaseFault): StoreError {
  return new StoreError(
    'DB_UNAVAILABLE',
    `the database is not available (${fault.sqlState ?? 'connection lost'}); is Postgres running?`,
    { retryable: true, fault },
  );
}

/** Runs `work` on a raw connection and lets no foreign database error out. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withoutValues(error);
  }
}
