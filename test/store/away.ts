/** Time passes for those who are away, as nobody can wait a year for a test. */
import type { Db } from '../../store/db.js';
import { isAnyoneDue, purgeBatch, type Purged } from '../../store/purge.js';

/** As if all that is inactive in the district had been so for longer by `days`. */
export async function daysPass(db: Db, district: string, days: number): Promise<void> {
  for (const kind of ['schools', 'teachers', 'classes', 'students']) {
    await db.raw(
      `update rollcall.${kind} r set inactive_since = inactive_since - make_interval(days => ?)
       from rollcall.districts d where d.key = r.district_key and d.id = ? and not r.active`,
      [days, district],
    );
  }
}

/** Batch by batch, until nothing is left to do. */
export async function purge(db: Db, district: string, most?: number): Promise<Purged> {
  const sum = { schools: 0, teachers: 0, classes: 0, students: 0 };
  while (await isAnyoneDue(db, district)) {
    const one = await purgeBatch(db, district, most);
    if (Object.values(one).every((count) => count === 0)) break;
    for (const kind of Object.keys(sum) as (keyof typeof sum)[]) sum[kind] += one[kind];
  }
  return sum;
}

/** Every row of our tables in which the text stands, as `table: row`. */
export async function whereStands(db: Db, text: string): Promise<string[]> {
  const tables = await db.raw<{ rows: { name: string }[] }>(
    `select c.oid::regclass::text as name from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'rollcall' and c.relkind = 'r' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const hits = await db.raw<{ rows: { hit: string }[] }>(
      `select t::text as hit from ${name} t where position(lower(?) in lower(t::text)) > 0`,
      [text],
    );
    found.push(...hits.rows.map(({ hit }) => `${name}: ${hit}`));
  }
  return found;
}
