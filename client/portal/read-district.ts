/** Gathers what the district's page shows. What cannot be had just now is left out, not fatal. */
import type { Vendor } from '../../config/vendor.js';
import { readNote } from '../../store/config/notes.js';
import type { Db } from '../../store/db.js';
import { StoreError } from '../../store/errors.js';
import type { District, RunRecord } from '../../store/types.js';
import { RollcallError } from '../errors.js';
import type { Rollcall } from '../index.js';
import type { DistrictView, StageView } from './view-model.js';

/** The verbs that the portal needs of the client. */
export type PortalVerbs = Pick<
  Rollcall,
  | 'showDistrict'
  | 'access'
  | 'status'
  | 'runs'
  | 'report'
  | 'plan'
  | 'samples'
  | 'uploaded'
  | 'loginsOk'
  | 'loginsFailed'
  | 'newPassword'
>;

export interface Sources {
  readonly rollcall: PortalVerbs;
  readonly db: Db;
  readonly vendor: Vendor;
}

/**
 * Rejects only if the district's own record cannot be read (then there is nothing to show);
 * without Temporal `now` is null. Reads, never writes.
 */
export async function readDistrict(
  { rollcall, db, vendor }: Sources,
  id: string,
): Promise<Omit<DistrictView, 'flash' | 'reason'>> {
  const [district, now, access, runs] = await Promise.all([
    rollcall.showDistrict(id),
    stageOf(rollcall, id),
    rollcall.access(id),
    rollcall.runs(id),
  ]);
  const lastRun = runs[0] ?? null;
  const lastRead =
    runs.find(({ outcome, findings }) => outcome !== 'unchanged' || findings) ?? null;
  const asked = now?.stage === 'awaiting-correction';
  const [found, rejection, logins] = await Promise.all([
    lastRead ? foundIn(rollcall, id, lastRead) : NOTHING_FOUND,
    lastRead && asked ? rejectionOf(rollcall, db, id, lastRead) : null,
    now ? loginsAt(rollcall, id) : null,
  ]);
  return {
    vendor,
    district,
    now,
    lastRun,
    lastRead,
    ...found,
    rejection,
    access,
    products: productsOf(vendor, district),
    logins,
  };
}

async function stageOf(rollcall: PortalVerbs, id: string): Promise<StageView | null> {
  try {
    const status = await rollcall.status(id);
    const { stage, waitingOn, since, nextSync, paused, workflow } = status;
    const ended = workflow !== 'running' && workflow !== 'none';
    return {
      stage,
      waitingOn,
      since,
      nextSync,
      paused,
      stopped: ended && stage !== 'live' && stage !== 'not-started',
      resting: !status.worker.running,
    };
  } catch (error) {
    if (isDown(error)) return null;
    throw error;
  }
}

/** What was found in the file and what was put right; nothing of a run that did not read it. */
async function foundIn(
  rollcall: PortalVerbs,
  id: string,
  run: RunRecord,
): Promise<Pick<DistrictView, 'causes' | 'repairs'>> {
  if (run.findings === null && run.file === null) return NOTHING_FOUND;
  const { causes, repairs } = await rollcall.report(id, run.run);
  return { causes, repairs };
}
const NOTHING_FOUND = { causes: [], repairs: [] };

/** Why support sent the file back, if it did. */
async function rejectionOf(
  rollcall: PortalVerbs,
  db: Db,
  id: string,
  run: RunRecord,
): Promise<string | null> {
  if (run.planHash === null) return null;
  const { state, reason } = await rollcall.plan(id, run.run);
  if (state !== 'rejected' || reason === null) return null;
  return reason.startsWith('note/') ? readNote(db, id, reason) : reason;
}

async function loginsAt(rollcall: PortalVerbs, id: string): Promise<DistrictView['logins']> {
  const samples = await rollcall.samples(id);
  return samples.students.length + samples.teachers.length > 0 ? samples : null;
}

/** A district without products of its own gets all of the vendor's. */
function productsOf(vendor: Vendor, district: District): Vendor['products'] {
  if (district.products.length === 0) return vendor.products;
  return vendor.products.filter(({ id }) => district.products.includes(id));
}

/** Something that we need does not answer; trying later helps. */
export const isDown = (error: unknown): boolean =>
  (error instanceof RollcallError && error.exit === 3) ||
  (error instanceof StoreError && error.retryable);
