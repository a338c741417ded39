/** Works out what undoing a run changes, and writes it down as the changes of a plan. */
import { judgeSeats, readLimits } from '../../roster/limits.js';
import { seatBuffer } from '../../roster/limits/settings.js';
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import type { PlanTarget } from '../plan/changes.js';
import { countActive, countChanges, hashPlan } from '../plan/totals.js';
import { first } from '../sql.js';
import type { ChangeTotals, District, HeldLimit, LeftAlone, SchoolChanges } from '../types.js';
import { blame } from './blame.js';
import { keepWhole } from './keep-whole.js';
import { findOwners } from './owners.js';
import { countLeft, countUndoBySchool } from './totals.js';
import { gatherPurged } from './purged.js';
import { gatherValues, type Undone } from './values.js';
import { standingUndos, toBeUndone } from './which.js';
import { writeUndo } from './write.js';

export interface WorkedOut {
  readonly hash: string;
  readonly changes: ChangeTotals;
  readonly bySchool: readonly SchoolChanges[];
  readonly seats: { readonly licensed: number; readonly before: number; readonly after: number };
  readonly held: readonly HeldLimit[];
  /** Seats beyond the licence that are allowed. */
  readonly buffer: number;
  readonly left: LeftAlone;
}

/**
 * In a transaction of its own: it makes temporary tables.
 * @param target whose plan it becomes
 * @throws StoreError RUN_UNKNOWN, UNDO_NOT_APPLIED, UNDO_NOTHING, UNDO_DONE
 */
export async function workOutUndo(
  trx: Db,
  target: PlanTarget,
  run: number,
  district: Pick<District, 'id' | 'seats' | 'limits'>,
): Promise<WorkedOut> {
  const undone = await toBeUndone(trx, target.districtKey, run);
  await gatherValues(trx, undone);
  await gatherPurged(trx, undone);
  const done = await findOwners(trx, undone);
  await keepWhole(trx, undone);
  await blame(trx, undone);
  if (!(await isAnythingPutBack(trx))) throw await nothingLeft(trx, undone, done);
  await writeUndo(trx, target);

  const changes = await countChanges(trx, target);
  const before = (await countActive(trx, target.districtKey, ['students'])).students;
  const { added, reactivated, deactivated } = changes.students;
  const after = before + added + reactivated - deactivated;
  const seats = { licensed: district.seats, before, after };
  const limits = readLimits(district.limits.own);
  return {
    hash: await hashPlan(trx, target, { district: district.id, sha256: `undo of run ${run}` }),
    changes,
    bySchool: await countUndoBySchool(trx, target),
    seats,
    // The one limit that holds an undo (docs/decisions/0026).
    held: judgeSeats({ seats }, limits),
    buffer: seatBuffer(limits, seats.licensed),
    left: await countLeft(trx),
  };
}

const isAnythingPutBack = async (trx: Db): Promise<boolean> =>
  (await first<{ is: boolean }>(
    trx,
    'select exists (select from undo_values where why is null) as is',
  ))!.is;

async function nothingLeft(trx: Db, { districtKey, run }: Undone, done: number) {
  if (done === 0) {
    return new StoreError(
      'UNDO_NOTHING',
      `nothing of run ${run} can be put back: what it changed was changed again, is needed or was purged since`,
    );
  }
  const by = (await standingUndos(trx, districtKey)).find((one) => one.undoes === run);
  const already = by ? `by run ${by.run}` : 'by what came later';
  return new StoreError('UNDO_DONE', `run ${run} was undone already, ${already}`);
}
