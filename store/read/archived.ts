/** Whether a run's file is still kept; what was found in it stays in any case. */
import type { Db } from '../db.js';
import { districtKey, first } from '../sql.js';
import type { ArchivedRecord, RunRef } from '../types.js';

/** Null for a run without a file. @throws StoreError DISTRICT_UNKNOWN */
export async function getArchived(db: Db, ref: RunRef): Promise<ArchivedRecord | null> {
  const found = await first<{ kept: boolean; old: boolean; keep_files: number }>(
    db,
    `select d.keep_files,
            r.fetched_at < now() - make_interval(days => d.keep_files) as old,
            exists (select from rollcall.files f
                    where f.district_key = d.key and f.kind = 'roster' and f.sha256 = r.sha256) as kept
     from rollcall.runs r join rollcall.districts d on d.key = r.district_key
     where r.district_key = ? and r.run = ? and r.sha256 is not null`,
    [await districtKey(db, ref.district), ref.run],
  );
  if (!found) return null;
  const { kept, old, keep_files: keepFiles } = found;
  return { kept, ...(!kept && { why: old ? 'old' : 'unknown' }), keepFiles };
}
