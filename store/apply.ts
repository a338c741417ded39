/** Applies a plan: exactly its changes, in one transaction, once. */
import { checkRoster } from './apply/guard.js';
import {
  attachOwnTables,
  fillOwnTable,
  isOwn,
  moveToOwnTables,
  shardOf,
  wantsOwnTables,
} from './apply/own-tables.js';
import { keepRest, restOf } from './apply/rest.js';
import { STEPS } from './apply/statements.js';
import { countAll, refreshStatistics } from './apply/statistics.js';
import { getDistrict } from './config/districts.js';
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { unknownPlan } from './plan-state.js';
import {
  lockPlan,
  lockRoster,
  lockRun,
  tuneForSets,
  type PlanRow,
  type RosterState,
} from './plan/state.js';
import { districtKey, run as execute } from './sql.js';
import { dropStaging } from './staging-table.js';
import type { Applied } from '../workflows/contract.js';
import type { ChangeTotals, RunRef } from './types.js';

/**
 * Roster, roster version, accepted file, plan and run move together or not at all, and with them
 * what the plan left out becomes the plan of another run. Asked again after it was applied, the
 * same answer comes back.
 * @param approval the plan that is meant, and who decided (an id or a door, never a name)
 * @returns `stale`: the roster moved or who is who was answered since the plan was made; `superseded`: a newer file's plan
 *   took its place
 * @throws StoreError PLAN_UNKNOWN, PLAN_OTHER, PLAN_CLOSED, PLAN_BROKEN, ROSTER_INCONSISTENT,
 *   RUN_UNKNOWN, DISTRICT_UNKNOWN; after each of them the roster is as it was
 */
export async function applyPlan(
  db: Db,
  ref: RunRef,
  approval: { planHash: string; by: string },
): Promise<Applied> {
  const key = await districtKey(db, ref.district);
  const district = await getDistrict(db, ref.district);
  const applied = await db.transaction(async (trx): Promise<Applied> => {
    const roster = await lockRoster(trx, key);
    const { undoes } = await lockRun(trx, key, ref.run);
    const plan = await lockPlan(trx, key, ref.run);
    if (!plan) throw unknownPlan(ref);
    const answer = answerAtOnce(
      plan,
      ref,
      approval.planHash,
      undoes === null ? roster : { ...roster, answers: plan.answers },
    );
    if (answer) return withRest(answer, await restOf(trx, key, ref.run));

    const of = countAll(plan.changes) > FEW ? 'whole' : 'difference';
    await tuneForSets(trx, of);
    const moves = await carryOut(trx, key, ref.run, plan.changes);
    await checkRoster(trx, key, ref.run, of);
    await markApplied(trx, key, ref.run, approval.by, countAll(plan.changes) > 0);
    const rest = plan.scope === null ? null : await keepRest(trx, district, key, ref.run);
    if (undoes !== null) await acceptNothing(trx, key);
    else if (rest === null) await acceptFile(trx, key, ref.run);
    else await acceptPart(trx, key, ref.run);
    await dropStaging(trx, key, ref.run);
    if (moves) await moveToOwnTables(trx, key);
    return withRest({ outcome: 'applied', changes: plan.changes }, rest);
  });
  if (applied.outcome === 'applied') await refreshStatistics(db, applied.changes, key);
  return applied;
}

const withRest = (answer: Applied, rest: number | null): Applied =>
  answer.outcome === 'applied' && rest !== null ? { ...answer, rest } : answer;

function answerAtOnce(
  plan: PlanRow,
  ref: RunRef,
  planHash: string,
  now: Pick<RosterState, 'version' | 'answers'>,
): Applied | null {
  if (plan.state === 'superseded') return { outcome: 'superseded' };
  if (plan.hash !== planHash) {
    throw new StoreError('PLAN_OTHER', `run ${ref.run} has another plan than the one approved`);
  }
  if (plan.state === 'applied') return { outcome: 'applied', changes: plan.changes };
  if (plan.state !== 'waiting') {
    throw new StoreError('PLAN_CLOSED', `the plan of run ${ref.run} is ${plan.state}`);
  }
  const stands = Number(plan.roster_version) === now.version && plan.answers === now.answers;
  return stands ? null : { outcome: 'stale' };
}

/**
 * Every statement must touch as many rows as the plan says, or the plan is not what ran.
 * @returns whether the district has tables of its own from now on
 */
async function carryOut(
  trx: Db,
  key: number,
  run: number,
  changes: ChangeTotals,
): Promise<boolean> {
  const shard = await shardOf(trx, key);
  const own = shard === 0 && (await wantsOwnTables(trx, key, changes));
  for (const { kind, actions, sql } of STEPS) {
    const planned = actions.reduce((sum, action) => sum + changes[kind][action], 0);
    if (planned === 0) continue;
    const touched =
      own && isOwn(kind)
        ? await fillOwnTable(trx, kind, key, run)
        : await execute(trx, sql, [key, run, shard]);
    if (touched === planned) continue;
    throw new StoreError(
      'PLAN_BROKEN',
      `${kind}: ${planned} rows were planned to be ${actions.join(' or ')}, ${touched} would be; ` +
        'nothing was changed',
    );
  }
  if (own) await attachOwnTables(trx, key);
  return own;
}

async function markApplied(
  trx: Db,
  key: number,
  run: number,
  by: string,
  moved: boolean,
): Promise<void> {
  await execute(
    trx,
    `update rollcall.runs r set applied_at = now(),
            stood_for = case when r.undoes is not null then s.accepted_sha256 end
     from rollcall.roster_state s
     where s.district_key = r.district_key and r.district_key = ? and r.run = ?`,
    [key, run],
  );
  await execute(
    trx,
    `update rollcall.roster_state set roster_version = roster_version + ?::int, applied_at = now()
     where district_key = ?`,
    [moved ? 1 : 0, key],
  );
  await execute(
    trx,
    `update rollcall.plans set state = 'applied', closed_by = ?, closed_at = now()
     where district_key = ? and run = ?`,
    [by, key, run],
  );
}

/** The roster stands as that run's file says. */
async function acceptFile(trx: Db, key: number, run: number): Promise<void> {
  await execute(
    trx,
    `update rollcall.roster_state s set accepted_version = s.roster_version,
            accepted_sha256 = r.sha256, accepted_run = r.run
     from rollcall.runs r
     where s.district_key = ? and r.district_key = s.district_key and r.run = ?`,
    [key, run],
  );
  await execute(trx, 'delete from rollcall.plan_kept where district_key = ? and run < ?', [
    key,
    run,
  ]);
}

/** After an undo the roster stands as no file says. */
async function acceptNothing(trx: Db, key: number): Promise<void> {
  await execute(
    trx,
    'update rollcall.roster_state set accepted_sha256 = null where district_key = ?',
    [key],
  );
}

/**
 * After a part it does not, either. The last whole one is still the last, for the rules that
 * compare with it; a first one that was loaded in part is better than none.
 */
async function acceptPart(trx: Db, key: number, run: number): Promise<void> {
  await execute(
    trx,
    `update rollcall.roster_state set accepted_version = null, accepted_sha256 = null,
            accepted_run = coalesce(accepted_run, ?::int)
     where district_key = ?`,
    [run, key],
  );
}

/** Changes up to which rows are looked up one by one, and not found by reading all. */
const FEW = 20_000;
