/** The stages of an onboarding, in their order (docs/architecture.md, "The process"). */
export const STAGES = [
  'inviting',
  'awaiting-upload',
  'validating',
  'awaiting-correction',
  'awaiting-approval',
  'loading',
  'awaiting-login-test',
  'login-problem',
  'live',
] as const;
export type Stage = (typeof STAGES)[number];

export const WAITING_ON = ['district', 'support', 'system', 'nobody'] as const;
/** Who has to act next. */
export type WaitingOn = (typeof WAITING_ON)[number];

/** Whom each stage of an onboarding waits for. */
export const STAGE_WAITS_ON: Readonly<Record<Stage, WaitingOn>> = Object.freeze({
  inviting: 'system',
  'awaiting-upload': 'district',
  validating: 'system',
  'awaiting-correction': 'district',
  'awaiting-approval': 'support',
  loading: 'system',
  'awaiting-login-test': 'district',
  'login-problem': 'support',
  live: 'nobody',
});

/** The stages of one sync run; `held` waits for support, all else for the system. */
export const SYNC_STAGES = ['fetching', 'reading', 'planning', 'held', 'applying', 'done'] as const;
export type SyncStage = (typeof SYNC_STAGES)[number];

export const SYNC_STAGE_WAITS_ON: Readonly<Record<SyncStage, WaitingOn>> = Object.freeze({
  fetching: 'system',
  reading: 'system',
  planning: 'system',
  held: 'support',
  applying: 'system',
  done: 'nobody',
});
