import { createHash } from 'node:crypto';
import { isFilter, type RosterFilter } from '../roster/filter.js';
import { insideOf, type Inside } from '../roster/filter/inside.js';
import { insideBySchool } from '../roster/filter/preview.js';
import { readRoster, type ReadResult, type RosterRead } from '../roster/read-roster.js';
import { getDistrict } from '../store/config/districts.js';
import type { ReadableFile } from '../store/filter-file.js';
import {
  askedPreview,
  keepPreview,
  planOnTrial,
  type PreviewRef,
} from '../store/filter-preview.js';
import { knownRoster } from '../store/known-roster.js';
import type { FilteredFile, FilterPreview } from '../store/read/filter.js';
import type { PlanRecord } from '../store/types.js';
import type { Activities, FilterLooked } from '../workflows/contract.js';
import { fromArchive, OtherBytes } from './archived-file.js';
import { type AtWork, atWork } from './at-work.js';
import type { Deps } from './deps.js';
import { hashedBlocks, hashOf } from './file-blocks.js';

/**
 * Reads the newest file with the filter that was asked about, and makes the plan that a sync would
 * make of it; nothing of that stays but the answer, in the store. What comes back is counts.
 */
export const previewFilter =
  (deps: Deps): Activities['previewFilter'] =>
  ({ district, preview }) =>
    atWork(deps.db, district, (tools) => lookOnce(deps, { district, preview }, tools));

async function lookOnce(deps: Deps, ref: PreviewRef, tools: AtWork): Promise<FilterLooked> {
  const asked = await askedPreview(deps.db, ref);
  if (asked === null) return { state: 'replaced' };
  const { filter, file } = asked;
  const result: FilterPreview =
    file === null ? { state: 'no-file' } : await tryOn(deps, ref.district, filter, file, tools);
  await keepPreview(deps.db, ref, result);
  const { state } = result;
  return 'classes' in result
    ? { state, classes: result.classes, students: result.students }
    : { state };
}

async function tryOn(
  deps: Deps,
  district: string,
  filter: RosterFilter,
  file: ReadableFile,
  tools: AtWork,
): Promise<FilterPreview> {
  const { db, archive } = deps;
  const { signal } = tools;
  const at = { district, run: file.readRun };
  if ((await archive.copyOf(at, file, { isDamaged: false, signal })) === null) {
    return { state: 'gone' };
  }
  const ref = { district, run: file.run };
  return fromArchive(deps, ref, file, signal, async (opened) => {
    const { columns, accepts } = await getDistrict(db, district);
    const known = await knownRoster(db, district);
    const hash = createHash('sha256');
    let looked: Looked | null = null;
    const plan = await planOnTrial(db, district, file, async (reject) => {
      const read = await readRoster(
        hashedBlocks(opened, hash),
        (row) => (row.accepted ? undefined : reject(row.keys, row.line)),
        {
          ...{ columns, accepts, known, signal, rejectedOnly: true },
          onProgress: (bytes, rows) => tools.progress({ bytes, rows }),
        },
      );
      // What could not be used was read as far as its first trouble, which may be the copy's.
      const sha256 = read.ok ? hash.digest('hex') : await hashOf(opened);
      if (sha256 !== file.sha256) throw new OtherBytes();
      const inside = read.ok ? insideOf(read.says, read.counts, filter) : null;
      looked = { read, inside };
      if (!read.ok || inside === null || inside.counts.classes === 0) return null;
      const filtered = isFilter(filter) ? inside : null;
      return { ...read, says: inside.says, filtered, reading: { columns, accepts, filter } };
    });
    return answer(file, looked!, plan);
  });
}

interface Looked {
  readonly read: ReadResult;
  readonly inside: Inside | null;
}

function answer(
  file: ReadableFile,
  { read, inside }: Looked,
  plan: PlanRecord | null,
): FilterPreview {
  if (!read.ok || inside === null) {
    return { state: 'unreadable', problem: read.ok ? 'NOT_CSV' : read.problem };
  }
  const seen = fileWith(file, read, inside);
  if (plan === null) return { state: 'nothing', ...seen };
  const { held, seats, changes, kept, outside } = plan;
  return { state: 'ready', ...seen, plan: { held, seats, changes, kept, outside } };
}

function fileWith(
  { run, sha256 }: ReadableFile,
  { says, counts }: RosterRead,
  inside: Inside,
): FilteredFile {
  const share = (kind: 'schools' | 'classes' | 'teachers' | 'students') => ({
    all: counts[kind],
    inside: inside.counts[kind],
  });
  return {
    file: { run, sha256 },
    schools: share('schools'),
    classes: share('classes'),
    teachers: share('teachers'),
    students: share('students'),
    bySchool: insideBySchool(says, inside),
    unknown: inside.unknown,
  };
}
