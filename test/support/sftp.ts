/** The embedded SFTP server on a test database, with districts to sign in as. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SourceAddress } from '../../activities/ports.js';
import { startSftpServer } from '../../dev/sftp-server/index.js';
import type { RunningSftpServer, SftpServerOptions } from '../../dev/sftp-server/index.js';
import { newPassword } from '../../store/config/access.js';
import { addDistrict } from '../../store/config/districts.js';
import type { Db } from '../../store/db.js';

export interface TestSftp {
  readonly server: RunningSftpServer;
  /** The homes as they lie on the disk. */
  readonly homes: string;
  readonly hostKeyFile: string;
  /** Every notice of an upload so far. */
  readonly uploads: { district: string; name: string }[];
  readonly log: string[];
  readonly service: { readonly username: string; readonly password: string };
  /** A new district with an account. */
  addDistrict(id: string): Promise<{ username: string; password: string }>;
  /** The worker's way to a file; `remote` begins with the district. */
  address(remote: string): SourceAddress;
  /** Stops the server and starts one on the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestSftp(
  db: Db,
  limits: SftpServerOptions['limits'] = {},
): Promise<TestSftp> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-sftp-'));
  const homes = path.join(folder, 'homes');
  const hostKeyFile = path.join(folder, 'keys', 'host-key');
  const service = { username: 'rollcall-worker', password: 'only-for-this-test' };
  const uploads: { district: string; name: string }[] = [];
  const log: string[] = [];
  const start = (): Promise<RunningSftpServer> =>
    startSftpServer({
      db,
      homes,
      hostKeyFile,
      service,
      onUploaded: (upload) => uploads.push(upload),
      log: (line) => log.push(line),
      limits: { loginDelay: 20, ...limits },
    });
  let server = await start();
  return {
    get server() {
      return server;
    },
    homes,
    hostKeyFile,
    uploads,
    log,
    service,
    async addDistrict(id) {
      await addDistrict(db, {
        id,
        name: 'Invented District',
        contact: 'it@district.example',
        seats: 100,
        timeZone: 'America/Chicago',
        nightlyAt: '04:00',
      });
      return { username: id, password: await newPassword(db, id) };
    },
    address: (remote) => ({
      host: server.host,
      port: server.port,
      username: service.username,
      secret: { password: service.password },
      hostKey: server.hostKey,
      path: remote,
    }),
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
