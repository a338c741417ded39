/** What the workflows answer, on the way and at their end. */
import type { Stage, SyncStage, WaitingOn } from '../stages.js';
import type { Outcome, RunSummary } from './runs.js';

export interface Progress {
  readonly district: string;
  readonly stage: Stage;
  readonly waitingOn: WaitingOn;
  /** ISO 8601, UTC: when this stage began. */
  readonly since: string;
  readonly lastRun: RunSummary | null;
  /** The plan that an approval would approve now. */
  readonly planHash: string | null;
  /** Why the logins fail, as the district said: a text, or `note/<id>`; null while they do not. */
  readonly loginReason: string | null;
  /** Signals that came when there was nothing for them to do, newest last, at most 20. */
  readonly ignored: readonly {
    readonly signal: string;
    readonly by: string;
    readonly why: string;
  }[];
  /** Keys of mails that were refused, or failed in all their tries, newest last, at most 20. */
  readonly unsentMails: readonly string[];
}

/** What the query `progress` of a `rosterSync` answers. */
export interface SyncProgress extends Omit<Progress, 'stage' | 'loginReason'> {
  readonly stage: SyncStage;
  /** Null until the store gave it a number. */
  readonly run: number | null;
  /** What was applied of the file already, while the rest of it is held. */
  readonly applied: readonly RunSummary[];
}

/** What `districtOnboarding` answers. */
export interface OnboardingResult {
  readonly district: string;
  /** The run whose plan was loaded first. */
  readonly run: number | null;
  readonly scheduleId: string;
  /** ISO 8601, UTC. */
  readonly nextSync: string | null;
}

/** What `rosterSync` answers. */
export interface SyncResult extends RunSummary {
  readonly outcome: Outcome;
  /** Another run that already holds these very bytes. */
  readonly heldBy?: number;
  /** The run that was refused or rejected for these very bytes, and told of them. */
  readonly sameAs?: number;
  /** Runs that applied parts of the same file before; this one had the rest. */
  readonly applied?: readonly number[];
  /** Why a hold ended without a decision. */
  readonly endedBy?: 'superseded' | 'expired';
}
