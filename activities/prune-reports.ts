/** Reports beside the roster hold pupils' data, so that they must not stay for ever. */
import type { RunRef } from '../workflows/contract.js';
import { bestEffort } from './best-effort.js';
import type { Deps } from './deps.js';
import type { ListedFile } from './ports.js';
import { reportAddress } from './report-address.js';

/** Two weeks of nights: as long as a hold waits for somebody who may want to look back. */
export const REPORTS_KEPT = 14;
/** As long as a link to the district's page opens, where all of them stay. */
export const REPORTS_KEPT_FOR_MS = 30 * 86_400_000;

/**
 * Keeps the newest reports of the folder that are not too old. Best effort, and safe to repeat:
 * what is left over goes after the next run.
 */
export async function pruneReports(deps: Deps, ref: RunRef, signal: AbortSignal): Promise<void> {
  await bestEffort(deps, ref, 'old reports beside the roster could not be removed', async () => {
    const at = await reportAddress(deps, ref);
    const choose = (files: readonly ListedFile[]): string[] =>
      oldReports(files, deps.clock.now(), ref.run);
    const removed = await deps.source.prune(at, choose, { signal });
    if (removed > 0) deps.log.info({ ...ref, removed }, 'old reports were removed');
  });
}

const REPORT = /^run-([1-9]\d*)\.csv$/;
const runOf = ({ name }: ListedFile): number => Number(REPORT.exec(name)?.[1]);

/**
 * Of all files in the folder, which go. The report of `run` stays, whatever the server's clock
 * says; files with other names are not ours.
 */
export function oldReports(files: readonly ListedFile[], now: number, run: number): string[] {
  return files
    .filter(({ name }) => REPORT.test(name))
    .sort((a, b) => (b.modifiedAt ?? 0) - (a.modifiedAt ?? 0) || runOf(b) - runOf(a))
    .filter(
      ({ modifiedAt }, nth) =>
        nth >= REPORTS_KEPT || (modifiedAt !== null && now - modifiedAt > REPORTS_KEPT_FOR_MS),
    )
    .filter((one) => runOf(one) !== run)
    .map(({ name }) => name);
}
