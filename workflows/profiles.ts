/**
 * How each activity is timed and tried again: whole, frozen profiles, one per kind of work.
 *
 * Tries are counted rather than timed by `scheduleToClose`, as a night without a worker is not
 * the outside's fault. At the cap a sync ends as failed, and an onboarding tells support and
 * begins anew (onboarding/surely.ts).
 */
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from './contract.js';

/** One statement in Postgres or one call to Temporal: seconds. About an hour of tries. */
const QUICK = Object.freeze({
  startToCloseTimeout: '1 minute',
  retry: Object.freeze({
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 65,
  }),
} satisfies ActivityOptions);

/** One look at a server of somebody else, which may be slow to refuse. About an hour of tries. */
const LOOK = Object.freeze({
  startToCloseTimeout: '2 minutes',
  retry: Object.freeze({
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '5 minutes',
    maximumAttempts: 18,
  }),
} satisfies ActivityOptions);

/**
 * Temporal's pattern for infrequent polling: the activity fails until there is a file, and the
 * retries, evenly spaced, are the watch; they leave no trace in the history. The interval is the
 * district's `lookEvery`. Once a day the watch is begun anew: so a server that has not answered
 * for a day is noticed, and a changed setting counts, for six events a day.
 */
const WATCH = Object.freeze({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '1 day',
  retry: Object.freeze({ backoffCoefficient: 1, initialInterval: '1 minute' }),
} satisfies ActivityOptions);

/**
 * A file over SFTP: minutes, hours on a bad line. The heartbeat finds a dead worker in half a
 * minute. Waits for the end of a cancelled transfer, so that nothing writes behind our back.
 * About four hours of tries.
 */
const TRANSFER = Object.freeze({
  startToCloseTimeout: '4 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: Object.freeze({
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '10 minutes',
    maximumAttempts: 30,
  }),
} satisfies ActivityOptions);

/**
 * Reading, planning, applying: seconds to minutes, under the district's lock. Another run may
 * hold that (DISTRICT_BUSY), so it is tried each minute for some five hours. A cancelled
 * apply is waited for: only its end tells whether it came before or after.
 */
const BULK = Object.freeze({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: Object.freeze({
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 305,
  }),
} satisfies ActivityOptions);

/**
 * The same work for a person who waits for the answer: tried while another run may have the lock,
 * for some ten minutes.
 */
const LOOK_AT_FILE = Object.freeze({
  ...BULK,
  retry: Object.freeze({
    initialInterval: '1 second',
    backoffCoefficient: 1.5,
    maximumInterval: '15 seconds',
    maximumAttempts: 45,
  }),
} satisfies ActivityOptions);

/** A mail may be late, but nothing waits for it. About a day of tries, then it is given up. */
const MAIL = Object.freeze({
  startToCloseTimeout: '2 minutes',
  retry: Object.freeze({
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 hour',
    maximumAttempts: 32,
  }),
} satisfies ActivityOptions);

/**
 * A duty of housekeeping, in batches under the district's lock. A district in which a sync is at
 * work (DISTRICT_BUSY) is tried for a few minutes, then it is left to the next day.
 */
const DUTY = Object.freeze({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds',
  retry: Object.freeze({
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 6,
  }),
} satisfies ActivityOptions);

export const PROFILES: Readonly<Record<keyof Activities, ActivityOptions>> = Object.freeze({
  readPolicy: QUICK,
  openRun: QUICK,
  closePlan: QUICK,
  writeReport: QUICK,
  chooseSampleLogins: QUICK,
  makeSchedule: QUICK,
  dropOldFiles: QUICK,
  makeSftpAccess: LOOK,
  lookForUpload: LOOK,
  watchForUpload: WATCH,
  fetchRoster: TRANSFER,
  readRoster: BULK,
  makePlan: BULK,
  planUndo: BULK,
  previewFilter: LOOK_AT_FILE,
  applyPlan: BULK,
  sendMail: MAIL,
  nextDistricts: QUICK,
  purgeInactive: DUTY,
  forgetOldFiles: DUTY,
});
