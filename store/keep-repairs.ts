/** Keeps what the reader put right: the reader lists a bounded number of cases. */
import type { Repair } from '../roster/read-roster.js';
import type { Db } from './db.js';
import { run as execute } from './sql.js';

/** In place of what an earlier attempt of the run kept. */
export async function keepRepairs(
  db: Db,
  key: number,
  run: number,
  repairs: readonly Repair[],
): Promise<void> {
  await execute(db, 'delete from rollcall.repairs where district_key = ? and run = ?', [key, run]);
  if (repairs.length === 0) return;
  const kept = repairs.map((one, index) => ({
    seq: index + 1,
    code: one.code,
    line: one.line,
    col: one.column ?? null,
    before: shown(one.before),
    after: shown(one.after),
    row_count: one.rows,
    more: one.more ?? null,
  }));
  await execute(
    db,
    `insert into rollcall.repairs
       (district_key, run, seq, code, line, col, "before", "after", row_count, more)
     select ?, ?, r.* from jsonb_to_recordset(?::jsonb) as r
       (seq int, code text, line int, col text, "before" text, "after" text, row_count int, more int)`,
    [key, run, JSON.stringify(kept)],
  );
}

/** Postgres has no place for NUL. */
const shown = (text: string): string => text.replaceAll('\0', '\u2400');
