/** Runs as people and scripts read them (docs/architecture.md, "The JSON that scripts read"). */
import type { Db } from '../db.js';
import { districtKey, first, iso, isoOrNull, rows, unknownRun } from '../sql.js';
import type {
  ChangeTotals,
  LeftOut,
  Outcome,
  RunKind,
  RunRecord,
  RunSummary,
  WaitingPlan,
} from '../types.js';

interface RunRow {
  run: number;
  kind: RunKind;
  outcome: Outcome | null;
  problem: RunRecord['problem'];
  error_code: string | null;
  sha256: string | null;
  bytes: string | null;
  row_count: number | null;
  accepted: number | null;
  rejected: number | null;
  outside: LeftOut | null;
  errors: number | null;
  warnings: number | null;
  notes: number | null;
  changes: ChangeTotals | null;
  hash: string | null;
  rest_of: number | null;
  workflow_id: string;
  occasion: string;
  undoes: number | null;
  forgotten_at: Date | null;
  started_at: Date;
  ended_at: Date | null;
}

// A run is called held as soon as its plan waits over a limit, though it has not ended.
const RUNS = `
  select r.*, p.changes, p.hash,
         coalesce(case when r.applied_at is not null and r.outcome is distinct from 'unchanged'
                       then 'applied' else r.outcome end,
                  case when p.state = 'waiting' and (p.held <> '[]' or r.rest_of is not null)
                       then 'held' end) as outcome
  from rollcall.runs r
  left join rollcall.plans p on p.district_key = r.district_key and p.run = r.run
  where r.district_key = ?`;

const toFindings = ({ errors, warnings, notes }: RunRow): RunRecord['findings'] =>
  errors === null || warnings === null || notes === null ? null : { errors, warnings, notes };

const toFile = ({ sha256, bytes, row_count }: RunRow): RunRecord['file'] =>
  sha256 === null ? null : { sha256, bytes: Number(bytes), rows: row_count };

const toRecord = (row: RunRow): RunRecord => ({
  run: row.run,
  kind: row.kind,
  outcome: row.outcome,
  problem: row.problem,
  errorCode: row.error_code,
  file: toFile(row),
  accepted: row.accepted,
  rejected: row.rejected,
  outside: row.outside,
  changes: row.changes,
  findings: toFindings(row),
  planHash: row.hash,
  restOf: row.rest_of,
  workflowId: row.workflow_id,
  occasion: row.occasion,
  undoes: row.undoes,
  forgottenAt: isoOrNull(row.forgotten_at),
  startedAt: iso(row.started_at),
  endedAt: isoOrNull(row.ended_at),
});

/** All runs, newest first. @throws StoreError DISTRICT_UNKNOWN */
export async function listRuns(db: Db, district: string): Promise<RunRecord[]> {
  const key = await districtKey(db, district);
  return (await rows<RunRow>(db, `${RUNS} order by r.run desc`, [key])).map(toRecord);
}

/** One run, by default the newest. @throws StoreError RUN_UNKNOWN, DISTRICT_UNKNOWN */
export async function getRun(db: Db, district: string, run?: number): Promise<RunRecord> {
  const key = await districtKey(db, district);
  const found =
    run === undefined
      ? await first<RunRow>(db, `${RUNS} order by r.run desc limit 1`, [key])
      : await first<RunRow>(db, `${RUNS} and r.run = ?`, [key, run]);
  if (!found) throw unknownRun(run);
  return toRecord(found);
}

/** The newest plan that waits for a decision, or null. @throws StoreError DISTRICT_UNKNOWN */
export async function waitingPlan(db: Db, district: string): Promise<WaitingPlan | null> {
  const key = await districtKey(db, district);
  const found = await first<{ run: number; hash: string; workflow_id: string; occasion: string }>(
    db,
    `select p.run, p.hash, r.workflow_id, r.occasion
     from rollcall.plans p join rollcall.runs r using (district_key, run)
     where p.district_key = ? and p.state = 'waiting' order by p.run desc limit 1`,
    [key],
  );
  if (!found) return null;
  const { run, hash, workflow_id, occasion } = found;
  return { run, planHash: hash, workflowId: workflow_id, occasion };
}

/** The short form that goes into a workflow's history. */
export function toSummary(record: RunRecord): RunSummary {
  return {
    run: record.run,
    kind: record.kind,
    ...(record.outcome && { outcome: record.outcome }),
    ...(record.problem && { problem: record.problem }),
    ...(record.file?.rows != null && { rows: record.file.rows }),
    ...(record.rejected !== null && { rejected: record.rejected }),
    ...(record.findings && { findings: record.findings }),
    ...(record.changes && { changes: record.changes }),
    ...(record.planHash && { planHash: record.planHash }),
    ...(record.restOf !== null && { restOf: record.restOf }),
  };
}
