/** What an undo's plan comes to: by school, and what it leaves. */
import type { PlanTarget } from '../plan/changes.js';
import { bySchool, type Count } from '../plan/totals.js';
import type { Db } from '../db.js';
import { rows } from '../sql.js';
import type { Kind, LeftAlone, LeftBecause, SchoolChanges } from '../types.js';

/** A person belongs to the schools of all classes (`undo_places`). */
export async function countUndoBySchool(trx: Db, target: PlanTarget): Promise<SchoolChanges[]> {
  const counts = await rows<Count & { school: string; name: string }>(
    trx,
    `with d as not materialized (select ?::int as key, ?::int as run)
     select c.school, s.name, c.kind, c.action, sum(c.count)::int as count
     from (
       select p.school, p.kind, p.action, 1 as count from rollcall.plan_changes p, d
       where p.district_key = d.key and p.run = d.run and p.kind in ('schools', 'classes')
       union all
       select w.school_id, p.kind, p.action, 1 from rollcall.plan_changes p
       join d on p.district_key = d.key and p.run = d.run
       join undo_places w on w.kind = p.kind and w.person = p.entity
       union all
       select p.school, p.kind, p.action, cardinality(p.people) from rollcall.plan_pairs p, d
       where p.district_key = d.key and p.run = d.run
     ) c
     join undo_schools s on s.school_id = c.school
     group by c.school, s.name, c.kind, c.action order by c.school`,
    [target.districtKey, target.run],
  );
  return bySchool(counts);
}

const NONE_LEFT = { changed: 0, needed: 0, outside: 0, purged: 0 };

export async function countLeft(trx: Db): Promise<LeftAlone> {
  const counts = await rows<{ kind: Kind; why: LeftBecause; count: number }>(
    trx,
    `select kind, why, count(*)::int as count from undo_values
     where why is not null group by kind, why`,
  );
  const left: Partial<Record<Kind, Record<LeftBecause, number>>> = {};
  for (const { kind, why, count } of counts) {
    left[kind] = { ...(left[kind] ?? NONE_LEFT), [why]: count };
  }
  return left;
}
