/** Every id that Rollcall gives to a workflow or a schedule. No id holds a person's name. */
export const TASK_QUEUE = 'rollcall';

export const onboardingId = (district: string): string => `onboarding/${district}`;
export const offboardingId = (district: string): string => `offboarding/${district}`;
/** The schedule's action id; the server appends `-<time>` to it. */
export const nightlySyncId = (district: string): string => `sync/${district}/nightly`;
/** A sync started outside the schedule, for example by an upload while logins are being tested. */
export const syncId = (district: string, occasion: string): string =>
  `sync/${district}/${occasion}`;
/** The undo of a run: one at a time. */
export const undoId = (district: string, run: number): string => `undo/${district}/${run}`;
/** The schedule, and its action id; by hand it is started under the same one, or for one district. */
export const HOUSEKEEPING_ID = 'housekeeping';
export const housekeepingId = (district?: string): string =>
  district === undefined ? HOUSEKEEPING_ID : `${HOUSEKEEPING_ID}/${district}`;
/** One look at one filter. */
export const filterPreviewId = (district: string, preview: string): string =>
  `filter/${district}/${preview}`;
export const nightlyScheduleId = (district: string): string => `nightly/${district}`;
