import { closeRun } from '../store/runs.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** Ends the run with its outcome. Counts come back; findings and changes stay in the store. */
export const writeReport =
  ({ db, log }: Deps): Activities['writeReport'] =>
  async ({ district, run, outcome, problem, errorCode }) => {
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
    return summary;
  };
