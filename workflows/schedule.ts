/** The nightly schedule of a district as plain data, for whoever makes or mends it. */
import type { SyncInput } from './contract.js';
import { SEARCH_ATTRIBUTES } from './search-attributes.js';
import { nightlyScheduleId, nightlySyncId, TASK_QUEUE } from './ids.js';
import { fairShare } from './priority.js';

export interface NightlyAt {
  readonly district: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly hour: number;
  readonly minute: number;
}

/** Starts are spread over this long, so that a thousand districts do not fetch in one minute. */
export const NIGHTLY_JITTER = '5 minutes';
/** A night missed for longer than this is left to the next one. */
export const NIGHTLY_CATCHUP = '6 hours';

/** Shaped for `ScheduleClient.create`; runs may overlap, as the store's lock keeps them apart. */
export function nightlySchedule(at: NightlyAt) {
  return {
    scheduleId: nightlyScheduleId(at.district),
    spec: {
      calendars: [{ hour: at.hour, minute: at.minute, comment: `nightly sync of ${at.district}` }],
      timezone: at.timeZone,
      jitter: NIGHTLY_JITTER,
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'rosterSync',
      workflowId: nightlySyncId(at.district),
      taskQueue: TASK_QUEUE,
      args: [{ district: at.district } satisfies SyncInput] as [SyncInput],
      staticSummary: `${at.district}: nightly sync`,
      priority: fairShare(at.district),
      // A run that waits for a worker is found by its district already.
      typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.district, value: at.district }],
    },
    policies: { overlap: 'ALLOW_ALL' as const, catchupWindow: NIGHTLY_CATCHUP },
  };
}
