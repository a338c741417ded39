import type { Context } from '../context.js';
import { readOnboarding } from '../onboarding.js';
import { stageAttributes } from '../search-attributes.js';
import type { Onboarded, Rollcall } from '../types.js';
import type { OnboardingInput } from '../../workflows/contract.js';
import { onboardingId, TASK_QUEUE } from '../../workflows/ids.js';
import { askedFor } from '../../workflows/priority.js';

export function onboardVerbs(context: Context): Pick<Rollcall, 'onboard'> {
  return {
    async onboard(id) {
      const district = await context.district(id);
      const workflowId = onboardingId(id);
      const as = (state: Onboarded['state']): Onboarded => ({
        district: id,
        workflowId,
        started: state === 'started',
        state,
      });
      if (district.liveAt) return as('live');
      const { workflow } = await readOnboarding(context, district);
      if (workflow === 'running') return as('running');
      if (workflow === 'completed') return as('live');

      await start(context, id);
      return as('started');
    },
  };
}

/** Two at once end in one workflow: the second uses what the first has started. */
async function start(context: Context, district: string): Promise<void> {
  const typedSearchAttributes = await stageAttributes(district, 'inviting', 'system');
  await context.temporal((client) =>
    client.workflow.start('districtOnboarding', {
      workflowId: onboardingId(district),
      taskQueue: TASK_QUEUE,
      args: [{ district } satisfies OnboardingInput],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes,
      memo: { since: new Date().toISOString() },
      priority: askedFor(district),
      staticSummary: `Onboarding of ${district}`,
      staticDetails: `From the invitation to the nightly sync. Where it stands: \`npx rollcall status ${district}\`.`,
    }),
  );
}
