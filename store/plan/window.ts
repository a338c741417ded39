/**
 * What runs of the last days took away and brought, so that a slow leak adds up. Only what went by
 * itself counts: what a person has approved was looked at, and would be held again every night.
 */
import { COUNTED, type Counted } from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { rows } from '../sql.js';
import type { ChangeTotals, SchoolChanges, Totals } from '../types.js';

export interface Earlier {
  readonly removed: number;
  readonly added: number;
}
/** By kind, of one place. */
export type EarlierKinds = Readonly<Record<Counted, Earlier>>;
export interface EarlierRuns {
  readonly district: EarlierKinds;
  readonly schools: ReadonlyMap<string, EarlierKinds>;
}

const NONE: Earlier = { removed: 0, added: 0 };
export const NO_EARLIER: EarlierKinds = { students: NONE, classes: NONE, teachers: NONE };

interface AppliedPlan {
  readonly undo: boolean;
  readonly changes: ChangeTotals;
  readonly by_school: readonly SchoolChanges[];
}

/** Who applies what no person decided about; workflows/sync/plan-and-apply.ts says so. */
const NOBODY = 'system';

/** @param schools the only ones that are asked about */
export async function earlierRuns(
  trx: Db,
  districtKey: number,
  days: number,
  schools: readonly string[],
): Promise<EarlierRuns> {
  if (days === 0) return { district: NO_EARLIER, schools: new Map() };
  const plans = await rows<AppliedPlan>(
    trx,
    `select r.kind = 'undo' as undo, p.changes,
            coalesce((select jsonb_agg(s) from jsonb_array_elements(p.by_school) s
                      where s->>'school' = any (?::text[])), '[]') as by_school
     from rollcall.plans p join rollcall.runs r using (district_key, run)
     where p.district_key = ? and p.state = 'applied'
       and p.closed_at > now() - make_interval(days => ?::int)
       and (p.closed_by = ? or r.kind = 'undo')
     order by p.closed_at, p.run`,
    [[...schools], districtKey, days, NOBODY],
  );
  const bySchool = new Map<string, EarlierKinds>();
  let district = NO_EARLIER;
  for (const { undo, changes, by_school } of plans) {
    district = after(district, changes, undo);
    for (const one of by_school) {
      const known = bySchool.get(one.school) ?? NO_EARLIER;
      bySchool.set(one.school, after(known, one.changes, undo));
    }
  }
  return { district, schools: bySchool };
}

/**
 * An undo takes back what stands on the other side, and no more than was counted before it: it must
 * not open the door for a leak that comes after.
 */
function after(before: EarlierKinds, changes: ChangeTotals, undo: boolean): EarlierKinds {
  const one = (kind: Counted): Earlier => {
    const { removed, added } = before[kind];
    const { deactivated, arrived } = moved(changes[kind]);
    if (!undo) return { removed: removed + deactivated, added: added + arrived };
    return { removed: Math.max(0, removed - arrived), added: Math.max(0, added - deactivated) };
  };
  return Object.fromEntries(COUNTED.map((kind) => [kind, one(kind)])) as Record<Counted, Earlier>;
}

const moved = ({ deactivated, added, reactivated }: Totals) => ({
  deactivated,
  arrived: added + reactivated,
});
