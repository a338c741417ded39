/**
 * Whether those who go come back under another id, and who is called otherwise now: read out of
 * the plan's own changes, and only where there are enough of them to matter. Letters' case does not
 * count: a system that writes names in capitals from today on has changed nobody.
 */
import { COUNTED, type Counted } from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { rows } from '../sql.js';
import type { ChangeTotals } from '../types.js';
import type { PlanTarget } from './changes.js';
import { withoutLoops } from './with-indexes.js';

interface Churned {
  readonly kind: Counted;
  readonly what: 'ids' | 'names';
  /** Null: the plan knows no school of theirs. */
  readonly school: string | null;
  readonly count: number;
}

/** Under which name one of these is known again; a class only within its school. */
const PERSON = `lower(c.V->>'first_name') || chr(31) || lower(c.V->>'last_name')`;
const NAMES: Readonly<Record<Counted, string>> = {
  students: PERSON,
  teachers: PERSON,
  classes: `c.school || chr(31) || lower(c.V->>'name')`,
};
const named = (kind: Counted, values: 'old' | 'new'): string => NAMES[kind].replaceAll('V', values);

/**
 * Each name's goers and comers stand in a row; those who have a partner are the same one. So are
 * those whom the plan itself takes for the same (renames.ts).
 */
const ids = (kind: Counted): string => `
  select '${kind}' as kind, 'ids' as what, school, sum(count)::int as count
  from (
    select gone.school, count(*) as count
    from (${inARow(kind, `c.action = 'deactivated'`, named(kind, 'old'))}) gone
    join (${inARow(kind, `c.action in ('added', 'reactivated')`, named(kind, 'new'))}) come
      using (name, nth)
    group by gone.school
    union all
    select c.school, count(*)
    from rollcall.plan_changes c join d on d.key = c.district_key and d.run = c.run
    where c.kind = '${kind}' and c.action = 'changed'
      and c.new->>'${kind === 'classes' ? 'class_id' : 'email'}' is not null
    group by c.school
  ) one group by school`;

const inARow = (kind: Counted, which: string, name: string): string => `
  select c.school, ${name} as name,
         row_number() over (partition by ${name} order by c.school, c.key) as nth
  from rollcall.plan_changes c join d on d.key = c.district_key and d.run = c.run
  where c.kind = '${kind}' and ${which}`;

/** A class that moved is still called the same, so its school is no part of its name here. */
const names = (kind: Counted): string => {
  const [before, after] =
    kind === 'classes'
      ? [`lower(c.old->>'name')`, `lower(c.new->>'name')`]
      : [named(kind, 'old'), named(kind, 'new')];
  return `
  select '${kind}' as kind, 'names' as what, c.school, count(*)::int as count
  from rollcall.plan_changes c join d on d.key = c.district_key and d.run = c.run
  where c.kind = '${kind}' and c.action = 'changed' and ${before} <> ${after}
  group by c.school`;
};

/** @param from fewer than this in the whole district are not looked for */
export async function findChurn(
  trx: Db,
  { districtKey, run }: PlanTarget,
  changes: ChangeTotals,
  from: { readonly ids: number; readonly names: number },
): Promise<readonly Churned[]> {
  const parts = COUNTED.flatMap((kind) => {
    const { deactivated, added, reactivated, changed } = changes[kind];
    return [
      ...(Math.min(deactivated, added + reactivated) + changed >= Math.max(1, from.ids)
        ? [ids(kind)]
        : []),
      ...(changed >= Math.max(1, from.names) ? [names(kind)] : []),
    ];
  });
  if (parts.length === 0) return [];
  return withoutLoops(trx, () =>
    rows<Churned>(
      trx,
      `with d as not materialized (select ?::int as key, ?::int as run) ${parts.join(' union all ')}`,
      [districtKey, run],
    ),
  );
}
