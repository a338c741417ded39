/**
 * What the activities need of the outside world. Each port has one adapter per file in
 * worker/adapters/; the store is used directly.
 */
import type { LastFetch } from '../store/fetches.js';
import type { FileProblem, ReadOutcome, RunRef } from '../workflows/contract.js';

/** Where a district's roster file lies and how to get in. Never logged, never in a history. */
export interface SourceAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: { readonly password: string } | { readonly privateKey: string };
  /** OpenSSH form, `SHA256:` and unpadded base64. */
  readonly hostKey: string;
  /** Absolute path of the roster file on that server. */
  readonly path: string;
}

export interface FileStat {
  readonly kind: 'file' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; SFTP knows whole seconds. */
  readonly modifiedAt: number;
}

export interface ListedFile {
  readonly name: string;
  /** Milliseconds since the epoch; null where the server does not say. */
  readonly modifiedAt: number | null;
}

export interface RosterSource {
  /** Null if there is nothing at that path. Throws SourceProblem or SourceUnreachable. */
  stat(at: SourceAddress): Promise<FileStat | null>;
  /**
   * Streams the file to `to` (written as `to.part`, renamed when whole), hashing on the way.
   * Throws SourceProblem('FILE_CHANGED') if size or time moved meanwhile.
   */
  fetch(
    at: SourceAddress,
    to: string,
    options: { onProgress(bytes: number): void; signal: AbortSignal },
  ): Promise<{ sha256: string; bytes: number; modifiedAt: number }>;
  /** Makes the folder of `at.path`, and its parents, if missing. */
  makeFolder(at: SourceAddress): Promise<void>;
  /**
   * Puts the local file `from` at `at.path`, in the place of what was there: first under a hidden
   * name beside it, so that nobody sees half of it. Makes the folder if it is missing.
   * Throws SourceProblem or SourceUnreachable.
   */
  put(at: SourceAddress, from: string, options: { signal: AbortSignal }): Promise<void>;
  /**
   * Shows `choose` the plain files in the folder of `at.path` and removes those that it names. No
   * such folder, or a file that has gone meanwhile, is no trouble. @returns how many it removed
   * Throws SourceProblem or SourceUnreachable; where one file cannot be removed, after all others.
   */
  prune(
    at: SourceAddress,
    choose: (files: readonly ListedFile[]) => readonly string[],
    options: { signal: AbortSignal },
  ): Promise<number>;
}

/** Something that trying again will not mend; `code` says what. */
export class SourceProblem extends Error {
  readonly code: FileProblem;
  constructor(code: FileProblem) {
    super(code);
    this.name = 'SourceProblem';
    this.code = code;
  }
}
/** The server did not answer, or the line broke: try again. */
export class SourceUnreachable extends Error {
  /** A system code such as ECONNREFUSED, never a server's own words. */
  readonly code: string;
  constructor(code: string) {
    super(`the SFTP server did not answer (${code})`);
    this.name = 'SourceUnreachable';
    this.code = code;
  }
}

export interface OutgoingMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Same business key, same id: mail servers drop the second copy. */
  readonly messageId: string;
}
export interface Mailer {
  /** Throws MailRefused for good (5xx), anything else is tried again. */
  send(mail: OutgoingMail): Promise<void>;
}
export class MailRefused extends Error {
  /** SMTP status, for example 550. */
  readonly code: number;
  constructor(code: number) {
    super(`the mail server refused the message (${code})`);
    this.name = 'MailRefused';
    this.code = code;
  }
}

/** What a file is known by. */
export interface FileIdentity {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Fetched files, byte for byte, and what was read of them: in Postgres, where every worker finds
 * them, with a folder of the worker's own as a cache.
 */
export interface Archive {
  /** Absolute path of this worker's copy of the run's file; its folder exists. */
  pathFor(ref: RunRef): Promise<string>;
  /**
   * Keeps the file at `pathFor(ref)` for all workers, whole or not at all; known bytes once.
   * @returns false if they are not known and that file is gone or another one
   */
  keep(ref: RunRef, file: FileIdentity, signal: AbortSignal): Promise<boolean>;
  /**
   * This worker's copy of the run's file, brought from where all are kept if it has none, or a
   * damaged one. What is read must still be hashed. @returns its path, or null if none is to be had
   */
  copyOf(
    ref: RunRef,
    file: FileIdentity,
    options: { isDamaged: boolean; signal: AbortSignal },
  ): Promise<string | null>;
  /**
   * The bytes of this worker's copy of the run's file, as they are, or null if it has none. Each
   * block is good until the next one is asked for.
   */
  contentHere(ref: RunRef): Promise<AsyncGenerator<Uint8Array> | null>;
  /**
   * What was kept of a run's reading, by its SHA-256, or null. A cache: where it is missing, a file
   * is compared with the roster instead of with the file before.
   */
  snapshotOf(ref: RunRef, sha256: string): Promise<Uint8Array | null>;
  /**
   * Keeps it here, and for all workers as soon as that holds nobody up; those of runs before
   * `oldest` go. A piece is good until the next one is asked for. @returns its SHA-256
   */
  keepSnapshot(ref: RunRef, pieces: Iterable<Uint8Array>, oldest: number): Promise<string>;
  /** Deletes this worker's copies that it needs no more; of all districts, or of one. */
  tidy(district?: string): Promise<void>;
}

/** Temporal's schedules, as far as an activity needs them. */
export interface Schedules {
  /** Creates the nightly schedule or brings it up to date; pausing is left as it is. */
  ensureNightly(at: {
    district: string;
    timeZone: string;
    hour: number;
    minute: number;
  }): Promise<{ scheduleId: string; nextSync: string | null }>;
}

/** Resolves `env:NAME` and `file:/path` to a password or a private key in PEM form. */
export interface Secrets {
  /** Throws SourceProblem('SFTP_SECRET') if there is nothing under that reference. */
  resolve(reference: string): Promise<string>;
}

export interface Clock {
  now(): number;
}

/** One file to be read into its run's staging. Plain data, as it goes to another thread. */
export interface ReadJob {
  readonly ref: RunRef;
  readonly fetched: LastFetch;
  /** All that the file says, not the difference to the last accepted one. */
  readonly whole: boolean;
}
/** Threads that read large files, so that the rest of the worker goes on meanwhile. */
export interface Readers {
  /** Whether a file of so many bytes is theirs. */
  takes(bytes: number): boolean;
  /**
   * Answers and fails as reading on the spot does; once `signal` aborts, when nothing is written
   * any more. @throws ApplicationFailure READERS_BUSY (benign: others are at it, try again later),
   *   READER_MEMORY (the file needs more than a thread may have), READER_DIED
   */
  read(
    job: ReadJob,
    tools: {
      readonly attempt: number;
      readonly progress: (counts: Readonly<Record<string, number>>) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<ReadOutcome>;
}
