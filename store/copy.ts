/** COPY from memory on knex's own connection, in text format, with back-pressure. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type pg from 'pg';
import type { Knex } from 'knex';
import { guarded, withoutValues } from './errors.js';

const SPECIAL = /[\\\t\n\r]/;
const ALL_SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** One field of COPY's text format. A value must not hold NUL: Postgres has no place for it. */
export function copyField(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replace(ALL_SPECIAL, (sign) => ESCAPES[sign] ?? sign) : value;
}

const BATCH = 65_536;
const DONE = Promise.resolve();

export interface CopyTarget {
  /** Takes one line without its end; wait for the answer, if there is one, before the next. */
  readonly line: (text: string) => Promise<void>;
}

/**
 * Copies what `feed` hands over. If `feed` throws, the COPY is failed on the server and that
 * error comes out as it is; errors of the database come out without values.
 * @param command `copy … from stdin`
 */
export async function copyInto<T>(
  trx: Knex.Transaction,
  command: string,
  feed: (target: CopyTarget) => Promise<T>,
): Promise<T> {
  const connection = (await trx.client.acquireConnection()) as pg.Client;
  const stream = connection.query(copyFrom(command));
  // `finished` sees every end: done, refused by Postgres, connection lost.
  const ended = finished(stream).then(
    () => null,
    (error: unknown) => withoutValues(error),
  );
  const throwIfBroken = async (): Promise<void> => {
    const error = await ended;
    if (error) throw error;
  };

  let batch = '';
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(batch);
    batch = '';
    if (stream.destroyed) await throwIfBroken();
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), throwIfBroken()]);
  };
  const line = (text: string): Promise<void> => {
    batch += `${text}\n`;
    return batch.length < BATCH ? DONE : guarded(flush);
  };

  let result: T;
  try {
    result = await feed({ line });
    if (batch !== '') await guarded(flush);
  } catch (error) {
    // Fails the COPY, and waits until the connection is fit for the rollback.
    stream.destroy(new Error('given up'));
    await ended;
    throw error;
  }
  stream.end();
  await throwIfBroken();
  return result;
}
