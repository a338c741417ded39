/** The schedule of housekeeping as plain data: one for all districts. */
import { HOUSEKEEPING_ID, TASK_QUEUE } from './ids.js';

/**
 * After noon in the Americas and at night in Europe, far from the hours of nightly syncs. What was
 * missed for half a day is left to the next one; a day more is nothing to what is a year old.
 */
export const housekeepingSchedule = {
  scheduleId: HOUSEKEEPING_ID,
  spec: {
    calendars: [{ hour: 21, minute: 0, comment: 'housekeeping of all districts' }],
    timezone: 'UTC',
    jitter: '30 minutes',
  },
  action: {
    type: 'startWorkflow' as const,
    workflowType: 'housekeeping',
    workflowId: HOUSEKEEPING_ID,
    taskQueue: TASK_QUEUE,
    args: [{}] as [object],
    staticSummary: 'Housekeeping of all districts',
  },
  policies: { overlap: 'SKIP' as const, catchupWindow: '12 hours' },
};
