import { Context } from '@temporalio/activity';
import { closeRun } from '../store/runs.js';
import type { Activities } from '../workflows/contract.js';
import { deliverReport } from './deliver-report.js';
import type { Deps } from './deps.js';
import { pruneReports } from './prune-reports.js';

/** For the files on the SFTP server; well under the minute that the profile of writeReport allows. */
const PATIENCE_MS = 40_000;

/**
 * Ends the run with its outcome. Counts come back; findings and changes stay in the store, and a
 * file of findings is put beside the roster, if the run has read one. Old ones go whenever the
 * server was reached, as a district whose file stays the same gets no new ones.
 */
export const writeReport =
  (deps: Deps): Activities['writeReport'] =>
  async ({ district, run, outcome, problem, errorCode }) => {
    const { db, log } = deps;
    const summary = await closeRun(
      db,
      { district, run },
      {
        outcome,
        ...(problem === undefined ? {} : { problem }),
        ...(errorCode === undefined ? {} : { errorCode }),
      },
    );
    log.info(
      { district, run, outcome, problem, errorCode, findings: summary.findings },
      'run ended',
    );
    const signal = AbortSignal.any([
      Context.current().cancellationSignal,
      AbortSignal.timeout(PATIENCE_MS),
    ]);
    // It read no file, so there is nothing to put beside one.
    if (summary.kind === 'undo') return summary;
    const isReached = outcome !== 'failed' && !problem?.startsWith('SFTP_');
    const isPut = !summary.findings || (await deliverReport(deps, { district, run }, signal));
    if (isReached && isPut) await pruneReports(deps, { district, run }, signal);
    return summary;
  };
