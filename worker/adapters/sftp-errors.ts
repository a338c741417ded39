/**
 * What went wrong on an SFTP line, as codes. ssh2 repeats the server's own words in its messages,
 * and those may hold names and paths: nothing of a message is passed on.
 */
import { SourceProblem, SourceUnreachable } from '../../activities/ports.js';

/** Status codes of SFTP, version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const STATUS = Object.freeze({
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  NO_CONNECTION: 6,
  CONNECTION_LOST: 7,
});

interface Ssh2Error {
  readonly level?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}
const asSsh2 = (error: unknown): Ssh2Error =>
  typeof error === 'object' && error !== null ? error : {};

/** The server has no host key of the kind that was asked for. */
export function isKeyKindMissing(error: unknown): boolean {
  const { level, message } = asSsh2(error);
  return level === 'handshake' && String(message).endsWith('no matching host key format');
}

/** Why no session came about. */
export function connectError(error: unknown): SourceProblem | SourceUnreachable {
  const { level, message } = asSsh2(error);
  if (level === 'client-authentication') return new SourceProblem('SFTP_AUTH');
  // Thrown before a packet is sent: what the reference led to is not a key that can be used.
  if (/privateKey/.test(String(message))) return new SourceProblem('SFTP_SECRET');
  return lineError(error);
}

/** A line that did not come about or broke; trying again may help. */
export function lineError(error: unknown): SourceUnreachable {
  const { level, code } = asSsh2(error);
  if (typeof code === 'string' && /^E[A-Z0-9_]{2,30}$/.test(code))
    return new SourceUnreachable(code);
  if (level === 'client-timeout') return new SourceUnreachable('ETIMEDOUT');
  if (level === 'handshake' || level === 'protocol') return new SourceUnreachable('EPROTO');
  return new SourceUnreachable('ECONNRESET');
}

/** Whether it is the server's answer to a call. */
export function isAnswer(error: unknown): boolean {
  return typeof asSsh2(error).code === 'number';
}

/** Whether it is an answer with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  const { code } = asSsh2(error);
  return typeof code === 'number' && statuses.includes(code);
}

/** Whether a file on this machine is the matter: such errors name the system call. */
export function isLocal(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/**
 * What ended a call. `otherwise` says what an answer means that is neither "no such file" nor "not
 * allowed": for a look at a path the path is wrong, for a transfer the server is in trouble.
 */
export function callError(error: unknown, otherwise: 'SFTP_PATH' | 'EIO'): Error {
  if (isLocal(error)) return localError(error);
  if (!isAnswer(error)) return error instanceof Error ? error : lineError(error);
  if (hasStatus(error, STATUS.NO_SUCH_FILE)) return new SourceProblem('NO_FILE');
  if (hasStatus(error, STATUS.PERMISSION_DENIED)) return new SourceProblem('SFTP_PATH');
  if (hasStatus(error, STATUS.NO_CONNECTION, STATUS.CONNECTION_LOST)) return lineError(null);
  return otherwise === 'SFTP_PATH' ? new SourceProblem('SFTP_PATH') : new SourceUnreachable('EIO');
}

/** The same error with its code alone: Node's message names the path. */
function localError(error: unknown): Error {
  const code = String(asSsh2(error).code);
  return Object.assign(new Error(`the fetched file could not be written (${code})`), { code });
}
