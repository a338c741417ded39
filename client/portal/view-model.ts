/** What the district's page shows, and nothing else: the views are pure functions of this. */
import type { Product, Vendor } from '../../config/vendor.js';
import type { Stage, WaitingOn } from '../../workflows/stages.js';
import type {
  CauseRecord,
  District,
  RepairRecord,
  RunRecord,
  SampleLogins,
} from '../../store/types.js';
import type { Access } from '../index.js';
import type { Flash } from './flash.js';

export interface StageView {
  readonly stage: Stage | 'not-started';
  readonly waitingOn: WaitingOn;
  /** ISO 8601; null before the start. */
  readonly since: string | null;
  readonly nextSync: string | null;
  readonly paused: boolean;
  /** The onboarding ended before the district was live: support has to begin it again. */
  readonly stopped: boolean;
  /** Nobody works on the queue just now: what was told waits, nothing is lost. */
  readonly resting: boolean;
}

export interface DistrictView {
  readonly vendor: Vendor;
  readonly district: District;
  /** Null: Temporal does not answer, so the stage is not known now. */
  readonly now: StageView | null;
  readonly lastRun: RunRecord | null;
  /**
   * The run whose counts and findings hold for the file that lies there: the last one, or, if
   * that met the same bytes again and did not read them, the one that did.
   */
  readonly lastRead: RunRecord | null;
  /** What is wrong in that file, the most important first. */
  readonly causes: readonly CauseRecord[];
  /** What we put right in it by ourselves. */
  readonly repairs: readonly RepairRecord[];
  /** Support's words on a file that it did not take. */
  readonly rejection: string | null;
  /** Null: Rollcall cannot say where to upload, because no server is set up. */
  readonly access: Access | null;
  readonly products: readonly Product[];
  /** Null while there is nothing to try. */
  readonly logins: SampleLogins | null;
  readonly flash: Flash | null;
  /** What was typed into the form that says that logins fail, and what is wrong with it. */
  readonly reason: { readonly text: string; readonly error: string } | null;
}
