/** Works a plan out of what a run has staged, and keeps it. Roster and run are locked. */
import { COUNTED, KINDS, type Kind } from '../../roster/plan-types.js';
import { seatBuffer } from '../../roster/limits/settings.js';
import type { Planned } from '../../workflows/contract.js';
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { first, run as execute } from '../sql.js';
import {
  dropStaging,
  goneTable,
  hasStaging,
  rejectedTable,
  stagingTable,
} from '../staging-table.js';
import type { District } from '../types.js';
import { dropViews, hasNothing, tellAllNew } from './all-new.js';
import { findAbsent, findGone, keepAsBefore, keepKept } from './absent.js';
import { tellPairs, tellThings } from './file-says.js';
import { limitsOf, writeAndJudge, type Planning } from './numbers.js';
import { isolate, takePart, type Chosen, type WantedPart } from './part.js';
import { protectAbsent } from './protect.js';
import { keepLinks } from './kept-links.js';
import { linkRenames, NOTHING_LINKED } from './renames.js';
import { isWhole } from './scope.js';
import type { LockedRun, PlanRow } from './state.js';
import { isOutOfDate, supersedeOlder } from './supersede.js';
import { countActive, countKept } from './totals.js';

export interface PlanGround {
  readonly key: number;
  readonly run: number;
  readonly locked: LockedRun;
  readonly district: District;
  readonly rosterVersion: number;
  /** How many answers about who is who there are. */
  readonly answers: number;
  /** What is staged may be planned from: all of it, or the roster stands as what it differs from. */
  readonly isFirm: boolean;
  readonly supersededBefore: PlanRow['supersedes'];
}

/**
 * @param wants a part of it; or whether schools may be left out that alone are over their limits
 * @throws StoreError NOTHING_STAGED, BASE_MOVED
 */
export async function workOut(
  trx: Db,
  ground: PlanGround,
  wants: WantedPart | { readonly mayIsolate: boolean },
): Promise<Planned> {
  const { key, run, locked } = ground;
  await forgetPlan(trx, key, run);
  const planning = await prepare(trx, ground);
  const whole = await writeAndJudge(trx, planning, {});
  const chosen =
    'scope' in wants
      ? await takePart(trx, planning, whole, wants)
      : await isolate(trx, planning, whole, wants.mayIsolate && locked.kind !== 'first');
  if (planning.allNew) await dropViews(trx);
  const older = await supersedeOlder(trx, key, run);
  const supersedes = [...ground.supersededBefore, ...older];
  const superseded = await isOutOfDate(trx, key, run);
  const { numbers, noPart } = chosen;
  const { hash: planHash, changes, seats, held, scope } = numbers;
  await keepPlan(trx, ground, planning, chosen, { supersedes, superseded, whole: whole.hash });
  if (superseded) await dropStaging(trx, key, run);
  return {
    ...{ planHash, changes, seats, held, superseded, supersedes },
    ...(isWhole(scope) ? {} : { scope }),
    ...(noPart && { noPart }),
  };
}

/** The temporary tables: what the file says, who is absent from it, and who of those is kept. */
async function prepare(trx: Db, ground: PlanGround): Promise<Planning> {
  const { key, run, locked, district } = ground;
  const table = await stagedTable(trx, ground);
  if (!ground.isFirm) {
    throw new StoreError('BASE_MOVED', `run ${run} was compared with what is not there any more`);
  }
  const planned = {
    target: { districtKey: key, run },
    district,
    sha256: locked.sha256 ?? '',
    readRun: locked.read_run ?? run,
  };
  if (locked.base_run === null && (await hasNothing(trx, key))) {
    const base = await tellAllNew(trx, table);
    const [before, kept] = [NOTHING, NOTHING];
    return { ...planned, before, kept, links: NOTHING_LINKED, allNew: { table, base } };
  }
  const { base_run } = locked;
  const absent = (which: 'things' | 'pairs'): Promise<void> =>
    base_run === null
      ? findAbsent(trx, key, which)
      : findGone(trx, key, which, goneTable(key, run), base_run);
  const rejected = rejectedTable(key, run);
  await tellThings(trx, table, key, base_run === null ? 'whole' : 'difference');
  await absent('things');
  const { rest_of: restOf } = locked;
  const links = await linkRenames(trx, key, { staged: table, rejected }, restOf);
  await keepLinks(trx, { districtKey: key, run }, links.found, 'unclear');
  await tellPairs(trx, table);
  await absent('pairs');
  const asPartLeft = restOf !== null && (await standsAsLeft(trx, ground, restOf));
  if (!asPartLeft) await protectAbsent(trx, rejected, key);
  if (restOf !== null) await keepAsBefore(trx, key, restOf);
  await keepKept(trx, key, run);
  return {
    ...planned,
    before: await countActive(trx, key, COUNTED),
    kept: await countKept(trx),
    links,
    allNew: null,
  };
}

