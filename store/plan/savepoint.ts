/** Work within a transaction that is undone unless it says that it is to stand. */
import type { Db } from '../db.js';

/** @returns what the work answers, whether it stands or not */
export async function onTrial<T>(
  trx: Db,
  work: (trial: Db) => Promise<{ readonly stands: boolean; readonly answer: T }>,
): Promise<T> {
  let tried: { readonly answer: T } | null = null;
  try {
    await trx.transaction(async (trial) => {
      const done = await work(trial);
      tried = done;
      if (!done.stands) throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  if (tried === null) throw new Error('the work was not done');
  return (tried as { readonly answer: T }).answer;
}

class Undone extends Error {}
