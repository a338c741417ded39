/** The runs of a district, 1, 2, 3 …, from their opening to their outcome. */
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { keepFindings } from './keep-findings.js';
import { keepRepairs } from './keep-repairs.js';
import { readingJson } from './reading.js';
import { dropStaging } from './staging-table.js';
import { districtKey, first, rows, run as execute, unknownRun } from './sql.js';
import { getRun, toSummary } from './read/runs.js';
import type {
  FindingInput,
  FindingTotals,
  Outcome,
  Reading,
  RepairRecord,
  RunKind,
  RunRef,
  RunSummary,
  StagedCounts,
} from './types.js';

export { lastFetch, recordFetch, sightUpload } from './fetches.js';
export { sameBytes } from './same-bytes.js';

export interface RunOpening {
  readonly district: string;
  readonly workflowId: string;
  /** One business key of that workflow, one run. */
  readonly occasion: string;
  /** Without it: `first` until something was applied, then `nightly`. */
  readonly kind?: RunKind | undefined;
  /** The run that an undo undoes. */
  readonly undoes?: number | undefined;
  /** This run goes over to the occasion, instead of a new one: it holds what another left out. */
  readonly rest?: number | undefined;
}

/**
 * Opens the run that belongs to (workflowId, occasion), or finds it: asking again, or at the
 * same time, gives the same number. @throws StoreError DISTRICT_UNKNOWN
 */
export async function openRun(
  db: Db,
  opening: RunOpening,
): Promise<{ run: number; kind: RunKind }> {
  await districtKey(db, opening.district);
  return db.transaction(async (trx) => {
    // The row lock is what makes numbers gapless and asking twice safe.
    const district = await first<{ key: number; last_run: number }>(
      trx,
      'select key, last_run from rollcall.districts where id = ? for no key update',
      [opening.district],
    );
    if (!district) throw new StoreError('DISTRICT_UNKNOWN', 'the district is gone');
    const known = await first<{ run: number; kind: RunKind }>(
      trx,
      `select run, kind from rollcall.runs
       where district_key = ? and workflow_id = ? and occasion = ?`,
      [district.key, opening.workflowId, opening.occasion],
    );
    if (known) return known;
    if (opening.rest !== undefined) return takeOver(trx, district.key, opening.rest, opening);
    const run = district.last_run + 1;
    await execute(trx, 'update rollcall.districts set last_run = ? where key = ?', [
      run,
      district.key,
    ]);
    const opened = await first<{ kind: RunKind }>(
      trx,
      `insert into rollcall.runs (district_key, run, kind, workflow_id, occasion, undoes)
       select district_key, ?, coalesce(?, case when accepted_run is null then 'first' else 'nightly' end),
              ?, ?, ?::int
       from rollcall.roster_state where district_key = ?
       returning kind`,
      [
        run,
        opening.kind ?? null,
        opening.workflowId,
        opening.occasion,
        opening.undoes ?? null,
        district.key,
      ],
    );
    return { run, kind: opened?.kind ?? 'nightly' };
  });
}

async function takeOver(
  trx: Db,
  key: number,
  run: number,
  { workflowId, occasion }: RunOpening,
): Promise<{ run: number; kind: RunKind }> {
  const taken = await first<{ run: number; kind: RunKind }>(
    trx,
    `update rollcall.runs set workflow_id = ?, occasion = ?
     where district_key = ? and run = ? and rest_of is not null returning run, kind`,
    [workflowId, occasion, key, run],
  );
  if (!taken) throw unknownRun(run);
  return taken;
}

export interface ReadRecord extends StagedCounts {
  readonly findings: Iterable<FindingInput>;
  readonly repairs?: readonly RepairRecord[];
  /** Without it: nothing of a district's own. */
  readonly reading?: Partial<Reading>;
  readonly totals: FindingTotals;
}

/** Keeps what reading found, in place of what an earlier attempt kept. @throws StoreError RUN_UNKNOWN */
export async function recordRead(db: Db, ref: RunRef, read: ReadRecord): Promise<void> {
  const key = await districtKey(db, ref.district);
  await db.transaction(async (trx) => {
    const touched = await execute(
      trx,
      `update rollcall.runs set row_count = ?, accepted = ?, rejected = ?,
              errors = ?, warnings = ?, notes = ?, reading = jsonb_strip_nulls(?::jsonb),
              outside = ?::jsonb
       where district_key = ? and run = ?`,
      [
        read.rows,
        read.accepted,
        read.rejected,
        read.totals.errors,
        read.totals.warnings,
        read.totals.notes,
        readingJson(read.reading ?? {}),
        read.outside ? JSON.stringify(read.outside) : null,
        key,
        ref.run,
      ],
    );
    if (touched === 0) throw unknownRun(ref.run);
    await keepFindings(trx, key, ref.run, read.findings);
    await keepRepairs(trx, key, ref.run, read.repairs ?? []);
  });
}

/**
 * Ends a run. The first outcome stands, but for a hold, which ends one way or another, and what was
 * applied is called applied, even if whoever applied it did not live to hear of it.
 * @throws StoreError RUN_UNKNOWN, DISTRICT_UNKNOWN
 */
export async function closeRun(
  db: Db,
  ref: RunRef,
  end: { outcome: Outcome; problem?: string | undefined; errorCode?: string | undefined },
): Promise<RunSummary> {
  const key = await districtKey(db, ref.district);
  await db.transaction(async (trx) => {
    const closed = await rows<{ outcome: Outcome }>(
      trx,
      `update rollcall.runs set
         ended_at = case when is_open then now() else ended_at end,
         problem = case when is_open then ? else problem end,
         error_code = case when is_open then ? else error_code end,
         outcome = case
           when applied_at is not null and coalesce(outcome, ?) <> 'unchanged' then 'applied'
           when is_open then ? else outcome end
       from (select outcome is null or (outcome = 'held' and ?::text <> 'held') as is_open
             from rollcall.runs where district_key = ? and run = ? for update) as before
       where district_key = ? and run = ? returning outcome`,
      [
        end.problem ?? null,
        end.errorCode ?? null,
        end.outcome,
        end.outcome,
        end.outcome,
        ...[key, ref.run, key, ref.run],
      ],
    );
    const outcome = closed[0]?.outcome;
    if (!outcome) throw unknownRun(ref.run);
    // A held run may still be approved; any other end leaves its plan behind.
    if (outcome === 'held') return;
    await execute(
      trx,
      `update rollcall.plans set state = 'dropped', closed_at = now()
       where district_key = ? and run = ? and state = 'waiting'`,
      [key, ref.run],
    );
    await dropStaging(trx, key, ref.run);
  });
  return toSummary(await getRun(db, ref.district, ref.run));
}
