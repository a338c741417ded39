/**
 * The SFTP server of `npm start` and the tests: real SSH on ssh2, one home folder per district,
 * accounts in Postgres. In production an OpenSSH or any other SFTP server may stand in its place.
 */
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Db } from '../../store/db.js';
import { WAITING_ROOM } from './confine.js';
import { ClientConnection } from './connection.js';
import { loadHostKey } from './host-key.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { SftpLimits } from './limits.js';

export interface SftpServerOptions {
  readonly db: Db;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Folder with one home per district; made if missing. */
  readonly homes: string;
  /** Made if missing. */
  readonly hostKeyFile: string;
  /** The worker's own account, which sees every home as `/<district>`. */
  readonly service?: { readonly username: string; readonly password: string };
  /**
   * A whole file stands under a final name: closed after writing, or renamed to it. `name` is its
   * path below the home, for example `roster.csv`. Temporary names and the worker's own account
   * do not count.
   */
  onUploaded?(upload: { district: string; name: string }): void;
  /** Ids, counts and codes only. */
  readonly log?: (line: string) => void;
  readonly limits?: Partial<SftpLimits>;
}

export interface RunningSftpServer {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…`, to be pinned. */
  readonly hostKey: string;
  stop(): Promise<void>;
}

/** How long clients have to take their leave when the server stops, milliseconds. */
const PATIENCE = 500;

/** Throws the system's error if the port is taken, and says so if the host key cannot be read. */
export async function startSftpServer(options: SftpServerOptions): Promise<RunningSftpServer> {
  const homes = path.resolve(options.homes);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const log = options.log ?? ((): void => undefined);
  await mkdir(homes, { recursive: true, mode: 0o700 });
  // What a kill -9 left half uploaded.
  await rm(path.join(homes, WAITING_ROOM), { recursive: true, force: true });
  const { privateKey, fingerprint } = await loadHostKey(options.hostKeyFile);
  const connections = new Set<ClientConnection>();
  const context = {
    db: options.db,
    limits,
    log,
    homes,
    hostKey: privateKey,
    ...(options.service && { service: options.service }),
    onUploaded: (upload: { district: string; name: string }): void => {
      log(`sftp: a file of ${upload.district} is here`);
      try {
        options.onUploaded?.(upload);
      } catch {
        // The file is here all the same, and its uploader is told so.
        log('sftp: the notice of an upload failed');
      }
    },
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const strangers = [...connections].filter((one) => one.account === null).length;
    if (connections.size >= limits.connections || strangers >= limits.strangers) {
      log('sftp: a connection was refused, as there are too many');
      socket.destroy();
      return;
    }
    const connection = new ClientConnection(socket, context);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    hostKey: fingerprint,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([...connections].map((one) => one.end(PATIENCE)));
      await closed;
    },
  };
}
