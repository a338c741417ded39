/** The worker's side of a preview: what was asked, the plan that would come of it, the answer. */
import type { RosterFilter } from '../roster/filter.js';
import type { Db } from './db.js';
import { newestReadable, type ReadableFile } from './filter-file.js';
import { makePlan } from './plan.js';
import { getPlan } from './read/plan.js';
import { districtKey, first, run as execute } from './sql.js';
import { stageRoster } from './staging.js';
import type { FilterPreview } from './read/filter.js';
import type { PlanRecord } from './types.js';

export interface PreviewRef {
  readonly district: string;
  readonly preview: string;
}

/** Null if another preview was asked for since. @throws StoreError DISTRICT_UNKNOWN */
export async function askedPreview(
  db: Db,
  { district, preview }: PreviewRef,
): Promise<{ readonly filter: RosterFilter; readonly file: ReadableFile | null } | null> {
  const key = await districtKey(db, district);
  const asked = await first<{ filter: RosterFilter }>(
    db,
    'select filter from rollcall.filter_previews where district_key = ? and id = ?',
    [key, preview],
  );
  return asked && { filter: asked.filter, file: await newestReadable(db, key) };
}

/** Keeps the answer, if it is still asked for. @throws StoreError DISTRICT_UNKNOWN */
export async function keepPreview(
  db: Db,
  { district, preview }: PreviewRef,
  result: FilterPreview,
): Promise<void> {
  const key = await districtKey(db, district);
  await execute(
    db,
    'update rollcall.filter_previews set result = ?::jsonb where district_key = ? and id = ?',
    [JSON.stringify(result), key, preview],
  );
}

/** No run comes so far. */
const TRIAL_RUN = 2_000_000_000;

/**
 * The very plan that a sync of the file would make now, by the same statements, all rolled back.
 * Of schools that could go on by themselves nothing is said: as in a first sync, the plan is whole.
 * @param feed as for `stageRoster`
 * @returns null if `feed` answered null
 */
export async function planOnTrial(
  db: Db,
  district: string,
  file: ReadableFile,
  feed: Parameters<typeof stageRoster>[2],
): Promise<PlanRecord | null> {
  const key = await districtKey(db, district);
  const ref = { district, run: TRIAL_RUN };
  const trx = await db.transaction();
  try {
    await execute(
      trx,
      `insert into rollcall.runs
         (district_key, run, kind, workflow_id, occasion, fetched_at, sha256, bytes, modified_at)
       values (?, ?, 'first', 'filter', 'trial', now(), ?, ?, now())`,
      [key, ref.run, file.sha256, file.bytes],
    );
    if (!(await stageRoster(trx, ref, feed))) return null;
    await makePlan(trx, ref);
    return await getPlan(trx, district, ref.run);
  } finally {
    await trx.rollback();
  }
}
