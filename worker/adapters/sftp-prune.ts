/** Removes files of one folder on an SFTP server. */
import path from 'node:path';
import type { FileEntryWithStats } from 'ssh2';
import type { ListedFile } from '../../activities/ports.js';
import type { SftpLine } from './sftp-connection.js';
import { STATUS, callError, hasStatus, isAnswer } from './sftp-errors.js';

/** Of a folder that somebody filled with other things, or a server that lists without end. */
const LISTED_MAX = 10_000;

/** @param choose names of those that go; only what was listed as a plain file is removed */
export async function pruneFolder(
  server: SftpLine,
  folder: string,
  choose: (files: readonly ListedFile[]) => readonly string[],
): Promise<number> {
  const files = await list(server, folder);
  const isListed = new Set(files.map(({ name }) => name));
  let removed = 0;
  let trouble: unknown = null;
  for (const name of choose(files).filter((one) => isListed.has(one))) {
    try {
      await server.call<void>((done) =>
        server.sftp.unlink(path.posix.join(folder, name), (error) => done(error, undefined)),
      );
      removed += 1;
    } catch (error) {
      // Another run may have removed it a moment ago.
      if (hasStatus(error, STATUS.NO_SUCH_FILE)) continue;
      if (!isAnswer(error)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== null) throw callError(trouble, 'SFTP_PATH');
  return removed;
}

/** Plain files; none where there is no such folder. */
async function list(server: SftpLine, folder: string): Promise<ListedFile[]> {
  const { sftp } = server;
  try {
    const handle = await server.call<Buffer>((done) => sftp.opendir(folder, done));
    const files: ListedFile[] = [];
    for (let seen = 0; seen < LISTED_MAX;) {
      const page = await nextPage(server, handle);
      if (page === null) break;
      seen += page.length;
      files.push(...page.flatMap(toFile));
    }
    // Unanswered: the line is closed soon in any case.
    sftp.close(handle, () => undefined);
    return files;
  } catch (error) {
    if (hasStatus(error, STATUS.NO_SUCH_FILE)) return [];
    throw callError(error, 'SFTP_PATH');
  }
}

async function nextPage(server: SftpLine, handle: Buffer): Promise<FileEntryWithStats[] | null> {
  try {
    return await server.call<FileEntryWithStats[]>((done) => server.sftp.readdir(handle, done));
  } catch (error) {
    if (hasStatus(error, STATUS.EOF)) return null;
    throw error;
  }
}

/** A server may leave kind and time out; removing never removes a folder. */
function toFile({ filename: name, attrs }: FileEntryWithStats): ListedFile[] {
  const { mode, mtime } = attrs as { readonly mode?: number; readonly mtime?: number };
  if (name.includes('/') || name.includes('\0') || (mode !== undefined && !attrs.isFile())) {
    return [];
  }
  return [{ name, modifiedAt: mtime === undefined ? null : mtime * 1000 }];
}
