/** Writes a plan's changes and works out its numbers: counts, seats, limits, hash. */
import type { Counted } from '../../roster/plan-types.js';
import { judge, readLimits, type Limits } from '../../roster/limits.js';
import type { Db } from '../db.js';
import { run } from '../sql.js';
import type { ChangeTotals, District, HeldLimit, Kind, SchoolChanges, SeatRoom } from '../types.js';
import { countNewBySchool, writeAllNew } from './all-new.js';
import { writeChanges, type PlanTarget } from './changes.js';
import { gatherFacts } from './facts.js';
import { unclearLinks, type Links } from './renames.js';
import { isWhole, scopeText } from './scope.js';
import { findRoom } from './seat-room.js';
import { suspicions } from './suspicions.js';
import { countBySchool, countChanges, hashPlan } from './totals.js';
import type { PlanScope } from '../../workflows/contract.js';

export interface PlanNumbers {
  readonly scope: PlanScope;
  readonly changes: ChangeTotals;
  readonly bySchool: readonly SchoolChanges[];
  readonly seats: { readonly licensed: number; readonly before: number; readonly after: number };
  readonly held: readonly HeldLimit[];
  readonly room: SeatRoom | null;
  readonly hash: string;
}
export interface Planning {
  readonly target: PlanTarget;
  readonly district: District;
  readonly sha256: string;
  /** The run that read the file. */
  readonly readRun: number;
  /** Active ones in the roster before the plan. */
  readonly before: Readonly<Record<Counted, number>>;
  /** Absent from the file, and kept all the same. */
  readonly kept: Readonly<Record<Kind, number>>;
  readonly links: Links;
  /** The roster has nothing of the district: what is staged, and from where on new keys count. */
  readonly allNew: { readonly table: string; readonly base: number } | null;
}

export const limitsOf = (district: District): Limits => readLimits(district.limits.own);

/** Of what the temporary tables say now; what was written of the run's plan before goes. */
export async function writeAndJudge(
  trx: Db,
  planning: Planning,
  scope: PlanScope,
): Promise<PlanNumbers> {
  const { target, district, sha256, readRun, before, kept, links, allNew } = planning;
  await forgetChanges(trx, target);
  const fresh = isWhole(scope) ? allNew : null;
  const changes = fresh
    ? await writeAllNew(trx, target, fresh)
    : await writeChanges(trx, target).then(() => countChanges(trx, target));
  const { added, reactivated, deactivated } = changes.students;
  const after = before.students + added + reactivated - deactivated;
  const seats = { licensed: district.seats, before: before.students, after };
  const bySchool = fresh
    ? await countNewBySchool(trx, fresh.table)
    : await countBySchool(trx, target);
  const limits = limitsOf(district);
  const facts = await gatherFacts(trx, target, { limits, before, changes, bySchool, seats });
  const held = [
    ...judge(facts, limits),
    ...unclearLinks(links),
    ...(await suspicions(trx, target.districtKey, readRun)),
  ];
  const isFull = held.some(({ limit }) => limit === 'seats-exceeded');
  const room = isFull ? await findRoom(trx, target, kept) : null;
  const part = isWhole(scope) ? {} : { scope: scopeText(scope) };
  const base = allNew?.base ?? null;
  const hash = await hashPlan(trx, target, { district: district.id, sha256, base, ...part });
  return { scope, changes, bySchool, seats, held, room, hash };
}

async function forgetChanges(trx: Db, { districtKey, run: number }: PlanTarget): Promise<void> {
  for (const table of ['plan_changes', 'plan_pairs']) {
    await run(trx, `delete from rollcall.${table} where district_key = ? and run = ?`, [
      districtKey,
      number,
    ]);
  }
}
