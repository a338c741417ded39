/** All activities, by the names of the process' contract, around what they need of the outside. */
import type { Activities } from '../workflows/contract.js';
import { applyPlan } from './apply-plan.js';
import { chooseSampleLogins } from './choose-sample-logins.js';
import { closePlan } from './close-plan.js';
import type { Deps } from './deps.js';
import { dropOldFiles } from './drop-old-files.js';
import { fetchRoster } from './fetch-roster.js';
import { forgetOldFiles } from './forget-old-files.js';
import { guarded } from './guard.js';
import { lookForUpload } from './look-for-upload.js';
import { makePlan } from './make-plan.js';
import { makeSchedule } from './make-schedule.js';
import { makeSftpAccess } from './make-sftp-access.js';
import { nextDistricts } from './next-districts.js';
import { openRun } from './open-run.js';
import { planUndo } from './plan-undo.js';
import { purgeInactive } from './purge-inactive.js';
import { previewFilter } from './preview-filter.js';
import { readPolicy } from './read-policy.js';
import { readRoster } from './read-roster.js';
import { sendMail } from './send-mail.js';
import { watchForUpload } from './watch-for-upload.js';
import { writeReport } from './write-report.js';

export type { Deps, Log } from './deps.js';

/** Whatever they throw is a classified ApplicationFailure or a CancelledFailure. */
export function createActivities(deps: Deps): Activities {
  return {
    readPolicy: guarded(readPolicy(deps)),
    makeSftpAccess: guarded(makeSftpAccess(deps)),
    sendMail: guarded(sendMail(deps)),
    lookForUpload: guarded(lookForUpload(deps)),
    watchForUpload: guarded(watchForUpload(deps)),
    openRun: guarded(openRun(deps)),
    fetchRoster: guarded(fetchRoster(deps)),
    readRoster: guarded(readRoster(deps)),
    makePlan: guarded(makePlan(deps)),
    planUndo: guarded(planUndo(deps)),
    previewFilter: guarded(previewFilter(deps)),
    applyPlan: guarded(applyPlan(deps)),
    closePlan: guarded(closePlan(deps)),
    writeReport: guarded(writeReport(deps)),
    chooseSampleLogins: guarded(chooseSampleLogins(deps)),
    dropOldFiles: guarded(dropOldFiles(deps)),
    makeSchedule: guarded(makeSchedule(deps)),
    nextDistricts: guarded(nextDistricts(deps)),
    purgeInactive: guarded(purgeInactive(deps)),
    forgetOldFiles: guarded(forgetOldFiles(deps)),
  };
}
