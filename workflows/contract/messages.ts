/** What may be told to the workflows, and what starts them. */
import type { PlanScope } from './runs.js';

/** Who told it: an id such as `cli`, `portal` or `sftp`, never a person's name. */
export interface Told {
  readonly by?: string;
}
export interface ToldWithReason extends Told {
  /** Free text, or `note/<id>` for a text that is kept in the store. */
  readonly reason?: string;
}
export interface Rejection extends ToldWithReason {
  /** The plan that is meant; a rejection of another plan is refused. */
  readonly planHash?: string;
}
/** With a scope only that part of the plan is approved; what it leaves out is held by itself. */
export interface Approval extends Told, PlanScope {
  /** The plan that is meant; an approval of another plan is refused. */
  readonly planHash?: string;
}

/** Signal names of the design; `messages.ts` defines the handlers' side. */
export const SIGNALS = Object.freeze({
  fileUploaded: 'fileUploaded',
  planApproved: 'planApproved',
  planRejected: 'planRejected',
  loginTestCompleted: 'loginTestCompleted',
  loginTestFailed: 'loginTestFailed',
  /** From a newer sync to one that still holds: its plan is out of date. */
  planSuperseded: 'planSuperseded',
  /** From a newer sync of the same bytes to one that holds: are you there? Changes nothing. */
  planAsked: 'planAsked',
} as const);

export const PROGRESS_QUERY = 'progress';

export interface OnboardingInput {
  readonly district: string;
}
/** One look at a filter before it counts. */
export interface PreviewInput {
  readonly district: string;
  /** Under this id the store has the filter, and gets the answer. */
  readonly preview: string;
}
/** One undo of one run. */
export interface UndoInput {
  readonly district: string;
  /** The run that is undone. */
  readonly run: number;
  /** The plan that was looked at before; another one is held for a decision. */
  readonly planHash?: string;
  /** Who asked for it, an id as in a signal. */
  readonly by?: string;
}
export interface SyncInput {
  readonly district: string;
  /** Set when it was not the schedule that started the run. */
  readonly kind?: 'manual';
  /** Nothing is fetched: this run waits with what was left out of the plan of another one. */
  readonly rest?: number;
}
