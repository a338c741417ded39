/** The rows that planning and applying lock, always in this order: roster, run, plan. */
import type { Db } from '../db.js';
import { first, unknownRun } from '../sql.js';
import type { ChangeTotals, HeldLimit, PlanState } from '../types.js';

export interface RosterState {
  readonly version: number;
}

/** While the lock is held, nobody else plans or applies for this district. */
export async function lockRoster(trx: Db, districtKey: number): Promise<RosterState> {
  const state = await first<{ roster_version: string }>(
    trx,
    'select roster_version from rollcall.roster_state where district_key = ? for update',
    [districtKey],
  );
  return { version: Number(state?.roster_version ?? 0) };
}

export interface LockedRun {
  readonly sha256: string | null;
  readonly fetched_at: Date | null;
  readonly staged_at: Date | null;
  /** Schools, teachers, classes and students that were staged. */
  readonly staged_things: number | null;
}

/** @throws StoreError RUN_UNKNOWN */
export async function lockRun(trx: Db, districtKey: number, run: number): Promise<LockedRun> {
  const found = await first<LockedRun>(
    trx,
    `select sha256, fetched_at, staged_at, staged_things from rollcall.runs
     where district_key = ? and run = ? for no key update`,
    [districtKey, run],
  );
  if (!found) throw unknownRun(run);
  return found;
}

export interface PlanRow {
  readonly run: number;
  readonly hash: string;
  readonly state: PlanState;
  readonly roster_version: string;
  readonly seats_licensed: number;
  readonly seats_before: number;
  readonly seats_after: number;
  readonly held: readonly HeldLimit[];
  readonly changes: ChangeTotals;
  readonly supersedes: readonly { readonly run: number; readonly workflowId: string }[];
}

/** The run's plan, locked, or null. */
export async function lockPlan(trx: Db, districtKey: number, run: number): Promise<PlanRow | null> {
  return first<PlanRow>(
    trx,
    `select run, hash, state, roster_version, seats_licensed, seats_before, seats_after,
            held, changes, supersedes
     from rollcall.plans where district_key = ? and run = ? for update`,
    [districtKey, run],
  );
}

/**
 * For set-based statements over a whole file: hash joins whatever the statistics say (a nested
 * loop over stale ones is quadratic), memory to do them in, no time spent on compiling.
 */
export async function tuneForSets(trx: Db): Promise<void> {
  await trx.raw('set local enable_nestloop = off');
  await trx.raw("set local work_mem = '128MB'");
  await trx.raw('set local jit = off');
}
