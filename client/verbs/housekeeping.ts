import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.js';
import { down, refused, type RollcallError } from '../errors.js';
import { describeWorkflow } from '../onboarding.js';
import type { Rollcall } from '../types.js';
import { workerSeen } from '../worker-seen.js';
import { listDistricts } from '../../store/config/districts.js';
import { countDue } from '../../store/read/purge.js';
import type { HousekeepingInput, HousekeepingResult } from '../../workflows/contract.js';
import { housekeepingId, TASK_QUEUE } from '../../workflows/ids.js';

const LOOK_EVERY_MS = 300;
/** Before that a worker may just be slow to take the first task. */
const PATIENCE_MS = 4_000;
/** Started, and its first task scheduled: nobody has taken it yet. */
const UNTOUCHED_EVENTS = 2;

type Verbs = Pick<Rollcall, 'previewHousekeeping' | 'housekeeping'>;

export function housekeepingVerbs(context: Context): Verbs {
  return {
    async previewHousekeeping(district) {
      const all =
        district === undefined
          ? await context.store(listDistricts)
          : [await context.district(district)];
      const due = [];
      for (const { id } of all) due.push(await context.store((db) => countDue(db, id)));
      return due;
    },

    async housekeeping(district) {
      if (district !== undefined) await context.district(district);
      const workflowId = housekeepingId(district);
      const input: HousekeepingInput = district === undefined ? {} : { district };
      // The day's own has another id; the store's locks keep the two apart.
      await context.temporal((client) =>
        client.workflow.start('housekeeping', {
          workflowId,
          taskQueue: TASK_QUEUE,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Housekeeping of ${district ?? 'all districts'}, asked for by hand`,
        }),
      );
      return { workflowId, ...(await follow(context, workflowId)) };
    },
  };
}

async function follow(context: Context, workflowId: string): Promise<HousekeepingResult> {
  for (const began = Date.now(); ; await pause(LOOK_EVERY_MS)) {
    const now = await describeWorkflow(context, workflowId);
    const state = now?.status.name ?? 'gone';
    if (state === 'COMPLETED') break;
    if (state !== 'RUNNING' && state !== 'CONTINUED_AS_NEW') throw broken(workflowId, state);
    if ((now?.historyLength ?? 0) > UNTOUCHED_EVENTS || Date.now() - began < PATIENCE_MS) continue;
    if (!(await workerSeen(context)).running) throw noWorker();
  }
  return context.temporal((client) => client.workflow.getHandle(workflowId).result());
}

const noWorker = (): RollcallError =>
  down(
    'NO_WORKER',
    'The housekeeping is in line, yet no worker is running: start one with `npx rollcall worker` (or `up`) and it goes on by itself.',
  );

const broken = (workflowId: string, state: string): RollcallError =>
  refused(
    'HOUSEKEEPING_FAILED',
    `The housekeeping ended as ${state.toLowerCase()}; look at ${workflowId} in the Temporal UI. What it has done stands, and doing it again is safe.`,
  );
