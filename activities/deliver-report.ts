/** The findings of a run as a file beside the roster: `reports/run-12.csv` on the SFTP server. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path/posix';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { runReport } from '../roster/reports/findings-csv.js';
import { getDistrict } from '../store/config/districts.js';
import { eachFinding } from '../store/read/findings.js';
import type { RunRef } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { toFailure } from './errors.js';
import { sourceAddress } from './source-address.js';

/** Well under the minute that the profile of writeReport allows. */
const PATIENCE_MS = 40_000;
export const REPORTS_FOLDER = 'reports';

/**
 * Best effort: the same report is on the district's page, so a run never fails for it. Safe to
 * repeat, as one run has one file. On a server of the district's own its folder may be closed to
 * us: then it is left out. What went wrong is logged by its code.
 */
export async function deliverReport(deps: Deps, ref: RunRef): Promise<void> {
  const { source, log } = deps;
  const signal = AbortSignal.any([
    Context.current().cancellationSignal,
    AbortSignal.timeout(PATIENCE_MS),
  ]);
  try {
    const district = await getDistrict(deps.db, ref.district);
    const roster = await sourceAddress(deps, district);
    const name = `run-${ref.run}.csv`;
    const at = { ...roster, path: path.join(path.dirname(roster.path), REPORTS_FOLDER, name) };
    await withLocalReport(deps, ref, (file) => source.put(at, file, { signal }));
  } catch (error) {
    const failure = toFailure(error);
    const code = failure instanceof ApplicationFailure ? failure.type : 'CANCELLED';
    log.info({ ...ref, code }, 'the report could not be put beside the roster');
  }
}

/** Written next to the archived file, which is as private, and removed in any case. */
async function withLocalReport(
  { db, archive }: Deps,
  ref: RunRef,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const file = `${await archive.pathFor(ref)}.report`;
  try {
    await pipeline(
      Readable.from(runReport(eachFinding(db, ref))),
      createWriteStream(file, { mode: 0o600 }),
    );
    await use(file);
  } finally {
    await rm(file, { force: true });
  }
}
