import type { Db } from '../../store/db.js';

/** Every row of every table of ours, to compare before and after. */
export async function dump(db: Db): Promise<Record<string, unknown>> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('rollcall', 'roster') and table_type = 'BASE TABLE' order by 1`,
  );
  const tables: Record<string, unknown> = {};
  for (const { name } of rows) {
    const found = await db.raw<{ rows: { content: unknown }[] }>(
      `select coalesce(json_agg(t order by t::text), '[]') as content from ${name} t`,
    );
    tables[name] = found.rows[0]?.content;
  }
  return tables;
}
