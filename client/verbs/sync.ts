import type { Context } from '../context.js';
import { refused } from '../errors.js';
import { followSync } from '../follow.js';
import { describeNightly } from '../nightly.js';
import { endedEarly, notStarted, readOnboarding } from '../onboarding.js';
import { stageAttributes } from '../search-attributes.js';
import { triggerNightly } from '../trigger.js';
import type { Rollcall } from '../types.js';
import type { SyncInput } from '../../workflows/contract.js';
import { syncId, TASK_QUEUE } from '../../workflows/ids.js';
import { askedFor } from '../../workflows/priority.js';

export function syncVerbs(context: Context): Pick<Rollcall, 'sync'> {
  return {
    async sync(id, options = {}) {
      const workflowId = await startSync(context, id);
      const followed = options.wait ? await followSync(context, id, workflowId, options) : null;
      return {
        district: id,
        workflowId,
        result: followed?.result ?? null,
        record: followed?.record ?? null,
      };
    },
  };
}

/** By the schedule where there is one, so that the run is one of its own; else directly. */
async function startSync(context: Context, id: string): Promise<string> {
  const district = await context.district(id);
  const schedule = await describeNightly(context, id);
  if (schedule) return triggerNightly(context, schedule);

  const onboarding = await readOnboarding(context, district);
  if (onboarding.stage === 'not-started') throw notStarted(id);
  if (!['awaiting-login-test', 'login-problem', 'live'].includes(onboarding.stage)) {
    if (onboarding.workflow !== 'running') throw endedEarly(id, onboarding);
    throw refused(
      'STAGE_NOT_YET',
      `${id} is at ${onboarding.stage}: until its first roster is loaded the onboarding itself takes each upload; \`npx rollcall uploaded ${id}\` tells it of one.`,
    );
  }
  return startManual(context, id);
}

async function startManual(context: Context, district: string): Promise<string> {
  const now = new Date().toISOString();
  const workflowId = syncId(district, `manual-${now}`);
  const typedSearchAttributes = await stageAttributes(district, undefined, 'system');
  await context.temporal((client) =>
    client.workflow.start('rosterSync', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ district, kind: 'manual' } satisfies SyncInput],
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes,
      memo: { since: now },
      priority: askedFor(district),
      staticSummary: `Sync of ${district}, asked for by hand`,
    }),
  );
  return workflowId;
}
