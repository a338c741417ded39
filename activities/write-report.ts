import { closeRun } from '../store/runs.js';
import type { Activities } from '../workflows/contract.js';
import { deliverReport } from './deliver-report.js';
import type { Deps } from './deps.js';

/**
 * Ends the run with its outcome. Counts come back; findings and changes stay in the store, and a
 * file of findings is put beside the roster, if the run has read one.
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
    if (summary.findings) await deliverReport(deps, { district, run });
    return summary;
  };
