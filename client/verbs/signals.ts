import type { Context } from '../context.js';
import { refused, type RollcallError } from '../errors.js';
import { endedEarly, notStarted, readOnboarding, type Onboarding } from '../onboarding.js';
import { keepReason, readBy, sendSignal } from '../signal.js';
import type { Rollcall } from '../types.js';
import { STAGES, type Stage } from '../../workflows/stages.js';

type Verbs = Pick<Rollcall, 'uploaded' | 'loginsOk' | 'loginsFailed'>;

export function signalVerbs(context: Context): Verbs {
  return {
    async uploaded(id, options = {}) {
      const by = readBy(options.by);
      const onboarding = await running(context, id, liveTakesFiles);
      // An upload counts whenever it is told, so no stage is too early for it.
      return sendSignal(context, { district: id, ...onboarding }, 'fileUploaded', { by });
    },

    async loginsOk(id, options = {}) {
      const by = readBy(options.by);
      const onboarding = await running(context, id, liveLogins);
      if (isBefore(onboarding, 'awaiting-login-test')) throw tooEarly(id, onboarding);
      return sendSignal(context, { district: id, ...onboarding }, 'loginTestCompleted', { by });
    },

    async loginsFailed(id, options) {
      const by = readBy(options.by);
      const onboarding = await running(context, id, liveLogins);
      if (isBefore(onboarding, 'awaiting-login-test')) throw tooEarly(id, onboarding);
      if (onboarding.stage === 'login-problem') {
        throw refused(
          'ALREADY_TOLD',
          `Support knows already that the logins of ${id} fail (since ${onboarding.since}). Once they work, say \`npx rollcall logins-ok ${id}\`.`,
        );
      }
      const reason = await keepReason(context, id, options.reason);
      return sendSignal(context, { district: id, ...onboarding }, 'loginTestFailed', {
        by,
        reason,
      });
    },
  };
}

/** The onboarding, if a signal can still reach it. */
async function running(
  context: Context,
  id: string,
  whenLive: (district: string, since: string | null) => RollcallError,
): Promise<Onboarding> {
  const onboarding = await readOnboarding(context, await context.district(id));
  if (onboarding.stage === 'not-started') throw notStarted(id);
  if (onboarding.stage === 'live') throw whenLive(id, onboarding.since);
  if (onboarding.workflow !== 'running') throw endedEarly(id, onboarding);
  return onboarding;
}

const isBefore = ({ stage }: Onboarding, other: Stage): boolean =>
  stage === 'not-started' || STAGES.indexOf(stage) < STAGES.indexOf(other);

const liveTakesFiles = (id: string, since: string | null): RollcallError =>
  refused(
    'STAGE_PAST',
    `${id} is live since ${since}; the nightly sync takes the file, or \`npx rollcall sync ${id}\` takes it now.`,
  );

const liveLogins = (id: string, since: string | null): RollcallError =>
  refused('STAGE_PAST', `${id} is live since ${since}; nothing waits for a login test any more.`);

const tooEarly = (id: string, { stage, waitingOn }: Onboarding): RollcallError =>
  refused(
    'STAGE_NOT_YET',
    `${id} is at ${stage}, waiting on ${waitingOn}; there is no login test yet. See \`npx rollcall status ${id}\`.`,
  );