/**
 * Nothing but the part was applied since it was planned. Then whom bad rows protect was told from
 * the roster before it, which said more: asked again, a school whose classes have moved is unknown,
 * and a lost cell may mean anybody in the district.
 */
async function standsAsLeft(trx: Db, ground: PlanGround, part: number): Promise<boolean> {
  const planned = await first<{ roster_version: string }>(
    trx,
    'select roster_version from rollcall.plans where district_key = ? and run = ?',
    [ground.key, part],
  );
  return Number(planned?.roster_version) + 1 === ground.rosterVersion;
}

const NOTHING = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;

interface Closing {
  readonly supersedes: PlanRow['supersedes'];
  readonly superseded: boolean;
  /** The hash of the whole plan. */
  readonly whole: string;
}

async function keepPlan(
  trx: Db,
  { key, run, rosterVersion, answers, district }: PlanGround,
  { kept, links }: Planning,
  { numbers, isolated, choices }: Chosen,
  { supersedes, superseded, whole }: Closing,
): Promise<void> {
  const { hash, scope, changes, bySchool, seats, held, room } = numbers;
  const isPart = !isWhole(scope);
  if (isPart) await keepLinks(trx, { districtKey: key, run }, links.found, 'same');
  await execute(
    trx,
    `insert into rollcall.plans
       (district_key, run, hash, state, roster_version, seats_licensed, seats_before, seats_after,
        held, changes, by_school, kept, supersedes, seat_buffer, seat_room, scope, whole_hash,
        isolated, choices, answers)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?,
             ?::jsonb, ?::jsonb, ?, ?, ?::jsonb, ?)`,
    [
      ...[key, run, hash, superseded ? 'superseded' : 'waiting', rosterVersion],
      ...[seats.licensed, seats.before, seats.after],
      ...[held, changes, bySchool, kept, supersedes].map((value) => JSON.stringify(value)),
      seatBuffer(limitsOf(district), seats.licensed),
      room && JSON.stringify(room),
      isPart ? JSON.stringify(scope) : null,
      isPart ? whole : null,
      isolated,
      JSON.stringify(choices),
      answers,
    ],
  );
}

/** What the run has staged, whole: where rows are lost there seem to be leavers. */
async function stagedTable(trx: Db, { key, run, locked }: PlanGround): Promise<string> {
  const table = stagingTable(key, run);
  const tables = [table, ...(locked.base_run === null ? [] : [goneTable(key, run)])];
  const counted = tables.map((name) => `(select count(*) from ${name})`).join(' + ');
  const rows =
    locked.staged_at && (await hasStaging(trx, key, run))
      ? (await first<{ count: number }>(trx, `select (${counted})::int as count`))?.count
      : null;
  if (rows == null || rows !== locked.staged_things || locked.sha256 === null) {
    throw new StoreError('NOTHING_STAGED', `run ${run} has no rows to plan from; read it again`);
  }
  return table;
}

/** Before a plan is made again. */
export async function forgetPlan(trx: Db, key: number, run: number): Promise<void> {
  for (const table of [
    'plan_changes',
    'plan_pairs',
    'plan_kept',
    'plan_left',
    'plan_links',
    'plans',
  ]) {
    await execute(trx, `delete from rollcall.${table} where district_key = ? and run = ?`, [
      key,
      run,
    ]);
  }
}
