/**
 * What a file says no more is staged by the keys that the last file had. Where a part of the plan
 * has given something another key, the rest would look for the old one in vain: a class that the
 * student has left under the old address would be theirs for good.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { goneTable } from '../staging-table.js';

const KEYS = { schools: 'school_id', teachers: 'email', classes: 'class_id', students: 'email' };
const PAIRS = [
  ['classTeachers', 'teachers'],
  ['enrollments', 'students'],
] as const;

/** @param part the run whose plan was applied @param rest the one that has its `gone_…` now */
export async function renewGone(
  trx: Db,
  districtKey: number,
  part: number,
  rest: number,
): Promise<void> {
  const gone = goneTable(districtKey, rest);
  const renew = (column: 'id' | 'email', of: keyof typeof KEYS, kinds: readonly string[]) =>
    run(
      trx,
      `update ${gone} g set ${column} = c.key
       from rollcall.plan_lines c
       where c.district_key = ? and c.run = ? and c.kind = '${of}' and c.action = 'changed'
         and c.old->>'${KEYS[of]}' = g.${column} and g.kind = any (?::text[])`,
      [districtKey, part, kinds],
    );
  for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
    await renew('id', kind, [kind]);
  }
  await renew(
    'id',
    'classes',
    PAIRS.map(([kind]) => kind),
  );
  for (const [kind, people] of PAIRS) await renew('email', people, [kind]);
}
