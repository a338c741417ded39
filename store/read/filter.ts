/** What was asked of a filter, and what came of it. Holds addresses of teachers: for support only. */
import type { RosterFilter } from '../../roster/filter.js';
import type { Db } from '../db.js';
import { districtKey, first } from '../sql.js';
import type { PlanRecord } from '../types.js';
import type { SchoolInside, Share } from '../../roster/filter/preview.js';
import type { UnknownEntry } from '../../roster/filter/unknown.js';
import type { FileProblem } from '../../workflows/contract.js';

/**
 * What a filter would make of the newest file that could be read. `ready`: it may be set. `nothing`:
 * no class is inside. `no-file`: there was none yet, so there is nothing to look at. `unreadable`,
 * `gone`: that file cannot be read as it is to be read now, or is not kept any more.
 */
export type FilterPreview =
  | { readonly state: 'no-file' | 'gone' }
  | { readonly state: 'unreadable'; readonly problem: FileProblem }
  | ({ readonly state: 'nothing' } & FilteredFile)
  | ({ readonly state: 'ready'; readonly plan: PreviewedPlan } & FilteredFile);
export interface FilteredFile {
  readonly file: { readonly run: number; readonly sha256: string };
  readonly schools: Share;
  readonly classes: Share;
  readonly teachers: Share;
  readonly students: Share;
  readonly bySchool: readonly SchoolInside[];
  /** Entries of the filter that match nothing in the file. */
  readonly unknown: readonly UnknownEntry[];
}
/** What a sync of that file would do to the roster as it stands. */
export type PreviewedPlan = Pick<PlanRecord, 'held' | 'seats' | 'changes' | 'kept' | 'outside'>;

/**
 * Null if another preview was asked for since; `result` is null while nobody has looked.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function getPreview(
  db: Db,
  district: string,
  id: string,
): Promise<{ readonly filter: RosterFilter; readonly result: FilterPreview | null } | null> {
  return first(
    db,
    'select filter, result from rollcall.filter_previews where district_key = ? and id = ?',
    [await districtKey(db, district), id],
  );
}
