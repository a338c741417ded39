/** Opens what the verbs need, each part only when a verb first asks for it, and closes it all. */
import { connect as connectSocket } from 'node:net';
import type { Client } from '@temporalio/client';
import { RollcallError } from './errors.js';
import { temporalDown, temporalError } from './temporal-errors.js';
import { createRollcall } from './index.js';
import type { Rollcall } from './types.js';
import { readSettingsAndVendor } from '../config/everything.js';
import { temporalConnection, type Settings } from '../config/settings.js';
import type { Vendor } from '../config/vendor.js';
import { connect as connectStore } from '../store/db.js';

export interface OpenRollcall {
  readonly rollcall: Rollcall;
  readonly settings: Settings;
  readonly vendor: Vendor;
  close(): Promise<void>;
}

/** Throws ConfigError; a part that is down shows only when a verb needs it. */
export async function openRollcall(env: NodeJS.ProcessEnv, cwd: string): Promise<OpenRollcall> {
  const { settings, vendor } = await readSettingsAndVendor(env, cwd);
  const db = connectStore(settings.databaseUrl, { poolMax: 4, name: 'rollcall client' });
  let opened: Promise<Client> | undefined;
  const temporal = () => (opened ??= openTemporal(env, settings));
  return {
    rollcall: createRollcall({
      temporal,
      db,
      vendor,
      sftp: settings.sftp,
      portalUrl: settings.portal.isNamed ? settings.portal.publicUrl : null,
    }),
    settings,
    vendor,
    async close() {
      const client = await opened?.catch(() => undefined);
      await Promise.all([client?.connection.close(), db.destroy()]);
    },
  };
}

/** Throws TEMPORAL_DOWN, TEMPORAL_REFUSED. */
export async function openTemporal(
  env: NodeJS.ProcessEnv,
  settings: Pick<Settings, 'temporalAddress' | 'temporalNamespace'>,
): Promise<Client> {
  const { address, namespace, connectOptions } = await temporalConnection(env, settings);
  // A refused port is known in a millisecond; gRPC would go on trying for seconds.
  if (!(await listens(address))) throw temporalDown(address);
  const { Client, Connection } = await import('@temporalio/client');
  try {
    const connection = await Connection.connect({ ...connectOptions, connectTimeout: '5 seconds' });
    return new Client({ connection, namespace });
  } catch (error) {
    const known = temporalError(error, { address, namespace });
    throw known instanceof RollcallError ? known : temporalDown(address);
  }
}

/** False only if a machine of our own says that nobody listens; others may be behind a proxy. */
async function listens(address: string): Promise<boolean> {
  const local = /^(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)$/.exec(address);
  if (!local) return true;
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port: Number(local[1]) });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('error', () => say(false));
    socket.setTimeout(3_000, () => say(false));
  });
}
