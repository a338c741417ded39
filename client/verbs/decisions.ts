import { decidedAlready } from '../decided-already.js';
import type { Context } from '../context.js';
import { refused, usage, type RollcallError } from '../errors.js';
import { endedEarly, notStarted, readOnboarding, type Onboarding } from '../onboarding.js';
import { keepReason, readBy, sendSignal } from '../signal.js';
import type { PlanRecord } from '../records.js';
import type { Decided, Rollcall } from '../types.js';
import { waitingNow, type Waiting } from '../waiting.js';
import { readPart } from '../wanted-part.js';
import { getPlan } from '../../store/read/plan.js';
import { type PlanScope, SIGNALS } from '../../workflows/contract.js';

export function decisionVerbs(context: Context): Pick<Rollcall, 'approve' | 'reject'> {
  const decide = async (
    id: string,
    signal: 'planApproved' | 'planRejected',
    told: { readonly by: string; readonly reason?: string },
    meant: Waiting,
    scope: PlanScope | null = null,
  ): Promise<Decided> => {
    const { run, planHash, workflowId } = meant;
    // The hash goes along always: what is decided on is what was looked at.
    const sent = await sendSignal(context, { district: id, workflowId }, signal, {
      ...told,
      planHash,
      ...scope,
    });
    return { ...sent, run, planHash, scope };
  };
  return {
    async approve(id, options = {}) {
      const by = readBy(options.by);
      const meant = await whatWaits(context, id, options.planHash);
      const plan = await context.store((db) => getPlan(db, id, meant.run));
      if (plan.answersSince > 0) throw outOfDate(id, plan);
      const scope = readPart(id, plan, options);
      return decide(id, SIGNALS.planApproved, { by }, meant, scope);
    },
    async reject(id, options) {
      const by = readBy(options.by);
      const meant = await whatWaits(context, id, options.planHash);
      const reason = await keepReason(context, id, options.reason);
      return decide(id, SIGNALS.planRejected, { by, reason }, meant);
    },
  };
}

/** The plan that waits for support; the one that is meant, if `planHash` (or its start) is given. */
async function whatWaits(context: Context, id: string, planHash?: string): Promise<Waiting> {
  if (planHash !== undefined && !/^[0-9a-f]{8,64}$/.test(planHash)) {
    throw usage(
      'BAD_PLAN_HASH',
      `--plan: give the plan’s hash, or at least its first 8 signs; \`npx rollcall plan ${id}\` shows it.`,
    );
  }
  const district = await context.district(id);
  const waiting = await waitingNow(context, id);
  if (planHash !== undefined && !waiting?.planHash.startsWith(planHash)) {
    const decided = await decidedAlready(context, id, planHash, waiting);
    if (decided) throw decided;
  }
  if (!waiting) throw nothingWaits(id, await readOnboarding(context, district));
  if (planHash !== undefined && !waiting.planHash.startsWith(planHash)) {
    throw refused(
      'PLAN_OTHER',
      `That is not the plan that waits: run ${waiting.run} waits with plan ${waiting.planHash.slice(0, 12)}. Look at it with \`npx rollcall plan ${id} ${waiting.run}\`, then decide on that one.`,
    );
  }
  return waiting;
}

/** The process would make it again, too, but could not say why. */
const outOfDate = (id: string, { run, answersSince }: PlanRecord): RollcallError =>
  refused(
    'PLAN_OUT_OF_DATE',
    `The plan of run ${run} was made before ${answersSince === 1 ? 'an answer' : `${answersSince} answers`} about who is who, so it is not applied any more. Have it made again with \`npx rollcall sync ${id}\`, then look at the new one.`,
  );

function nothingWaits(id: string, onboarding: Onboarding): RollcallError {
  const { stage, since, workflow } = onboarding;
  if (stage === 'not-started') return notStarted(id);
  if (stage === 'live') {
    return refused('STAGE_PAST', `${id} is live since ${since}; nothing waits for an approval.`);
  }
  if (workflow !== 'running') return endedEarly(id, onboarding);
  return refused(
    'NOTHING_WAITS',
    `${id} is at ${stage} since ${since}; nothing waits for an approval. See \`npx rollcall status ${id}\`.`,
  );
}
