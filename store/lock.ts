/** Locks that live as long as a session of Postgres: no killed process leaves one behind. */
import { dedicatedConnection, type Db } from './db.js';
import { guarded, StoreError } from './errors.js';
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
 * Holds the lock on a connection of its own. If that is lost, `signal` aborts and the call fails
 * with LOCK_LOST once `work` has come back.
 */
async function withLock<T>(
  db: Db,
  lock: Lock,
  busy: StoreError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const holder = await dedicatedConnection(db, 'rollcall lock');
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
    const { rows } = await guarded(() =>
      holder.query<{ got: boolean }>(`select pg_try_advisory_lock(${lock.sql}) as got`, [
        ...lock.key,
      ]),
    );
    if (!rows[0]?.got) throw busy;
    const result = await work(lost.signal);
    lost.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    holder.off('end', lose);
    // Closing the session gives the lock back; there is nothing to say if it is gone already.
    await holder.end().catch(() => {});
  }
}
