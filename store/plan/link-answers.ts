/** What support has answered about who is who, put into the pairs that a plan looks at. */
import type { Db } from '../db.js';
import { first, run } from '../sql.js';
import type { Linked } from '../types.js';
import type { Rule, StagedTables } from './link-rules.js';

/**
 * Changes `link_<kind>`: those who are not the same are no pair any more; those who are are the only
 * one that either could be. A new one must be new in this file and the old one absent from it, and
 * whom a rejected row speaks of is left alone whatever the answer is.
 */
export async function applyAnswers(
  trx: Db,
  districtKey: number,
  { kind, key }: Rule,
  { rejected }: StagedTables,
): Promise<void> {
  if (!(await hasAnswers(trx, districtKey, kind))) return;
  const column = { students: 'student_email', teachers: 'teacher_email' }[kind as string] ?? key;
  await run(
    trx,
    `create temp table said_${kind} on commit drop as
     select f.n, f.key, a.new_key, a.entity as old_key
     from rollcall.link_answers a
     join file_${kind} f on f.${key} = a.new_key and f.action = 'added'
     join absent_${kind} b on b.key = a.entity
     join rollcall.${kind} r on r.key = a.entity
     where a.district_key = ? and a.kind = '${kind}' and a.is_same
       and not exists (select from ${rejected} x where x.${column} = r.${key})`,
    [districtKey],
  );
  await run(
    trx,
    `delete from link_${kind} l using rollcall.link_answers a
     where a.district_key = ? and a.kind = '${kind}' and not a.is_same
       and a.entity = l.old_key and a.new_key = l.new_key`,
    [districtKey],
  );
  await run(
    trx,
    `delete from link_${kind} l using said_${kind} s where s.n = l.n or s.old_key = l.old_key`,
  );
  await run(
    trx,
    `insert into link_${kind} (n, key, new_key, old_key, same_name, shared, of_old, fits, near)
     select n, key, new_key, old_key, false, 0, 0, true, false from said_${kind}`,
  );
}

async function hasAnswers(trx: Db, districtKey: number, kind: Linked): Promise<boolean> {
  const found = await first<{ some: boolean }>(
    trx,
    `select exists (select from rollcall.link_answers
                    where district_key = ? and kind = ?) as some`,
    [districtKey, kind],
  );
  return found?.some ?? false;
}
