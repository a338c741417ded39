/** Stages as the activity does: the difference, where the roster stands as a run that is known. */
import type { RosterRow } from '../../roster/columns.js';
import { saysDelta } from '../../roster/says-delta.js';
import { takeSnapshot, type Snapshot } from '../../roster/snapshot.js';
import type { Db } from '../../store/db.js';
import { standsAs } from '../../store/plan/state.js';
import type { RunRef } from '../../store/types.js';
import { saysOf, stageRows } from './as-file.js';
import type { FileRow } from './support.js';

const acceptedOf = (file: readonly FileRow[]): RosterRow[] =>
  file.filter((one): one is RosterRow => !('rejected' in one));

/** @param known what each run has read, as the archive keeps it @returns whether it is one */
export async function stageDifference(
  db: Db,
  ref: RunRef,
  file: readonly FileRow[],
  known: Map<number, Snapshot>,
): Promise<boolean> {
  const stands = await standsAs(db, ref.district);
  const before = stands ? known.get(stands.readRun) : undefined;
  const delta = before && saysDelta(before, saysOf(acceptedOf(file)));
  known.set(ref.run, takeSnapshot(saysOf(acceptedOf(file))).snapshot);
  const base = delta && stands ? { run: stands.run, gone: delta.gone } : null;
  await stageRows(db, ref, file, delta && { says: delta.says, base });
  return base !== null;
}
