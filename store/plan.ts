/** Makes a run's plan: what its file would change, under the protections of plan/protect.ts. */
import { getDistrict } from './config/districts.js';
import type { Db } from './db.js';
import type { WantedPart } from './plan/part.js';
import { isWhole, scopeText } from './plan/scope.js';
import { lockPlan, lockRoster, lockRun, tuneForSets, type PlanRow } from './plan/state.js';
import { workOut } from './plan/work-out.js';
import { districtKey } from './sql.js';
import type { Planned } from '../workflows/contract.js';
import type { RunRef } from './types.js';

export const toPlanned = (row: PlanRow): Planned => ({
  planHash: row.hash,
  changes: row.changes,
  seats: { licensed: row.seats_licensed, before: row.seats_before, after: row.seats_after },
  held: row.held,
  superseded: row.state === 'superseded',
  supersedes: row.supersedes,
  ...(row.scope && { scope: row.scope }),
});

/**
 * Plans what the run has staged. Asked again, the same plan comes back, as long as the roster has
 * not moved and nobody has answered who is who; if so, the plan is made again from the same rows. Older waiting plans of other
 * files are superseded; so is this one, and its rows dropped, if a newer file's plan came first. A
 * plan that is closed or applied is never made again: it is told as it was.
 * @param part only this of the plan, in its place; `noPart` says why not. Without it schools that
 *   alone are over their limits are left out, if the district has it so
 * @throws StoreError RUN_UNKNOWN, NOTHING_STAGED, DISTRICT_UNKNOWN; BASE_MOVED where the staged
 *   difference is to a file that the roster does not stand as any more: read the file whole
 */
export async function makePlan(
  db: Db,
  ref: RunRef,
  part: WantedPart | null = null,
): Promise<Planned> {
  const key = await districtKey(db, ref.district);
  const district = await getDistrict(db, ref.district);
  const wanted = part && !isWhole(part.scope) ? part : null;
  return db.transaction(async (trx) => {
    const roster = await lockRoster(trx, key);
    const locked = await lockRun(trx, key, ref.run);
    await tuneForSets(trx, locked.base_run === null ? 'whole' : 'difference');
    const known = await lockPlan(trx, key, ref.run);
    if (known && known.state !== 'waiting') return toPlanned(known);
    // What was planned from for this roster may be planned from again.
    const stands = known !== null && Number(known.roster_version) === roster.version;
    const knowsAll = known?.answers === roster.answers;
    if (known && stands && knowsAll && isWanted(known, wanted)) return toPlanned(known);
    const { base_run } = locked;
    const ground = {
      ...{ key, run: ref.run, locked, district, rosterVersion: roster.version },
      answers: roster.answers,
      isFirm: base_run === null || base_run === roster.standsAsRun || stands,
      supersededBefore: known?.supersedes ?? [],
    };
    const mayIsolate = district.isolateSchools && locked.rest_of === null;
    return workOut(trx, ground, wanted ?? { mayIsolate });
  });
}

/** A part that a person wanted is no answer to who asks for the plan itself. */
function isWanted(known: PlanRow, wanted: WantedPart | null): boolean {
  if (wanted === null) return known.scope === null || known.isolated;
  if (known.scope === null || scopeText(known.scope) !== scopeText(wanted.scope)) return false;
  return wanted.of === undefined || wanted.of === known.whole_hash;
}
