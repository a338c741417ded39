/** How a request is refused: an SFTP status and a line that an uploader's program may show. */
import ssh2 from 'ssh2';

export const { STATUS_CODE } = ssh2.utils.sftp;

/** The client asked for something that it does not get. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

export const noSuchFile = (): Refusal =>
  new Refusal(STATUS_CODE.NO_SUCH_FILE, 'no such file or folder');
export const notAllowed = (what: string): Refusal =>
  new Refusal(STATUS_CODE.PERMISSION_DENIED, what);
export const failure = (what: string): Refusal => new Refusal(STATUS_CODE.FAILURE, what);
export const badHandle = (): Refusal => failure('this handle is not open for that');

/** System errors that a client can do something about. */
const SENTENCES: Readonly<Record<string, Refusal>> = Object.freeze({
  ENOENT: noSuchFile(),
  EACCES: notAllowed('not allowed'),
  EPERM: notAllowed('not allowed'),
  // What O_NOFOLLOW gives.
  ELOOP: notAllowed('symbolic links are not followed here'),
  EEXIST: failure('it exists already'),
  ENOTEMPTY: failure('the folder is not empty'),
  ENOTDIR: failure('it is not a folder'),
  EISDIR: failure('it is a folder'),
  ENAMETOOLONG: failure('the name is too long'),
  ENOSPC: failure('there is no space left on the server'),
  EDQUOT: failure('there is no space left on the server'),
});

/** Anything thrown as a refusal; a system's own message names paths and is not passed on. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code } = error as NodeJS.ErrnoException;
  return SENTENCES[code ?? ''] ?? failure('the server could not do this');
}
