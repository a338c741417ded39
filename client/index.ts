/** The verbs of Rollcall, for the commands, the portal and anyone's own programs alike. */
import { districtVerbs } from './verbs/districts.js';
import { credentialVerbs } from './verbs/credentials.js';
import { onboardVerbs } from './verbs/onboard.js';
import { statusVerbs } from './verbs/status.js';
import { signalVerbs } from './verbs/signals.js';
import { decisionVerbs } from './verbs/decisions.js';
import { syncVerbs } from './verbs/sync.js';
import { scheduleVerbs } from './verbs/schedule.js';
import { historyVerbs } from './verbs/history.js';
import { linkVerbs } from './verbs/links.js';
import { housekeepingVerbs } from './verbs/housekeeping.js';
import { planLineVerbs } from './verbs/plan-lines.js';
import { answerVerbs } from './verbs/answers.js';
import { filterVerbs } from './verbs/filters.js';
import { undoVerbs } from './verbs/undo.js';
import { contextOf } from './context.js';
import type { Rollcall, RollcallDeps } from './types.js';

export { RollcallError } from './errors.js';
export type * from './types.js';
export type * from './records.js';

/**
 * Every verb rejects with a `RollcallError` whose message says in one line what to do.
 * Nothing is opened or closed here: connections belong to the caller.
 */
export function createRollcall(deps: RollcallDeps): Rollcall {
  const context = contextOf(deps);
  return {
    ...districtVerbs(context),
    ...credentialVerbs(context),
    ...linkVerbs(context),
    ...onboardVerbs(context),
    ...statusVerbs(context),
    ...signalVerbs(context),
    ...decisionVerbs(context),
    ...syncVerbs(context),
    ...scheduleVerbs(context),
    ...historyVerbs(context),
    ...undoVerbs(context),
    ...housekeepingVerbs(context),
    ...answerVerbs(context),
    ...planLineVerbs(context),
    ...filterVerbs(context),
  };
}
