import { planUndo as planUndoIn } from '../store/undo.js';
import type { Activities } from '../workflows/contract.js';
import { atWork } from './at-work.js';
import type { Deps } from './deps.js';

/** Works out what the run, an undo, would put back; the same roster gives the same plan and hash. */
export const planUndo =
  ({ db }: Deps): Activities['planUndo'] =>
  ({ district, run }) =>
    atWork(db, district, () => planUndoIn(db, { district, run }));
