/** What every verb works with: the store and Temporal, each with errors made readable. */
import type { Client } from '@temporalio/client';
import { down, refused, RollcallError, usage } from './errors.js';
import { didYouMean } from './near.js';
import { addressOf, temporalDown, temporalError } from './temporal-errors.js';
import type { RollcallDeps } from './types.js';
import type { Db } from '../store/db.js';
import { StoreError } from '../store/errors.js';
import { getDistrict, listDistricts } from '../store/config/districts.js';
import type { District } from '../store/types.js';

/** A call that the server has not answered by then counts as "down". */
const RPC_DEADLINE_MS = 10_000;
/** A server that is there at all is connected to by then. */
const CONNECT_MS = 4_000;

export interface Context {
  readonly deps: RollcallDeps;
  /** Runs `work` on the store; what it throws comes out as a RollcallError. */
  store<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Runs `work` on Temporal, each call with a deadline; gRPC errors come out as RollcallErrors. */
  temporal<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** The district, or DISTRICT_UNKNOWN with a near id. */
  district(id: string): Promise<District>;
}

export function contextOf(deps: RollcallDeps): Context {
  const store: Context['store'] = async (work) => {
    try {
      return await work(deps.db);
    } catch (error) {
      throw readableStoreError(error);
    }
  };
  return {
    deps,
    store,
    async temporal(work) {
      const client = typeof deps.temporal === 'function' ? await deps.temporal() : deps.temporal;
      await connected(client);
      try {
        return await client.connection.withDeadline(Date.now() + RPC_DEADLINE_MS, () =>
          work(client),
        );
      } catch (error) {
        throw temporalError(error, addressOf(client));
      }
    },
    async district(id) {
      try {
        return await store((db) => getDistrict(db, id));
      } catch (error) {
        if (!(error instanceof RollcallError) || error.code !== 'DISTRICT_UNKNOWN') throw error;
        const known = (await store(listDistricts)).map((one) => one.id);
        throw usage(
          'DISTRICT_UNKNOWN',
          `There is no district "${id}".${didYouMean(id, known)} \`npx rollcall district list\` shows them all.`,
        );
      }
    },
  };
}

/** Or TEMPORAL_DOWN: without this the SDK tries a call anew until its deadline, and past it. */
async function connected(client: Client): Promise<void> {
  // Protected in the SDK, which offers it only once per connection (`ensureConnected`).
  const { client: channel } = client.connection as unknown as {
    client?: { waitForReady?(deadline: number, done: (late?: Error) => void): void };
  };
  if (!channel?.waitForReady) return;
  await new Promise<void>((resolve, reject) => {
    channel.waitForReady?.(Date.now() + CONNECT_MS, (late) =>
      late ? reject(temporalDown(addressOf(client).address)) : resolve(),
    );
  });
}

/** Store errors hold no values, so their own message may be shown where there is no better one. */
export function readableStoreError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  if (error.code === 'DB_UNAVAILABLE') {
    return down(
      'POSTGRES_DOWN',
      `Postgres does not answer (${error.fault?.sqlState ?? 'connection lost'}). Start it with \`npx rollcall up\`, or set DATABASE_URL to the one that runs.`,
    );
  }
  // 42P01, 3F000: no such table or schema.
  if (['42P01', '3F000', '42703'].includes(error.fault?.sqlState ?? '')) {
    return down(
      'NOT_MIGRATED',
      'The database is not set up for this version: run `npx rollcall migrate`.',
    );
  }
  if (error.fault?.sqlState?.startsWith('28') || error.fault?.sqlState === '3D000') {
    return down(
      'POSTGRES_REFUSED',
      `Postgres refused the connection (${error.fault.sqlState}): look at user, password and database in DATABASE_URL.`,
    );
  }
  if (error.code === 'DB_ERROR') return down(error.code, `Postgres: ${error.message}.`);
  return refused(error.code, sentence(error.message));
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
