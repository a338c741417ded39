/** The rows that planning and applying lock, always in this order: roster, run, plan. */
import type { Db } from '../db.js';
import { districtKey, first, unknownRun } from '../sql.js';
import type { ChangeTotals, HeldLimit, PlanScope, PlanState, RunKind } from '../types.js';

export interface RosterState {
  readonly version: number;
  /** The run whose file was accepted last, if nothing has changed the roster since. */
  readonly standsAsRun: number | null;
  /** How many answers about who is who support has given. */
  readonly answers: number;
}

const STANDS_AS = 'case when accepted_version = roster_version then accepted_run end';

export interface StandsAs {
  readonly run: number;
  /** The run that read that file. */
  readonly readRun: number;
  readonly sha256: string;
  /** The SHA-256 of what is kept of its reading; null if nothing is. */
  readonly snapshotSha256: string | null;
  /** No row of its file was rejected, so the file says all that the roster has. */
  readonly isAll: boolean;
}

/** The run whose file the roster stands as, without waiting for anybody; null if there is none. */
export async function standsAs(db: Db, district: string): Promise<StandsAs | null> {
  const state = await first<{
    run: number;
    read_run: number;
    sha256: string;
    is_all: boolean;
    snapshot: string | null;
  }>(
    db,
    `select r.run, coalesce(r.read_run, r.run) as read_run, r.sha256, r.rejected = 0 as is_all,
            coalesce(r.snapshot, reader.snapshot) as snapshot
     from rollcall.roster_state s
     join rollcall.runs r on r.district_key = s.district_key and r.run = ${STANDS_AS}
     left join rollcall.runs reader
       on reader.district_key = r.district_key and reader.run = r.read_run
     where s.district_key = ?`,
    [await districtKey(db, district)],
  );
  if (state === null) return null;
  const { run, read_run: readRun, sha256, is_all: isAll, snapshot: snapshotSha256 } = state;
  return { run, readRun, sha256, isAll, snapshotSha256 };
}

/** While the lock is held, nobody else plans or applies for this district. */
export async function lockRoster(trx: Db, districtKey: number): Promise<RosterState> {
  const state = await first<{ roster_version: string; stands_as: number | null; answers: number }>(
    trx,
    `select s.roster_version, ${STANDS_AS} as stands_as, d.answers
     from rollcall.roster_state s join rollcall.districts d on d.key = s.district_key
     where s.district_key = ? for update of s`,
    [districtKey],
  );
  return {
    version: Number(state?.roster_version ?? 0),
    standsAsRun: state?.stands_as ?? null,
    answers: state?.answers ?? 0,
  };
}

export interface LockedRun {
  readonly sha256: string | null;
  readonly fetched_at: Date | null;
  readonly staged_at: Date | null;
  /** How many things were staged. */
  readonly staged_things: number | null;
  /** The run to whose file the staged things are the difference; null: they are all. */
  readonly base_run: number | null;
  /** The run that it undoes; null for every other kind. */
  readonly undoes: number | null;
  readonly kind: RunKind;
  /** The run whose plan left out what this one holds; null: it has a file of its own. */
  readonly rest_of: number | null;
  /** The run that read the file; null: this one. */
  readonly read_run: number | null;
}

/** @throws StoreError RUN_UNKNOWN */
export async function lockRun(trx: Db, districtKey: number, run: number): Promise<LockedRun> {
  const found = await first<LockedRun>(
    trx,
    `select sha256, fetched_at, staged_at, staged_things, base_run, undoes, kind, rest_of, read_run
     from rollcall.runs
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
  /** Null: all that the file says. */
  readonly scope: PlanScope | null;
  /** Of the plan that this one is a part of. */
  readonly whole_hash: string | null;
  readonly isolated: boolean;
  /** How many answers about who is who it knew. */
  readonly answers: number;
}

/** The run's plan, locked, or null. */
export async function lockPlan(trx: Db, districtKey: number, run: number): Promise<PlanRow | null> {
  return first<PlanRow>(
    trx,
    `select run, hash, state, roster_version, seats_licensed, seats_before, seats_after,
            held, changes, supersedes, scope, whole_hash, isolated, answers
     from rollcall.plans where district_key = ? and run = ? for update`,
    [districtKey, run],
  );
}

/**
 * For set-based statements over a whole file: hash joins whatever the statistics say (a nested
 * loop over stale ones is quadratic), memory to do them in, no time spent on compiling. Where the
 * difference of two files is all there is, looking up a few keys is what costs the least.
 */
export async function tuneForSets(trx: Db, of: 'whole' | 'difference' = 'whole'): Promise<void> {
  await trx.raw(`set local enable_nestloop = ${of === 'whole' ? 'off' : 'on'}`);
  await trx.raw("set local work_mem = '128MB'");
  await trx.raw('set local jit = off');
}
