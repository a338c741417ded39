/** Makes the plan of an undo: what puts back every value that a run changed. */
import { KINDS } from '../roster/plan-types.js';
import { getDistrict } from './config/districts.js';
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { toPlanned } from './plan.js';
import { lockPlan, lockRoster, lockRun, tuneForSets } from './plan/state.js';
import { forgetPlan } from './plan/work-out.js';
import { districtKey, run as execute } from './sql.js';
import { workOutUndo } from './undo/work-out.js';
import type { Planned } from '../workflows/contract.js';
import type { RunRef } from './types.js';

const NOTHING_KEPT = Object.fromEntries(KINDS.map((kind) => [kind, 0]));

/**
 * Plans what the run, an undo, is to put back. What it added becomes inactive, what it deactivated
 * returns, what it changed gets its old values, each value by itself; what later runs changed again
 * or need stays and is kept in `plan_left`. Asked again, the same plan comes back, as long as the
 * roster has not moved. `applyPlan` applies it like any other.
 * @throws StoreError RUN_UNKNOWN, UNDO_UNKNOWN (it is no undo), UNDO_NOT_APPLIED, UNDO_NOTHING,
 *   UNDO_DONE, DISTRICT_UNKNOWN
 */
export async function planUndo(db: Db, ref: RunRef): Promise<Planned> {
  const key = await districtKey(db, ref.district);
  const district = await getDistrict(db, ref.district);
  return db.transaction(async (trx) => {
    await tuneForSets(trx);
    const roster = await lockRoster(trx, key);
    const { undoes } = await lockRun(trx, key, ref.run);
    if (undoes === null) throw new StoreError('UNDO_UNKNOWN', `run ${ref.run} undoes no run`);
    const known = await lockPlan(trx, key, ref.run);
    if (known && (known.state !== 'waiting' || Number(known.roster_version) === roster.version)) {
      return toPlanned(known);
    }
    await forgetPlan(trx, key, ref.run);
    const target = { districtKey: key, run: ref.run };
    const plan = await workOutUndo(trx, target, undoes, district);
    const { hash, seats, held, changes } = plan;
    await execute(
      trx,
      `insert into rollcall.plans
         (district_key, run, hash, state, roster_version, seats_licensed, seats_before, seats_after,
          held, changes, by_school, kept, supersedes, left_alone, seat_buffer)
       values (?, ?, ?, 'waiting', ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, '[]',
               ?::jsonb, ?)`,
      [
        ...[key, ref.run, hash, roster.version, seats.licensed, seats.before, seats.after],
        ...[held, changes, plan.bySchool, NOTHING_KEPT, plan.left].map((one) =>
          JSON.stringify(one),
        ),
        plan.buffer,
      ],
    );
    return { planHash: hash, changes, seats, held, superseded: false, supersedes: [] };
  });
}
