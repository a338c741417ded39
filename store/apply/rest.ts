/** What a plan left out becomes the plan of a run of its own, in the transaction that applies it. */
import { changesNothing } from '../../roster/plan-words.js';
import { onTrial } from '../plan/savepoint.js';
import { lockRoster, lockRun, tuneForSets } from '../plan/state.js';
import { workOut } from '../plan/work-out.js';
import { renewGone } from './gone-keys.js';
import type { Db } from '../db.js';
import { first, run as execute } from '../sql.js';
import { renameStaging } from '../staging-table.js';
import type { District } from '../types.js';

/**
 * The plan is applied and its version counted already. The rest has its bytes, its rows and its
 * workflow, and a number of its own, so that each run has one plan, one outcome and one undo.
 * @returns its run; null if nothing was left out after all
 */
export async function keepRest(
  trx: Db,
  district: District,
  key: number,
  run: number,
): Promise<number | null> {
  return onTrial(trx, async (trial) => {
    const rest = await openRest(trial, key, run);
    await renameStaging(trial, key, run, rest);
    const locked = await lockRun(trial, key, rest);
    if (locked.base_run !== null) await renewGone(trial, key, run, rest);
    await tuneForSets(trial, locked.base_run === null ? 'whole' : 'difference');
    const { version, answers } = await lockRoster(trial, key);
    const ground = { key, run: rest, locked, district, rosterVersion: version, answers };
    // The roster stands as the staged difference's base, and a part of that difference.
    const firm = { ...ground, isFirm: true, supersededBefore: [] };
    const { changes } = await workOut(trial, firm, { mayIsolate: false });
    return changesNothing(changes)
      ? { stands: false, answer: null }
      : { stands: true, answer: rest };
  });
}

/** The run that holds what this one's plan left out, or null. */
export async function restOf(trx: Db, key: number, run: number): Promise<number | null> {
  const found = await first<{ run: number }>(
    trx,
    'select run from rollcall.runs where district_key = ? and rest_of = ?',
    [key, run],
  );
  return found?.run ?? null;
}

/** Findings stay with the run that read the file. */
async function openRest(trx: Db, key: number, run: number): Promise<number> {
  const numbered = await first<{ last_run: number }>(
    trx,
    'update rollcall.districts set last_run = last_run + 1 where key = ? returning last_run',
    [key],
  );
  const rest = numbered?.last_run ?? 0;
  await execute(
    trx,
    `insert into rollcall.runs
       (district_key, run, kind, workflow_id, occasion, fetched_at, sha256, bytes, modified_at,
        staged_at, staged_things, base_run, row_count, accepted, rejected, reading, outside,
        rest_of, read_run)
     select district_key, ?::int, kind, workflow_id, 'rest of run ' || run, fetched_at, sha256, bytes,
            modified_at, staged_at, staged_things, base_run, row_count, accepted, rejected,
            reading, outside, run, coalesce(read_run, run)
     from rollcall.runs where district_key = ? and run = ?`,
    [rest, key, run],
  );
  return rest;
}
