import { Context } from '@temporalio/activity';
import type { Db } from '../store/db.js';
import { withDistrictLock } from '../store/lock.js';
import { type Heartbeat, startHeartbeat } from './heartbeat.js';

export interface AtWork {
  readonly progress: Heartbeat['progress'];
  /** Aborts when the activity is cancelled, the worker stops or the lock is lost. */
  readonly signal: AbortSignal;
}

/**
 * Long work on a district: heartbeating, and alone. An attempt that lost its heartbeat may still
 * be running somewhere when the next one begins; the lock keeps the two apart.
 * @throws StoreError DISTRICT_BUSY or LOCK_LOST, both to be tried again
 */
export async function atWork<T>(
  db: Db,
  district: string,
  work: (tools: AtWork) => Promise<T>,
): Promise<T> {
  const { cancellationSignal } = Context.current();
  const heartbeat = startHeartbeat();
  try {
    return await withDistrictLock(db, district, (lost) =>
      work({
        progress: heartbeat.progress,
        signal: AbortSignal.any([cancellationSignal, lost]),
      }),
    );
  } finally {
    heartbeat.stop();
  }
}
