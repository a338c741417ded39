/** Keeps what reading found: each finding by COPY, as there may be a million, and their causes. */
import type { Knex } from 'knex';
import { causes } from '../roster/causes.js';
import { copyField, copyInto } from './copy.js';
import type { Db } from './db.js';
import { run as execute } from './sql.js';
import type { FindingInput } from './types.js';

/** In place of what an earlier attempt of the run kept. `findings` is walked through twice. */
export async function keepFindings(
  trx: Knex.Transaction,
  key: number,
  run: number,
  findings: Iterable<FindingInput>,
): Promise<void> {
  for (const table of ['findings', 'causes']) {
    await execute(trx, `delete from rollcall.${table} where district_key = ? and run = ?`, [
      key,
      run,
    ]);
  }
  await copyFindings(trx, key, run, findings);
  await keepCauses(trx, key, run, findings);
}

async function copyFindings(
  trx: Knex.Transaction,
  key: number,
  run: number,
  findings: Iterable<FindingInput>,
): Promise<void> {
  const copy = `copy rollcall.findings (district_key, run, seq, code, severity, line, col, value,
    subject, row_count, people, lines, count) from stdin`;
  await copyInto(trx, copy, async ({ line }) => {
    let seq = 0;
    for (const one of findings) {
      seq += 1;
      const fields = [
        String(key),
        String(run),
        String(seq),
        one.code,
        one.severity,
        numberOrNull(one.line),
        one.column,
        shown(one.value),
        shown(one.subject),
        String(one.rows),
        numberOrNull(one.people),
        `{${(one.lines ?? []).join(',')}}`,
        numberOrNull(one.count),
      ];
      await line(fields.map(copyField).join('\t'));
    }
  });
}

async function keepCauses(
  db: Db,
  key: number,
  run: number,
  findings: Iterable<FindingInput>,
): Promise<void> {
  const all = causes(findings).map((cause, index) => ({
    seq: index + 1,
    code: cause.code,
    severity: cause.severity,
    col: cause.column,
    subject: shown(cause.subject),
    people: cause.people,
    row_count: cause.rows,
    finding_count: cause.findings,
    lines: cause.lines,
    more_lines: cause.moreLines,
    values: cause.values.map(shown),
    message: shown(cause.message),
    fix: cause.fix,
  }));
  if (all.length === 0) return;
  await execute(
    db,
    `insert into rollcall.causes
       (district_key, run, seq, code, severity, col, subject, people, row_count, finding_count,
        lines, more_lines, "values", message, fix)
     select ?, ?, c.* from jsonb_to_recordset(?::jsonb) as c
       (seq int, code text, severity text, col text, subject text, people int, row_count int,
        finding_count int, lines int[], more_lines int, "values" text[], message text, fix text)`,
    [key, run, JSON.stringify(all)],
  );
}

const numberOrNull = (value: number | null | undefined): string | null =>
  value == null ? null : String(value);

/** Postgres has no place for NUL; the sign for it says what stood there. */
const shown = (text: string | null | undefined): string | null =>
  text?.replaceAll('\0', '\u2400') ?? null;
