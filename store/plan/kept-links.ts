/**
 * Which pairs of a plan were taken for the same thing under another key, and which are asked about,
 * kept with the plan (`plan_links`): so that a person sees them, and so that what a part of the plan
 * leaves out is told apart as the whole plan did. With the part in it the roster says something
 * else: of three classes that a student has left, two may be left, and then half of them is less.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import type { PlanTarget } from './changes.js';
import type { Linked } from '../types.js';
import type { Rule } from './link-rules.js';

/** Pairs `l` of `link_<kind>` that fit or nearly fit, and were not linked. */
export const UNCLEAR = (kind: Linked): string => `(l.fits or l.near)
  and not exists (select from only_${kind} o where o.n = l.n or o.old_key = l.old_key)`;
const SAME = (kind: Linked): string =>
  `exists (select from only_${kind} o where o.n = l.n and o.old_key = l.old_key)`;

const FACTS = 'same_name, grade_fits, shared, of_old, of_new';

/** @param which all are many in a district that gives everybody another address */
export async function keepLinks(
  trx: Db,
  { districtKey, run: number }: PlanTarget,
  kinds: readonly Linked[],
  which: 'same' | 'unclear',
): Promise<void> {
  for (const kind of kinds) {
    await run(
      trx,
      `insert into rollcall.plan_links (district_key, run, kind, entity, new_key, is_same, ${FACTS})
       select ?::int, ?::int, '${kind}', l.old_key, l.new_key, ${which === 'same'}, ${FACTS}
       from link_${kind} l where ${which === 'same' ? SAME(kind) : UNCLEAR(kind)}`,
      [districtKey, number],
    );
  }
}

/** The pairs of an earlier plan that are still open, in the shape of a rule's candidates. */
export const keptCandidates = ({ kind, key }: Rule): string => `
  select f.n, f.key, k.new_key, k.entity as old_key, k.same_name, k.grade_fits, k.shared, k.of_old,
         k.of_new, k.is_same as fits, not k.is_same as near
  from rollcall.plan_links k
  join file_${kind} f on f.${key} = k.new_key and f.action = 'added'
  join absent_${kind} a on a.key = k.entity
  where k.district_key = ? and k.run = ? and k.kind = ?`;
