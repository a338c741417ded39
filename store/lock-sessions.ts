/**
 * Sessions of Postgres for locks, each lent to one holder at a time. One that gave its lock back
 * waits a while for the next holder, as opening a session costs Postgres more than many a small
 * piece of work. Never shared: a session is given a lock again that it holds already.
 */
import type { Client } from 'pg';
import { dedicatedConnection, type Db } from './db.js';

export interface LockSession {
  readonly client: Client;
  /** It may have been lost while it waited, unnoticed. */
  readonly isUsed: boolean;
}

/** As pg's client is, which its types do not tell. */
type Unreffable = Client & { ref(): void; unref(): void };

/** Milliseconds. */
const WAITS_FOR = 10_000;

interface Waiting {
  readonly client: Client;
  readonly end: () => void;
  readonly timer: NodeJS.Timeout;
}
const waiting = new WeakMap<Db, Waiting[]>();

export async function borrowSession(db: Db): Promise<LockSession> {
  const one = waiting.get(db)?.pop();
  if (!one) return { client: await dedicatedConnection(db, 'rollcall lock'), isUsed: false };
  const { client, end, timer } = one;
  clearTimeout(timer);
  client.off('error', end).off('end', end);
  (client as Unreffable).ref();
  return { client, isUsed: true };
}

/** For a session without a lock and without a statement under way. */
export function giveBackSession(db: Db, client: Client): void {
  const all = waiting.get(db) ?? [];
  waiting.set(db, all);
  const end = (): void => {
    clearTimeout(one.timer);
    const at = all.indexOf(one);
    if (at >= 0) all.splice(at, 1);
    closeSession(client);
  };
  const one: Waiting = { client, end, timer: setTimeout(end, WAITS_FOR) };
  // Nothing stays up for the sake of a session that waits.
  one.timer.unref();
  (client as Unreffable).unref();
  client.on('error', end).on('end', end);
  all.push(one);
}

/** Closing gives back whatever lock it holds; there is nothing to say if it is gone already. */
export function closeSession(client: Client): void {
  client.on('error', () => {});
  client.end().catch(() => {});
}
