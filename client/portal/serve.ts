/** The portal as a server: its own pool and Temporal connection, opened and closed here. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { isLoopback } from '../../config/loopback.js';
import { temporalConnection, type Settings } from '../../config/settings.js';
import { readVendor, type Vendor } from '../../config/vendor.js';
import { connect } from '../../store/db.js';
import { down } from '../errors.js';
import { createRollcall } from '../index.js';
import { createPortal, type PortalDeps } from './app.js';
import { readiness } from './readiness.js';
import { requestLog } from './request-log.js';

export interface PortalOptions {
  readonly settings: Settings;
  /** Temporal's own variables are read from it, nothing else. */
  readonly env: NodeJS.ProcessEnv;
  /** Default: what `settings.vendorFile` says. */
  readonly vendor?: Vendor;
  /** Instead of `settings.portal.port`; 0 takes a free one. */
  readonly port?: number;
  /** The mails that were sent; makes `/dev/mails`, if only this machine can reach the portal. */
  readonly mailbox?: PortalDeps['mailbox'];
  /** Default: JSON lines on standard error; in development only what failed. */
  readonly log?: PortalDeps['log'];
}
export interface RunningPortal {
  /** For example `http://127.0.0.1:8080`, where this process listens. */
  readonly url: string;
  /** Where the mails that were sent are shown; null if nowhere. */
  readonly mails: string | null;
  stop(): Promise<void>;
}

/**
 * Listens when it returns; Postgres and Temporal may come later (`/ready` says so).
 * Throws ConfigError for the vendor's file, RollcallError PORT_TAKEN for the port.
 */
export async function startPortal(options: PortalOptions): Promise<RunningPortal> {
  const { settings } = options;
  // Mails hold links that open: no page for people of other machines.
  const { host, publicUrl } = settings.portal;
  const here = isLoopback(host) && isLoopback(new URL(publicUrl).hostname);
  const mailbox = here ? options.mailbox : undefined;
  const vendor = options.vendor ?? (await readVendor(settings.vendorFile));
  const target = await temporalConnection(options.env, settings);
  const connection = Connection.lazy(target.connectOptions);
  const temporal = new Client({ connection, namespace: target.namespace });
  const db = connect(settings.databaseUrl, { name: 'rollcall-portal' });
  const app = createPortal({
    rollcall: createRollcall({
      temporal,
      db,
      vendor,
      sftp: settings.sftp,
      portalUrl: settings.portal.publicUrl,
    }),
    db,
    vendor,
    publicUrl: settings.portal.publicUrl,
    ready: () => readiness(db, temporal),
    mailbox,
    log: options.log ?? requestLog(options.mailbox ? 'error' : settings.logLevel),
  });
  const release = async (): Promise<void> => {
    await Promise.allSettled([db.destroy(), connection.close()]);
  };
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  try {
    await listen(server, settings.portal.host, options.port ?? settings.portal.port);
  } catch (error) {
    await release();
    throw error;
  }
  const { address, family, port } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return {
    url,
    mails: mailbox ? `${url}/dev/mails` : null,
    async stop() {
      await closed(server);
      await release();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? down('PORT_TAKEN', `Port ${port} is taken: stop what uses it, or set PORTAL_PORT.`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

/** How long an answer that is under way may take to end. */
const GRACE_MS = 3_000;

/** Lets answers under way end, drops idle connections at once. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
