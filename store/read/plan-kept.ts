/** Who is absent from a plan's file and stays all the same, and because of what. For support only. */
import type { Db } from '../db.js';
import { districtKey, rows } from '../sql.js';
import type { KeptLine, RunRef } from '../types.js';

const THINGS = [
  ['schools', 'school_id', 'r.name'],
  ['teachers', 'email', `r.first_name || ' ' || r.last_name`],
  ['classes', 'class_id', 'r.name'],
  ['students', 'email', `r.first_name || ' ' || r.last_name`],
] as const;

/**
 * Schools, people and classes; their pairs stay with them. By kind and key.
 * @param most of each kind; null: all
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function getKept(
  db: Db,
  { district, run }: RunRef,
  most: number | null,
): Promise<KeptLine[]> {
  const key = await districtKey(db, district);
  const all: KeptLine[] = [];
  for (const [kind, column, name] of THINGS) {
    all.push(
      ...(await rows<KeptLine>(
        db,
        `with kept as materialized (
           select r.${column} as key, ${name} as name, k.line
           from rollcall.plan_kept k join rollcall.${kind} r on r.key = k.entity
           where k.district_key = ? and k.run = ? and k.kind = '${kind}'
           order by 1 limit ?::int),
         found as (
           select f.seq, f.code, f.col, coalesce(one.line, f.line) as line
           from rollcall.findings f
           join rollcall.runs u on u.district_key = f.district_key
                               and f.run = coalesce(u.read_run, u.run)
           left join lateral unnest(f.lines) as one (line) on true
           where u.district_key = ? and u.run = ? and f.severity = 'error')
         select '${kind}' as kind, k.key, k.name, k.line, c.code, c.col as column
         from kept k
         left join (select distinct on (line) line, code, col from found
                    where line in (select line from kept) order by line, seq) c
           on c.line = k.line
         order by k.key collate "C"`,
        [key, run, most, key, run],
      )),
    );
  }
  return all;
}
