/** The findings of a run as a file beside the roster: `reports/run-12.csv` on the SFTP server. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runReport } from '../roster/reports/findings-csv.js';
import { eachFinding } from '../store/read/findings.js';
import type { RunRef } from '../workflows/contract.js';
import { bestEffort } from './best-effort.js';
import type { Deps } from './deps.js';
import { reportAddress } from './report-address.js';

/**
 * Best effort: the same report is on the district's page, so a run never fails for it. Safe to
 * repeat, as one run has one file. On a server of the district's own its folder may be closed to
 * us: then it is left out. @returns whether it is there
 */
export const deliverReport = (deps: Deps, ref: RunRef, signal: AbortSignal): Promise<boolean> =>
  bestEffort(deps, ref, 'the report could not be put beside the roster', async () => {
    const at = await reportAddress(deps, ref);
    await withLocalReport(deps, ref, (file) => deps.source.put(at, file, { signal }));
  });

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
