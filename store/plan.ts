/** Makes a run's plan: what its file would change, under the protections of plan/protect.ts. */
import { judge, readLimits } from '../roster/limits.js';
import { seatBuffer } from '../roster/limits/settings.js';
import { getDistrict } from './config/districts.js';
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { findAbsent, findGone, keepKept } from './plan/absent.js';
import { writeChanges, type PlanTarget } from './plan/changes.js';
import { gatherFacts } from './plan/facts.js';
import { tellPairs, tellThings } from './plan/file-says.js';
import { linkRenames, unclearLinks } from './plan/renames.js';
import { protectAbsent } from './plan/protect.js';
import { findRoom } from './plan/seat-room.js';
import {
  lockPlan,
  lockRoster,
  lockRun,
  tuneForSets,
  type LockedRun,
  type PlanRow,
} from './plan/state.js';
import { suspicions } from './plan/suspicions.js';
import { isOutOfDate, supersedeOlder } from './plan/supersede.js';
import { countActive, countBySchool, countChanges, countKept, hashPlan } from './plan/totals.js';
import { districtKey, first, run as execute } from './sql.js';
import {
  dropStaging,
  goneTable,
  hasStaging,
  rejectedTable,
  stagingTable,
} from './staging-table.js';
import type { Planned } from '../workflows/contract.js';
import type { RunRef } from './types.js';

export const toPlanned = (row: PlanRow): Planned => ({
  planHash: row.hash,
  changes: row.changes,
  seats: { licensed: row.seats_licensed, before: row.seats_before, after: row.seats_after },
  held: row.held,
  superseded: row.state === 'superseded',
  supersedes: row.supersedes,
});

/**
 * Plans what the run has staged. Asked again, the same plan comes back, as long as the roster has
 * not moved; if it has, the plan is made again from the same rows. Older waiting plans of other
 * files are superseded; so is this one, and its rows dropped, if a newer file's plan came first. A
 * plan that is closed or applied is never made again: it is told as it was.
 * @throws StoreError RUN_UNKNOWN, NOTHING_STAGED, DISTRICT_UNKNOWN; BASE_MOVED where the staged
 *   difference is to a file that the roster does not stand as any more: read the file whole
 */
export async function makePlan(db: Db, ref: RunRef): Promise<Planned> {
  const key = await districtKey(db, ref.district);
  const district = await getDistrict(db, ref.district);
  return db.transaction(async (trx) => {
    const roster = await lockRoster(trx, key);
    const run = await lockRun(trx, key, ref.run);
    const of = run.base_run === null ? 'whole' : 'difference';
    await tuneForSets(trx, of);
    const known = await lockPlan(trx, key, ref.run);
    if (known && (known.state !== 'waiting' || Number(known.roster_version) === roster.version)) {
      return toPlanned(known);
    }
    await forgetPlan(trx, key, ref.run);
    const table = await stagedTable(trx, key, ref, run);
    if (run.base_run !== null && run.base_run !== roster.standsAsRun) {
      throw new StoreError(
        'BASE_MOVED',
        `run ${ref.run} was compared with what is not there any more`,
      );
    }
    const target: PlanTarget = { districtKey: key, run: ref.run };
    const absent = (which: 'things' | 'pairs'): Promise<void> =>
      run.base_run === null
        ? findAbsent(trx, key, which)
        : findGone(trx, key, which, goneTable(key, ref.run), run.base_run);
    await tellThings(trx, table, key, of);
    await absent('things');
    const links = await linkRenames(trx, key, {
      staged: table,
      rejected: rejectedTable(key, ref.run),
    });
    await tellPairs(trx, table);
    await absent('pairs');
    await protectAbsent(trx, rejectedTable(key, ref.run), key);
    await keepKept(trx, key, ref.run);
    await writeChanges(trx, target);

    const changes = await countChanges(trx, target);
    const before = await countActive(trx, key);
    const { added, reactivated, deactivated } = changes.students;
    const after = before.students + added + reactivated - deactivated;
    const seats = { licensed: district.seats, before: before.students, after };
    const bySchool = await countBySchool(trx, target);
    const kept = await countKept(trx);
    const limits = readLimits(district.limits.own);
    const facts = await gatherFacts(trx, target, { limits, before, changes, bySchool, seats });
    const held = [
      ...judge(facts, limits),
      ...unclearLinks(links),
      ...(await suspicions(trx, key, ref.run)),
    ];
    const isFull = held.some(({ limit }) => limit === 'seats-exceeded');
    const room = isFull ? await findRoom(trx, target, kept) : null;
    const older = await supersedeOlder(trx, key, ref.run);
    const supersedes = [...(known?.supersedes ?? []), ...older];
    const superseded = await isOutOfDate(trx, key, ref.run);
    const hash = await hashPlan(trx, target, { district: ref.district, sha256: run.sha256 ?? '' });
    await execute(
      trx,
      `insert into rollcall.plans
         (district_key, run, hash, state, roster_version, seats_licensed, seats_before, seats_after,
          held, changes, by_school, kept, supersedes, seat_buffer, seat_room)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?,
               ?::jsonb)`,
      [
        key,
        ref.run,
        hash,
        superseded ? 'superseded' : 'waiting',
        roster.version,
        seats.licensed,
        seats.before,
        seats.after,
        JSON.stringify(held),
        JSON.stringify(changes),
        JSON.stringify(bySchool),
        JSON.stringify(kept),
        JSON.stringify(supersedes),
        seatBuffer(limits, seats.licensed),
        room && JSON.stringify(room),
      ],
    );
    if (superseded) await dropStaging(trx, key, ref.run);
    return { planHash: hash, changes, seats, held, superseded, supersedes };
  });
}

/** What the run has staged, whole: where rows are lost there seem to be leavers. */
async function stagedTable(trx: Db, key: number, ref: RunRef, run: LockedRun): Promise<string> {
  const table = stagingTable(key, ref.run);
  const tables = [table, ...(run.base_run === null ? [] : [goneTable(key, ref.run)])];
  const counted = tables.map((name) => `(select count(*) from ${name})`).join(' + ');
  const rows =
    run.staged_at && (await hasStaging(trx, key, ref.run))
      ? (await first<{ count: number }>(trx, `select (${counted})::int as count`))?.count
      : null;
  if (rows == null || rows !== run.staged_things || run.sha256 === null) {
    throw new StoreError(
      'NOTHING_STAGED',
      `run ${ref.run} has no rows to plan from; read it again`,
    );
  }
  return table;
}

/** Before a plan is made again. */
export async function forgetPlan(trx: Db, key: number, run: number): Promise<void> {
  for (const table of ['plan_changes', 'plan_pairs', 'plan_kept', 'plan_left', 'plans']) {
    await execute(trx, `delete from rollcall.${table} where district_key = ? and run = ?`, [
      key,
      run,
    ]);
  }
}
