/**
 * What an onboarding knows: plain JSON, so that it is carried over when the workflow continues
 * as new.
 */
import { workflowInfo } from '@temporalio/workflow';
import type { RunSummary } from '../contract.js';
import type { Decision, Ignored, Offer } from '../shared/decision.js';
import type { ApprovedPlan } from '../shared/part.js';
import { openPost, type Post } from '../shared/post.js';
import type { Stage } from '../stages.js';

/** One stay in a stage. */
export interface Stay {
  readonly stage: Stage;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** How often this stage was entered, this time included. */
  readonly time: number;
  /** Reminders that were sent in this stay. */
  reminded: number;
  escalated: boolean;
  /** Problems of the district's folder that were told of, since it could last be looked at. */
  problems: readonly string[];
}

export type LoginAnswer =
  | { readonly kind: 'completed'; readonly by: string }
  | { readonly kind: 'failed'; readonly by: string; readonly reason?: string };

export interface OnboardingState {
  readonly district: string;
  stay: Stay;
  /** The stay that a new upload interrupted; null if there is none to go back to. */
  before: Stay | null;
  /** How often each stage was entered. */
  times: Partial<Record<Stage, number>>;
  /** Uploads that were taken up: each is an occasion for one run. */
  occasions: number;
  /** Syncs that were started for uploads while the logins are tested. */
  syncs: number;
  /** `fileUploaded` signals so far, and how many of them were acted upon. */
  uploadsTold: number;
  uploadsSeen: number;
  uploadTeller: string;
  /** Problems of the folder that were told of, in all stays. */
  sourceReports: number;
  /** Looks in a row that the folder's server did not allow. */
  trouble: number;
  /** The run that is open: it has no final outcome yet. */
  openRun: number | null;
  /**
   * The run whose file was judged last: its plan was offered, or the file refused. Those bytes
   * again are no news. Null while nothing is known of the file that is there.
   */
  judgedRun: number | null;
  lastRun: RunSummary | null;
  offer: Offer | null;
  decision: Decision | null;
  superseded: boolean;
  approved: (Offer & ApprovedPlan & { readonly by: string }) | null;
  loginAnswers: readonly LoginAnswer[];
  lastLoginReason: string | null;
  /** Login problems that support was told of. */
  loginReports: number;
  schedule: { readonly scheduleId: string; readonly nextSync: string | null } | null;
  ignored: Ignored;
  unsentMails: readonly string[];
}

export interface Onboarding {
  readonly state: OnboardingState;
  readonly post: Post;
  /** Names this execution in business keys, so that a district can be onboarded anew. */
  readonly tag: string;
  /** A sync of an upload is at work: no need to watch the folder meanwhile. Not carried over. */
  syncing: boolean;
}

export function newState(district: string): OnboardingState {
  return {
    district,
    stay: newStay('inviting', 1),
    before: null,
    times: { inviting: 1 },
    occasions: 0,
    syncs: 0,
    uploadsTold: 0,
    uploadsSeen: 0,
    uploadTeller: 'unknown',
    sourceReports: 0,
    trouble: 0,
    openRun: null,
    judgedRun: null,
    lastRun: null,
    offer: null,
    decision: null,
    superseded: false,
    approved: null,
    loginAnswers: [],
    lastLoginReason: null,
    loginReports: 0,
    schedule: null,
    ignored: [],
    unsentMails: [],
  };
}

export function newStay(stage: Stage, time: number): Stay {
  const since = new Date().toISOString();
  return { stage, since, time, reminded: 0, escalated: false, problems: [] };
}

/** @param carried what an earlier run of the same onboarding left when it continued as new */
export function begin(district: string, carried?: OnboardingState): Onboarding {
  const state = carried ?? newState(district);
  return {
    state,
    post: openPost(district, state.unsentMails),
    tag: workflowInfo().runId.slice(0, 8),
    syncing: false,
  };
}

/** Why the logins fail, as long as they do. */
export const loginReason = ({ state }: Onboarding): string | null =>
  state.stay.stage === 'login-problem' ? state.lastLoginReason : null;

/** An upload was told, and nobody has looked at it yet. */
export const hasUploadToSee = ({ state }: Onboarding): boolean =>
  state.uploadsTold > state.uploadsSeen;

/** `template/time of the stage/number`, unique within this execution and stable over retries. */
export const mailKey = (onboarding: Onboarding, template: string, number = 1): string =>
  `${template}/${onboarding.state.stay.time}/${number}/${onboarding.tag}`;
