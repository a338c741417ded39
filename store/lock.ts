/** Locks that live as long as a session of Postgres: no killed process leaves one behind. */
import type { Client } from 'pg';
import type { Db } from './db.js';
import { guarded, StoreError } from './errors.js';
import { borrowSession, closeSession, giveBackSession } from './lock-sessions.js';
import { districtKey } from './sql.js';

/** First halves of the locks' keys; the second says which district, or which mail. */
const DISTRICT_LOCK = 7_226_002;
const MAIL_LOCK = 7_226_003;

/**
 * Runs `work` while nobody else works on the district, in any process.
 * @throws StoreError DISTRICT_BUSY (at once, retryable), LOCK_LOST (retryable), DISTRICT_UNKNOWN
 */
export async function withDistrictLock<T>(
  db: Db,
  district: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const key = await districtKey(db, district);
  const busy = new StoreError(
    'DISTRICT_BUSY',
    'another run is working on this district; try again',
    { retryable: true },
  );
  return withLock(db, { sql: '$1::int, $2::int', key: [DISTRICT_LOCK, key] }, busy, work);
}

/**
 * Runs `work` while nobody else sends the mail of that business key. Two keys may share a lock, by
 * a rare chance; then one of them waits for its next try.
 * @throws StoreError MAIL_BUSY (at once, retryable), LOCK_LOST (retryable), DISTRICT_UNKNOWN
 */
export async function withMailLock<T>(
  db: Db,
  mail: { district: string; key: string },
  work: () => Promise<T>,
): Promise<T> {
  const key = await districtKey(db, mail.district);
  const busy = new StoreError('MAIL_BUSY', 'another try is sending this mail; try again', {
    retryable: true,
  });
  const named = [MAIL_LOCK, `${key}/${mail.key}`] as const;
  return withLock(db, { sql: '$1::int, hashtext($2)', key: named }, busy, work);
}

interface Lock {
  readonly sql: string;
  readonly key: readonly [number, number | string];
}

/**
 * Holds the lock on a session of its own. If that is lost, `signal` aborts and the call fails with
 * LOCK_LOST once `work` has come back.
 */
async function withLock<T>(
  db: Db,
  lock: Lock,
  busy: StoreError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const holder = await take(db, lock);
  if (holder === null) throw busy;
  const lost = new AbortController();
  const lose = () =>
    lost.abort(
      new StoreError('LOCK_LOST', 'the connection that held the lock was lost; try again', {
        retryable: true,
      }),
    );
  holder.on('error', lose);
  holder.on('end', lose);
  try {
    const result = await work(lost.signal);
    lost.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    const isFree = !lost.signal.aborted && (await release(holder, lock));
    holder.off('error', lose).off('end', lose);
    if (isFree) giveBackSession(db, holder);
    else closeSession(holder);
  }
}

/** A session that has the lock; null if another one has it. */
async function take(db: Db, lock: Lock): Promise<Client | null> {
  const { client, isUsed } = await borrowSession(db);
  const ignore = (): void => {};
  client.on('error', ignore);
  try {
    const { rows } = await guarded(() =>
      client.query<{ got: boolean }>(`select pg_try_advisory_lock(${lock.sql}) as got`, [
        ...lock.key,
      ]),
    );
    if (rows[0]?.got) return client;
    giveBackSession(db, client);
    return null;
  } catch (error) {
    closeSession(client);
    // Lost while it waited: the next one, or a new one, tells whether Postgres is away.
    if (isUsed) return take(db, lock);
    throw error;
  } finally {
    client.off('error', ignore);
  }
}

/** Whether the session is without the lock now, and fit for the next holder. */
async function release(client: Client, lock: Lock): Promise<boolean> {
  try {
    const sql = `select pg_advisory_unlock(${lock.sql}) as freed`;
    const { rows } = await client.query<{ freed: boolean }>(sql, [...lock.key]);
    return rows[0]?.freed === true;
  } catch {
    return false;
  }
}
