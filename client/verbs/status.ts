import type { Context } from '../context.js';
import { describeNightly, nextSyncOf } from '../nightly.js';
import { RollcallError } from '../errors.js';
import { describeWorkflow, readOnboarding } from '../onboarding.js';
import { offerOf } from '../waiting.js';
import { together } from '../together.js';
import type { Rollcall, Status, WorkerSeen } from '../types.js';
import { workerSeen } from '../worker-seen.js';
import { getRun, waitingPlan } from '../../store/read/runs.js';

import { listDistricts } from '../../store/config/districts.js';
import { readNote } from '../../store/config/notes.js';
import type { District } from '../../store/types.js';

/** Enough to be quick for a thousand districts, few enough to be polite to one server. */
const AT_ONCE = 16;

export function statusVerbs(context: Context): Pick<Rollcall, 'status' | 'statusAll'> {
  return {
    async status(id) {
      const district = await context.district(id);
      const [worker, status] = await together([workerSeen(context), statusOf(context, district)]);
      return { ...status, worker };
    },

    async statusAll() {
      const districts = await context.store(listDistricts);
      if (districts.length === 0) return [];
      const worker = await workerSeen(context);
      const found: Status[] = [];
      for (let at = 0; at < districts.length; at += AT_ONCE) {
        const some = districts.slice(at, at + AT_ONCE);
        found.push(...(await together(some.map((one) => withWorker(context, one, worker)))));
      }
      return found;
    },
  };
}

const withWorker = async (
  context: Context,
  district: District,
  worker: WorkerSeen,
): Promise<Status> => ({ ...(await statusOf(context, district)), worker });

async function statusOf(context: Context, district: District): Promise<Omit<Status, 'worker'>> {
  const { id, name } = district;
  const [onboarding, schedule, lastRun, waiting] = await together([
    readOnboarding(context, district),
    describeNightly(context, id),
    newestRun(context, id),
    waitingPlanOf(context, id),
  ]);
  return {
    district: id,
    name,
    stage: onboarding.stage,
    waitingOn: onboarding.waitingOn,
    since: onboarding.since,
    workflowId: onboarding.workflowId,
    workflow: onboarding.workflow,
    waitingPlan: waiting,
    loginReason:
      onboarding.stage === 'login-problem'
        ? await loginReasonOf(context, id, onboarding.workflowId)
        : null,
    lastRun,
    nextSync: nextSyncOf(schedule),
    paused: schedule?.state.paused ?? false,
  };
}

/** Unlike an approval, a status can be asked again: no waiting for what is about to be on offer. */
async function waitingPlanOf(context: Context, id: string): Promise<Status['waitingPlan']> {
  const plan = await context.store((db) => waitingPlan(db, id));
  if (!plan) return null;
  const offer = offerOf(await describeWorkflow(context, plan.workflowId));
  return offer && { ...offer, workflowId: plan.workflowId };
}

/** The workflow knows only the note's reference; null if nothing was written, or the note is gone. */
async function loginReasonOf(
  context: Context,
  id: string,
  workflowId: string,
): Promise<string | null> {
  const note = (await describeWorkflow(context, workflowId))?.memo?.['note'];
  return typeof note === 'string' ? context.store((db) => readNote(db, id, note)) : null;
}

async function newestRun(context: Context, id: string): Promise<Status['lastRun']> {
  try {
    return await context.store((db) => getRun(db, id));
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'RUN_UNKNOWN') return null;
    throw error;
  }
}
