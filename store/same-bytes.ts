/** Whether the bytes of a fetched file are known already: the same bytes again cost one hash. */
import type { Db } from './db.js';
import { putAsideBy } from './put-aside.js';
import { districtKey, first } from './sql.js';
import type { FileProblem, SameBytes } from '../workflows/contract.js';
import type { RunRef } from './types.js';

interface KnownRow {
  readonly run: number;
  readonly same: SameBytes['same'];
  readonly workflow_id: string;
  readonly problem: FileProblem;
}

/**
 * What an earlier run found out about these bytes, or null: read them. Also null when the roster
 * stands as they say but a plan of other bytes waits: then this run's plan must take its place.
 *
 * Bytes that were read in another way than the district's file is read now (`reading`) are other
 * bytes: its own names of columns, say, decide what they mean. So are those of a plan that did not know
 * yet what support has answered about who is who since.
 *
 * A rejection and a refusal stand until the settings of the district change (`district set`), so
 * that support can have a file looked at again; a rejection also only for the roster that it was
 * about, and while nothing else waits. The same goes for bytes that an undo put aside, which it
 * does until another file was applied (put-aside.ts). A reader that learned to read more does not know what it
 * refused before: after such an upgrade, a changed setting or a new upload has it read again.
 */
export async function sameBytes(db: Db, ref: RunRef, sha256: string): Promise<SameBytes | null> {
  const key = await districtKey(db, ref.district);
  const roster = await first<{ accepted_run: number | null; others: boolean }>(
    db,
    `select case when s.accepted_sha256 = ? and s.accepted_run <> ? and a.reading = d.reading
                 then s.accepted_run end
              as accepted_run,
            ${OTHERS_WAIT} as others
     from rollcall.roster_state s
     join rollcall.districts d on d.key = s.district_key
     left join rollcall.runs a on a.district_key = s.district_key and a.run = s.accepted_run
     where s.district_key = ?`,
    [sha256, ref.run, ref.run, sha256, key],
  );
  if (roster?.accepted_run != null) {
    return roster.others ? null : { same: 'accepted', sameRun: roster.accepted_run };
  }
  const known = await first<KnownRow>(
    db,
    `select r.run, r.workflow_id, r.problem,
            case when p.state = 'waiting' and p.answers = d.answers then 'held'
                 when p.state = 'rejected' and p.roster_version = s.roster_version
                      and p.answers = d.answers and d.updated_at <= p.closed_at and not ${OTHERS_WAIT} then 'rejected'
                 when r.outcome = 'refused' and r.problem is not null
                      and d.updated_at <= r.ended_at then 'refused'
                 else 'read' end as same
     from rollcall.runs r
     join rollcall.districts d on d.key = r.district_key
     join rollcall.roster_state s on s.district_key = r.district_key
     left join rollcall.plans p on p.district_key = r.district_key and p.run = r.run
     where r.district_key = ? and r.run <> ? and r.sha256 = ? and r.row_count is not null
           and r.reading = d.reading
     order by p.state is not distinct from 'waiting' desc, r.run desc limit 1`,
    [ref.run, sha256, key, ref.run, sha256],
  );
  if (known?.same === 'held') return toSameBytes(known);
  const undo = await putAsideBy(db, key, sha256);
  if (undo !== null) return { same: 'rejected', sameRun: undo };
  return known && toSameBytes(known);
}

/** A plan of other bytes, or of these read in another way or with other answers, waits; takes the asking run and its bytes. */
const OTHERS_WAIT = `exists (
  select from rollcall.plans w join rollcall.runs o using (district_key, run)
  where w.district_key = s.district_key and w.state = 'waiting' and w.run <> ?
    and o.sha256 is not null and (o.sha256 <> ? or o.reading <> d.reading or w.answers <> d.answers))`;

function toSameBytes({ run: sameRun, same, workflow_id: holder, problem }: KnownRow): SameBytes {
  if (same === 'held') return { same, sameRun, holder };
  if (same === 'refused') return { same, sameRun, problem };
  return { same, sameRun };
}
