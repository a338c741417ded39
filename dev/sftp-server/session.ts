/** One SFTP session: requests are answered one after the other, in the order in which they came. */
import type { Socket } from 'node:net';
import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2';
import { attributesOf } from './attributes.js';
import { asSeen, isTemporary, locateExisting, partsOf } from './confine.js';
import type { View } from './confine.js';
import {
  attributesAt,
  discard,
  finish,
  openFile,
  readFrom,
  setAttributes,
  setAttributesAt,
  writeTo,
} from './files.js';
import { list, makeFolder, move, removeFile, removeFolder } from './folders.js';
import { Handles } from './handles.js';
import type { SftpLimits } from './limits.js';
import { STATUS_CODE, Refusal, toRefusal } from './refusals.js';
import { RequestQueue } from './request-queue.js';

export interface SessionContext {
  readonly view: View;
  readonly socket: Socket;
  readonly limits: SftpLimits;
  /** Done before the first request. */
  prepare(): Promise<void>;
  /** A whole file has come under a name of its own; `name` is its path below the home. */
  onUploaded(name: string): void;
  /** Once for every request. */
  onActivity(): void;
}

type Answer =
  | { readonly handle: Buffer }
  | { readonly data: Buffer }
  | { readonly names: FileEntry[] }
  | { readonly attributes: Attributes }
  | 'ok';

/** How many entries one answer lists. */
const ENTRIES = 128;
const NO_ATTRIBUTES = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

/** Serves until the client ends. @returns settles when everything it held open is closed */
export function serveSession(sftp: SFTPWrapper, context: SessionContext): Promise<void> {
  const { view, limits } = context;
  const handles = new Handles(limits.handles);
  const queue = new RequestQueue(context.socket, limits.waiting);

  // If the home cannot be made, each request says so.
  queue.add(() => context.prepare().catch(() => undefined));

  /** Answers requests of one kind. */
  const on = (kind: string, work: (...args: never[]) => Promise<Answer>): void => {
    sftp.on(kind, (id: number, ...args: never[]) => {
      context.onActivity();
      queue.add(async () => {
        try {
          reply(sftp, id, await work(...args));
        } catch (error) {
          const { status, message } = toRefusal(error);
          sftp.status(id, status, message);
        }
      });
    });
  };
  const uploaded = (parts: readonly string[]): void => {
    if (!isTemporary(parts.at(-1) ?? '')) context.onUploaded(parts.join('/'));
  };
  const look = async (wanted: string): Promise<Answer> => ({
    attributes: attributesOf((await locateExisting(view, wanted)).stats),
  });

  on('REALPATH', async (wanted: string) => {
    const seen = asSeen(partsOf(wanted));
    return { names: [{ filename: seen, longname: seen, attrs: NO_ATTRIBUTES }] };
  });
  on('STAT', look);
  on('LSTAT', look);
  on('FSTAT', async (handle: Buffer) => ({ attributes: await attributesAt(handles.file(handle)) }));
  on('SETSTAT', async (wanted: string, attributes: Partial<Attributes>) => {
    await setAttributesAt(await locateExisting(view, wanted), attributes, limits.fileBytes);
    return 'ok';
  });
  on('FSETSTAT', async (handle: Buffer, attributes: Partial<Attributes>) => {
    await setAttributes(handles.file(handle), attributes, limits.fileBytes);
    return 'ok';
  });

  on('OPENDIR', async (wanted: string) => {
    handles.checkRoom();
    return { handle: handles.add({ kind: 'folder', rest: await list(view, wanted) }) };
  });
  on('READDIR', async (handle: Buffer) => {
    const names = handles.folder(handle).rest.splice(0, ENTRIES);
    if (names.length === 0) throw new Refusal(STATUS_CODE.EOF, 'end of the list');
    return { names };
  });

  on('OPEN', async (wanted: string, flags: number) => {
    handles.checkRoom();
    return { handle: handles.add(await openFile(view, wanted, flags)) };
  });
  on('READ', async (handle: Buffer, offset: number, length: number) => ({
    data: await readFrom(handles.file(handle), offset, length),
  }));
  on('WRITE', async (handle: Buffer, offset: number, data: Buffer) => {
    await writeTo(handles.file(handle), offset, data, limits.fileBytes);
    return 'ok';
  });
  on('CLOSE', async (handle: Buffer) => {
    const one = handles.take(handle);
    if (one.kind === 'file' && (await finish(one))) uploaded(one.parts);
    return 'ok';
  });

  on('REMOVE', async (wanted: string) => {
    await removeFile(view, wanted);
    return 'ok';
  });
  on('RENAME', async (from: string, to: string) => {
    const moved = await move(view, from, to);
    if (moved.isFile) uploaded(moved.parts);
    return 'ok';
  });
  on('MKDIR', async (wanted: string) => {
    await makeFolder(view, wanted);
    return 'ok';
  });
  on('RMDIR', async (wanted: string) => {
    await removeFolder(view, wanted);
    return 'ok';
  });

  return new Promise((resolve) => {
    const leave = (): void => void queue.close(() => letGo(handles)).then(resolve);
    sftp.once('close', leave);
    context.socket.once('close', leave);
    // A packet that is none: ssh2 has closed the session by now.
    sftp.on('error', () => context.socket.destroy());
    // OpenSSH's sftp waits for this answer to its goodbye, and hangs without it.
    sftp.on('end', () => sftp.end());
  });
}

async function letGo(handles: Handles): Promise<void> {
  for (const one of handles.takeFiles()) await discard(one).catch(() => undefined);
}

function reply(sftp: SFTPWrapper, id: number, answer: Answer): void {
  if (answer === 'ok') sftp.status(id, STATUS_CODE.OK);
  else if ('handle' in answer) sftp.handle(id, answer.handle);
  else if ('data' in answer) sftp.data(id, answer.data);
  else if ('names' in answer) sftp.name(id, answer.names);
  else sftp.attrs(id, answer.attributes);
}
