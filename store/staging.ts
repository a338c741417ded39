/** A file's rows on their way into the roster: read here, planned and applied from here. */
import { COLUMNS, FIELD_OF } from '../roster/columns.js';
import { copyField, copyInto } from './copy.js';
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { recordRead } from './runs.js';
import { districtKey, first, run as execute, unknownRun } from './sql.js';
import { createStaging, stagingTable } from './staging-table.js';
import type { ReadableCells, RunRef, StagedCounts, StagedOutcome, StagedRow } from './types.js';

/** In the order of the COPY. */
const FIELDS = COLUMNS.map((column) => FIELD_OF[column]);

interface Encoded {
  readonly text: string;
  readonly accepted: boolean;
}

/** A cell with NUL cannot be kept, so it counts as unreadable, and its row as rejected. */
function encode(staged: StagedRow): Encoded {
  const cells: ReadableCells = staged.accepted ? staged.row : staged.keys;
  let { accepted } = staged;
  let text = '';
  for (const field of FIELDS) {
    let value = cells[field] ?? null;
    if (value?.includes('\0')) {
      value = null;
      accepted = false;
    }
    text += `\t${copyField(value)}`;
  }
  return { text: `${staged.line}\t${accepted ? 't' : 'f'}${text}`, accepted };
}

/**
 * Stages what `feed` puts, in one transaction, in place of anything that this run had staged,
 * and keeps counts and findings in the run's record. If `feed` answers null (the file cannot be
 * used after all) or throws, nothing is kept; its own errors come out as they are.
 * @returns the counts, or null if `feed` answered null
 * @throws StoreError RUN_UNKNOWN, RUN_CLOSED, RUN_BUSY (another attempt is at it; retryable)
 */
export async function stageRoster(
  db: Db,
  ref: RunRef,
  feed: (put: (row: StagedRow) => Promise<void>) => Promise<StagedOutcome | null>,
): Promise<StagedCounts | null> {
  const key = await districtKey(db, ref.district);
  try {
    return await db.transaction(async (trx) => {
      await holdRun(trx, key, ref);
      await createStaging(trx, key, ref.run);
      const table = stagingTable(key, ref.run);
      let rows = 0;
      let accepted = 0;
      const copy = `copy ${table} (line, accepted, ${COLUMNS.join(', ')}) from stdin`;
      const outcome = await copyInto(trx, copy, ({ line }) =>
        feed((row) => {
          const encoded = encode(row);
          rows += 1;
          if (encoded.accepted) accepted += 1;
          return line(encoded.text);
        }),
      );
      if (!outcome) throw new NothingKept();
      accepted -= await rejectLines(trx, table, outcome.rejectedLines);
      await forgetIds(trx, table, outcome.lostIds ?? []);
      // Without statistics a merge of one tenth of these rows was seen to take five minutes.
      await execute(trx, `analyze ${table}`);
      const counts = { rows, accepted, rejected: rows - accepted };
      await recordRead(trx, ref, { ...counts, ...outcome });
      await execute(
        trx,
        'update rollcall.runs set staged_at = now() where district_key = ? and run = ?',
        [key, ref.run],
      );
      return counts;
    });
  } catch (error) {
    if (error instanceof NothingKept) return null;
    throw error;
  }
}

/** Rolls the transaction back without being an error to anybody. */
class NothingKept extends Error {}

/** Keeps a second attempt of the same run away, and at once. */
async function holdRun(trx: Db, key: number, ref: RunRef): Promise<void> {
  const find = (lock: string) =>
    first<{ ended_at: Date | null }>(
      trx,
      `select ended_at from rollcall.runs where district_key = ? and run = ? ${lock}`,
      [key, ref.run],
    );
  const found = await find('for no key update skip locked');
  if (found?.ended_at) {
    throw new StoreError('RUN_CLOSED', `run ${ref.run} has ended; a new run reads a new file`);
  }
  if (found) return;
  if (!(await find(''))) throw unknownRun(ref.run);
  throw new StoreError('RUN_BUSY', `run ${ref.run} is being read already; try again`, {
    retryable: true,
  });
}

/** @returns how many rows were accepted until now */
async function rejectLines(trx: Db, table: string, lines: readonly number[]): Promise<number> {
  if (lines.length === 0) return 0;
  return execute(
    trx,
    `update ${table} s set accepted = false
     from (select distinct unnest(?::int[]) as line) r where s.line = r.line and s.accepted`,
    [lines],
  );
}

/** A spoilt id names nothing, so its rows must protect as if the cell could not be read. */
async function forgetIds(
  trx: Db,
  table: string,
  lost: NonNullable<StagedOutcome['lostIds']>,
): Promise<void> {
  for (const column of ['school_id', 'class_id'] as const) {
    const values = lost.filter((one) => one.column === column).map(({ value }) => value);
    if (values.length === 0) continue;
    await execute(
      trx,
      `update ${table} set ${column} = null, accepted = false where ${column} = any (?::text[])`,
      [values],
    );
  }
}
