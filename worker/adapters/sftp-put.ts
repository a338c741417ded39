/** Puts a file on an SFTP server in one step. */
import path from 'node:path';
import type { SftpLine } from './sftp-connection.js';
import { callError, isAnswer } from './sftp-errors.js';

/** Reports are small beside rosters, and servers of others may allow few requests at once. */
const TRANSFER = Object.freeze({ chunkSize: 32 * 1024, concurrency: 16 });

/** @param remote takes the place of a file that is there already */
export async function putFile(server: SftpLine, from: string, remote: string): Promise<void> {
  // Hidden, and with an ending that watchers of folders take for unfinished.
  const part = path.posix.join(path.posix.dirname(remote), `.${path.posix.basename(remote)}.part`);
  try {
    await server.call<void>((done) => {
      server.sftp.fastPut(from, part, TRANSFER, (error) => done(error, undefined));
    });
    await rename(server, part, remote);
  } catch (error) {
    await remove(server, part);
    throw callError(error, 'SFTP_PATH');
  }
}

/**
 * The protocol's own rename refuses where there is a file (OpenSSH) or replaces it (ours); the
 * extension of OpenSSH replaces it; a server with neither gets the old one removed first.
 */
async function rename(server: SftpLine, from: string, to: string): Promise<void> {
  const plain = (): Promise<void> =>
    server.call<void>((done) => server.sftp.rename(from, to, (error) => done(error, undefined)));
  try {
    await plain();
  } catch (error) {
    if (!isAnswer(error)) throw error;
    if (await renameOver(server, from, to)) return;
    await remove(server, to);
    await plain();
  }
}

/** False if the server has no such extension, or refuses. */
async function renameOver(server: SftpLine, from: string, to: string): Promise<boolean> {
  try {
    await server.call<void>((done) => {
      server.sftp.ext_openssh_rename(from, to, (error) => done(error, undefined));
    });
    return true;
  } catch {
    // ssh2 throws where the extension is missing. If it is the line, the next call says so.
    return false;
  }
}

const remove = (server: SftpLine, remote: string): Promise<void> =>
  server
    .call<void>((done) => server.sftp.unlink(remote, (error) => done(error, undefined)))
    .catch(() => undefined);
