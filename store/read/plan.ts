/** Plans as people and scripts read them (docs/architecture.md, "The JSON that scripts read"). */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { districtKey, first, iso, isoOrNull } from '../sql.js';
import type {
  ChangeTotals,
  Kind,
  LeftAlone,
  LeftOut,
  PlanChoice,
  PlanRecord,
  SchoolChanges,
  SeatRoom,
} from '../types.js';
import type { PlanRow } from '../plan/state.js';

interface Row extends PlanRow {
  by_school: readonly SchoolChanges[];
  kept: Record<Kind, number>;
  changes: ChangeTotals;
  seat_buffer: number;
  seat_room: SeatRoom | null;
  choices: readonly PlanChoice[];
  rest: number | null;
  rest_of: number | null;
  answers_since: number;
  made_at: Date;
  closed_at: Date | null;
  closed_by: string | null;
  reason: string | null;
  undoes: number | null;
  left_alone: LeftAlone | null;
  outside: LeftOut | null;
}

/**
 * A run's plan, by default the newest of the district.
 * @throws StoreError PLAN_UNKNOWN, DISTRICT_UNKNOWN
 */
export async function getPlan(db: Db, district: string, run?: number): Promise<PlanRecord> {
  const key = await districtKey(db, district);
  const row = await first<Row>(
    db,
    `${PLANS} and p.run = coalesce(?::int, p.run) order by p.run desc limit 1`,
    [key, run ?? null],
  );
  if (!row) {
    const what = run === undefined ? 'this district has no plan yet' : `run ${run} has no plan`;
    throw new StoreError('PLAN_UNKNOWN', what);
  }
  return toRecord(db, key, row);
}

/**
 * The newest plan whose hash begins so, or the part that was made of such a one; null if none.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function findPlan(db: Db, district: string, hash: string): Promise<PlanRecord | null> {
  const key = await districtKey(db, district);
  const row = await first<Row>(
    db,
    `${PLANS} and (starts_with(p.hash, ?) or starts_with(p.whole_hash, ?))
     order by p.run desc limit 1`,
    [key, hash, hash],
  );
  return row && toRecord(db, key, row);
}

const PLANS = `
  select p.*, r.undoes, r.rest_of, r.outside,
         case when p.state = 'waiting' and r.undoes is null then d.answers - p.answers else 0 end
           as answers_since,
         (select rest.run from rollcall.runs rest
          where rest.district_key = p.district_key and rest.rest_of = p.run) as rest
  from rollcall.plans p join rollcall.runs r using (district_key, run)
  join rollcall.districts d on d.key = p.district_key
  where p.district_key = ?`;

async function toRecord(db: Db, key: number, row: Row): Promise<PlanRecord> {
  return {
    run: row.run,
    hash: row.hash,
    state: row.state,
    held: row.held,
    seats: {
      licensed: row.seats_licensed,
      before: row.seats_before,
      after: row.seats_after,
      buffer: row.seat_buffer,
    },
    room: row.seat_room,
    scope: row.scope,
    wholeHash: row.whole_hash,
    isolated: row.isolated,
    rest: row.rest,
    restOf: row.rest_of,
    choices: row.choices,
    changes: row.changes,
    undo: row.undoes === null ? null : { run: row.undoes, left: row.left_alone ?? {} },
    outside: row.outside,
    bySchool: row.by_school,
    kept: row.kept,
    ...(await countLines(db, key, row.run)),
    answersSince: row.answers_since,
    madeAt: iso(row.made_at),
    closedAt: isoOrNull(row.closed_at),
    closedBy: row.closed_by,
    reason: row.reason,
  };
}

/** What was purged since has lost its values, and says still which there were. */
async function countLines(
  db: Db,
  key: number,
  run: number,
): Promise<Pick<PlanRecord, 'renamed' | 'purged'>> {
  const found = await first<PlanRecord['renamed'] & { purged: number }>(
    db,
    `select ${['schools', 'teachers', 'classes', 'students']
      .map((kind) => `(count(*) filter (where kind = '${kind}' and is_renamed))::int as "${kind}"`)
      .join(', ')}, (count(*) filter (where key is null))::int as purged
     from (
       select kind, key, action = 'changed' and jsonb_exists(new,
         case kind when 'schools' then 'school_id' when 'classes' then 'class_id'
                   else 'email' end) as is_renamed
       from rollcall.plan_changes where district_key = ? and run = ?) c`,
    [key, run],
  );
  if (!found) throw new Error('a count always answers');
  const { purged, ...renamed } = found;
  return { renamed, purged };
}
