/** One holder for a district across all processes: a session lock on a connection of its own. */
import { dedicatedConnection, type Db } from './db.js';
import { guarded, StoreError } from './errors.js';
import { districtKey } from './sql.js';

/** First half of the lock's key; the second is the district's integer. */
const DISTRICT_LOCK = 7_226_002;

/**
 * Runs `work` while nobody else works on the district. The lock goes with its connection, so
 * a killed process never leaves one behind; and if the connection is lost, `signal` aborts
 * and the call fails with LOCK_LOST once `work` has come back.
 * @throws StoreError DISTRICT_BUSY (at once, retryable), LOCK_LOST (retryable), DISTRICT_UNKNOWN
 */
export async function withDistrictLock<T>(
  db: Db,
  district: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const key = await districtKey(db, district);
  const holder = await dedicatedConnection(db, 'rollcall lock');
  const lost = new AbortController();
  const lose = () =>
    lost.abort(
      new StoreError('LOCK_LOST', 'the connection that held the district was lost; try again', {
        retryable: true,
      }),
    );
  holder.on('error', lose);
  holder.on('end', lose);
  try {
    const { rows } = await guarded(() =>
      holder.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [
        DISTRICT_LOCK,
        key,
      ]),
    );
    if (!rows[0]?.got) {
      throw new StoreError('DISTRICT_BUSY', 'another run is working on this district; try again', {
        retryable: true,
      });
    }
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
