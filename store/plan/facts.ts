/**
 * Gathers what limits judge, out of the plan's own numbers and the runs of the last days. A plan
 * that changes nobody costs one small question: nothing else is asked that could not hold it.
 */
import { enoughBefore, type Limits } from '../../roster/limits.js';
import {
  COUNTED,
  type Counted,
  type KindFacts,
  type PlaceFacts,
  type PlanFacts,
} from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { first } from '../sql.js';
import type { ChangeTotals, SchoolChanges } from '../types.js';
import type { PlanTarget } from './changes.js';
import { findChurn } from './churn.js';
import { sizesOfSchools } from './school-sizes.js';
import { earlierRuns, NO_EARLIER, type EarlierKinds, type EarlierRuns } from './window.js';
import { withIndexes } from './with-indexes.js';

export interface Known {
  readonly limits: Limits;
  /** Active ones in the roster before the plan. */
  readonly before: Readonly<Record<Counted, number>>;
  readonly changes: ChangeTotals;
  readonly bySchool: readonly SchoolChanges[];
  readonly seats: PlanFacts['seats'];
}

export async function gatherFacts(trx: Db, target: PlanTarget, known: Known): Promise<PlanFacts> {
  return withIndexes(trx, async () => {
    const { limits, before, changes, bySchool, seats } = known;
    const rows = await rowsOf(trx, target);
    const churn = await churnOf(trx, target, known);
    const earlier = await earlierOf(trx, target, known);
    const first = COUNTED.every((kind) => before[kind] === 0);
    const district = placeOf(null, changes, earlier.district, churn);
    const schools = bySchool.map(({ school, changes: totals }) =>
      placeOf(school, totals, earlier.schools.get(school) ?? NO_EARLIER, churn),
    );
    return {
      first,
      rows,
      seats,
      district: withSize(district, before),
      schools: await sized(trx, target, schools, { first }, limits),
    };
  });
}

type ChurnOf = (school: string | null, kind: Counted, what: 'ids' | 'names') => number;
type Size = Readonly<Record<Counted, number>>;

/** How many there were is not known yet. */
function placeOf(
  school: string | null,
  changes: ChangeTotals,
  earlier: EarlierKinds,
  churn: ChurnOf,
): PlaceFacts {
  const one = (kind: Counted): KindFacts => ({
    before: 0,
    removed: changes[kind].deactivated,
    added: changes[kind].added + changes[kind].reactivated,
    removedEarlier: earlier[kind].removed,
    addedEarlier: earlier[kind].added,
    newIds: churn(school, kind, 'ids'),
    newNames: churn(school, kind, 'names'),
  });
  return {
    school,
    kinds: { students: one('students'), classes: one('classes'), teachers: one('teachers') },
  };
}

const withSize = ({ school, kinds }: PlaceFacts, size: Size): PlaceFacts => ({
  school,
  kinds: {
    students: { ...kinds.students, before: size.students },
    classes: { ...kinds.classes, before: size.classes },
    teachers: { ...kinds.teachers, before: size.teachers },
  },
});

/** What others did before matters only where this plan does the same again. */
async function earlierOf(trx: Db, target: PlanTarget, known: Known): Promise<EarlierRuns> {
  const { limits, changes, bySchool } = known;
  const moving = bySchool.filter((one) => COUNTED.some((kind) => moves(one.changes[kind])));
  const days = COUNTED.some((kind) => moves(changes[kind])) ? limits.windowDays : 0;
  return earlierRuns(
    trx,
    target.districtKey,
    days,
    moving.map(({ school }) => school),
  );
}

const moves = (one: ChangeTotals[Counted]): boolean =>
  one.added + one.reactivated + one.deactivated > 0;

/** Of the schools that a limit could hold: how many they have. The others are left out. */
async function sized(
  trx: Db,
  { districtKey }: PlanTarget,
  schools: readonly PlaceFacts[],
  facts: Pick<PlanFacts, 'first'>,
  limits: Limits,
): Promise<PlaceFacts[]> {
  const asked = schools.map((place) => ({
    school: place.school ?? '',
    wanted: enoughBefore(place, facts, limits),
  }));
  const sizes = await sizesOfSchools(trx, districtKey, asked);
  return schools.flatMap((place) => {
    const size = sizes.get(place.school ?? '');
    return size ? [withSize(place, size)] : [];
  });
}

/** After an undo, the newest run that was applied and not undone: the undone file is no measure. */
const STANDING = `
  select o.run from rollcall.runs o join rollcall.plans p using (district_key, run)
  where o.district_key = s.district_key and o.undoes is null and p.state = 'applied'
    and not exists (select from rollcall.runs u join rollcall.plans q using (district_key, run)
                    where u.district_key = o.district_key and u.undoes = o.run
                      and q.state = 'applied')
  order by p.roster_version desc, o.run desc limit 1`;

const OUTSIDE = (what: 'rows' | 'rejected'): string => `coalesce((r.outside->>'${what}')::int, 0)`;

async function rowsOf(trx: Db, { districtKey, run }: PlanTarget): Promise<PlanFacts['rows']> {
  const found = await first<PlanFacts['rows']>(
    trx,
    `select coalesce(r.row_count, 0) as now, a.row_count as last,
            coalesce(r.row_count, 0) - ${OUTSIDE('rows')} - ${OUTSIDE('rejected')} as inside,
            coalesce(r.rejected, 0) - ${OUTSIDE('rejected')} as rejected
     from rollcall.runs r
     join rollcall.roster_state s on s.district_key = r.district_key
     left join rollcall.runs a on a.district_key = r.district_key
       and a.run = case when s.accepted_sha256 is not null then s.accepted_run else (${STANDING}) end
     where r.district_key = ? and r.run = ?`,
    [districtKey, run],
  );
  return found ?? { now: 0, inside: 0, rejected: 0, last: null };
}

/** The lowest floors say from how many on it is worth to look; all schools together are the district. */
async function churnOf(trx: Db, target: PlanTarget, known: Known): Promise<ChurnOf> {
  const { floors } = known.limits;
  const lowest = (limit: 'id-churn' | 'name-churn') =>
    Math.min(floors[limit].district, floors[limit].school);
  const found = await findChurn(trx, target, known.changes, {
    ids: lowest('id-churn'),
    names: lowest('name-churn'),
  });
  const counts = new Map<string, number>();
  const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
  for (const { kind, what, school, count } of found) {
    add(keyOf(null, kind, what), count);
    if (school !== null) add(keyOf(school, kind, what), count);
  }
  return (...of) => counts.get(keyOf(...of)) ?? 0;
}

const keyOf = (...[school, kind, what]: Parameters<ChurnOf>): string =>
  `${kind} ${what}${school === null ? '' : ` ${school}`}`;
