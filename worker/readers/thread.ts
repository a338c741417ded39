/** The reading thread's side: one file at a time, with connections of its own while it lasts. */
import type { Log } from '../../activities/deps.js';
import { readHere } from '../../activities/read-roster.js';
import { connect } from '../../store/db.js';
import { createArchive } from '../adapters/archive.js';
import { type Answer, failedOf, type Said, type Task } from './wire.js';

/** Heartbeats go every few seconds; more messages than these would only wake the main thread. */
const SAY_EVERY_MS = 500;

/** One for the transaction, one for questions beside it, one that shares what was read. */
const CONNECTIONS = 3;

export default async function read({ settings, job, port }: Task): Promise<Answer> {
  const say = (said: Said): void => port.postMessage(said);
  const breaking = new AbortController();
  port.once('message', () => breaking.abort());
  say({ is: 'begun' });
  const db = connect(settings.databaseUrl, { poolMax: CONNECTIONS, name: 'rollcall reader' });
  const log = logTo(say);
  const archive = createArchive(settings.archiveDir, db, log);
  const deps = { db, archive, log };
  const end = async (): Promise<void> => {
    await archive.settled();
    await db.destroy();
    port.close();
  };
  let last = 0;
  const progress = (counts: Readonly<Record<string, number>>): void => {
    if (performance.now() - last < SAY_EVERY_MS) return;
    last = performance.now();
    say({ is: 'progress', counts });
  };
  try {
    const outcome = await readHere(deps, job, { progress, signal: breaking.signal });
    // What was read goes to the other workers, and nobody waits for that but the end of this one.
    void end();
    return { outcome };
  } catch (error) {
    await end();
    return { failure: failedOf(error) };
  }
}

function logTo(say: (said: Said) => void): Log {
  const at = (level: 'info' | 'warn') => (fields: object, message: string) =>
    say({ is: 'log', level, fields, message });
  return { info: at('info'), warn: at('warn') };
}
