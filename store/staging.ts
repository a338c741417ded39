/** A file's rows on their way into the roster: read here, planned and applied from here. */
import type { Knex } from 'knex';
import { copyInto } from './copy.js';
import type { Db } from './db.js';
import { dropOutside } from './drop-outside.js';
import { StoreError } from './errors.js';
import { recordRead } from './runs.js';
import { districtKey, first, run as execute, unknownRun } from './sql.js';
import {
  GONE_COLUMNS,
  goneLines,
  REJECTED_COLUMNS,
  rejectedLine,
  STAGED_COLUMNS,
  stagedLines,
} from './staged-lines.js';
import {
  createGone,
  createStaging,
  goneTable,
  rejectedTable,
  stagingTable,
} from './staging-table.js';
import type { ReadableCells, RunRef, StagedCounts, StagedOutcome } from './types.js';

/**
 * Stages what a file says, in one transaction, in place of anything that this run had staged, and
 * keeps counts and findings in the run's record. `feed` reads the file: it puts the rows that it
 * rejects on the way, and answers with all the rest. If it answers null (the file cannot be used
 * after all) or throws, nothing is kept; its own errors come out as they are.
 * @returns the counts, or null if `feed` answered null
 * @throws StoreError RUN_UNKNOWN, RUN_CLOSED, RUN_BUSY (another attempt is at it; retryable)
 */
export async function stageRoster(
  db: Db,
  ref: RunRef,
  feed: (
    reject: (keys: ReadableCells, line?: number) => Promise<void>,
  ) => Promise<StagedOutcome | null>,
): Promise<StagedCounts | null> {
  const key = await districtKey(db, ref.district);
  try {
    return await db.transaction(async (trx) => {
      await holdRun(trx, key, ref);
      await createStaging(trx, key, ref.run);
      const rejected = rejectedTable(key, ref.run);
      const outcome = await copyInto(
        trx,
        `copy ${rejected} (${REJECTED_COLUMNS}) from stdin`,
        async ({ line }) => {
          const read = await feed((keys, at) => line(rejectedLine(keys, at ?? null)));
          for (const keys of read?.says.rejected() ?? []) {
            await line(rejectedLine(keys, keys.line));
          }
          return read;
        },
      );
      if (!outcome) throw new NothingKept();
      await forgetIds(trx, rejected, outcome.lostIds ?? []);
      const outside = await dropOutside(trx, rejected, key, outcome);
      const { base = null } = outcome;
      const staged = `copy ${stagingTable(key, ref.run)} (${STAGED_COLUMNS}) from stdin`;
      let things = await copyLines(trx, staged, stagedLines(outcome.says));
      if (base !== null) {
        await createGone(trx, key, ref.run);
        const gone = `copy ${goneTable(key, ref.run)} (${GONE_COLUMNS}) from stdin`;
        things += await copyLines(trx, gone, goneLines(base.gone));
      }
      const { rows, accepted } = outcome;
      const counts = { rows, accepted, rejected: rows - accepted, ...(outside && { outside }) };
      await recordRead(trx, ref, { ...outcome, ...counts });
      await execute(
        trx,
        `update rollcall.runs set staged_at = now(), staged_things = ?, base_run = ?, snapshot = ?
         where district_key = ? and run = ?`,
        [things, base?.run ?? null, (await outcome.snapshotSha256) ?? null, key, ref.run],
      );
      return counts;
    });
  } catch (error) {
    if (error instanceof NothingKept) return null;
    throw error;
  }
}

/** @returns how many lines there were */
async function copyLines(
  trx: Knex.Transaction,
  copy: string,
  lines: Iterable<string>,
): Promise<number> {
  return copyInto(trx, copy, async ({ line }) => {
    let count = 0;
    for (const text of lines) {
      count += 1;
      await line(text);
    }
    return count;
  });
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

/** A spoilt id names nothing, so its rows must protect as if the cell could not be read. */
async function forgetIds(
  trx: Db,
  table: string,
  lost: NonNullable<StagedOutcome['lostIds']>,
): Promise<void> {
  for (const column of ['school_id', 'class_id'] as const) {
    const values = lost.filter((one) => one.column === column).map(({ value }) => value);
    if (values.length === 0) continue;
    await execute(trx, `update ${table} set ${column} = null where ${column} = any (?::text[])`, [
      values,
    ]);
  }
}
