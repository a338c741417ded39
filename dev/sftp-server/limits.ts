/** What one client, or many, may take of the server. */
export interface SftpLimits {
  /** Connections at the same time. */
  readonly connections: number;
  /** Of these, how many may not have signed in yet. */
  readonly strangers: number;
  /** From connecting until signed in, milliseconds. */
  readonly loginGrace: number;
  /** Refused passwords and keys before the connection ends. */
  readonly loginAttempts: number;
  /** How long a refused password waits for its answer, milliseconds. */
  readonly loginDelay: number;
  /** Without a request, milliseconds. */
  readonly idle: number;
  /** SFTP sessions in one connection. */
  readonly sessions: number;
  /** Open files and folders in one session. */
  readonly handles: number;
  /** Requests of one session that may wait before its connection is read no further. */
  readonly waiting: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
}

export const DEFAULT_LIMITS: SftpLimits = Object.freeze({
  connections: 128,
  strangers: 32,
  loginGrace: 60_000,
  // A client with an agent offers each of its keys before it asks for a password.
  loginAttempts: 10,
  loginDelay: 1_000,
  idle: 15 * 60_000,
  sessions: 10,
  handles: 64,
  waiting: 256,
  fileBytes: 2 * 1024 ** 3,
});
