/** Everything the activities need of the outside, handed in once by the composition root. */
import type { Settings } from '../config/settings.js';
import type { Vendor } from '../config/vendor.js';
import type { Db } from '../store/db.js';
import type { Archive, Clock, Mailer, Readers, RosterSource, Schedules, Secrets } from './ports.js';

/** What is written is ids, counts and codes: the redaction of worker/logging.ts is the last guard. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface Deps {
  readonly db: Db;
  readonly source: RosterSource;
  readonly mailer: Mailer;
  readonly archive: Archive;
  readonly schedules: Schedules;
  readonly secrets: Secrets;
  readonly vendor: Vendor;
  /** Where the portal is reached from outside, without a slash at the end. */
  readonly portalUrl: string;
  /** The server that districts without one of their own upload to; null if there is none. */
  readonly ourSftp: Settings['sftp'];
  readonly clock: Clock;
  readonly log: Log;
  /** Without them large files are read here, too. */
  readonly readers?: Readers;
}
