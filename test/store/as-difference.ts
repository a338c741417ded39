/** Stages as the activity does: the difference, where the roster stands as a run that is known. */
import { COLUMNS, FIELD_OF, type RosterRow } from '../../roster/columns.js';
import { readRoster } from '../../roster/read-roster.js';
import { readSnapshot, type Snapshot } from '../../roster/snapshot.js';
import type { Db } from '../../store/db.js';
import { standsAs } from '../../store/plan/state.js';
import type { RunRef } from '../../store/types.js';
import { pieces } from '../roster/reading.js';
import { stageRows } from './as-file.js';
import type { FileRow } from './support.js';

const acceptedOf = (file: readonly FileRow[]): RosterRow[] =>
  file.filter((one): one is RosterRow => !('rejected' in one));

const textOf = (rows: readonly RosterRow[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[FIELD_OF[column]] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');

/** @param known what each run has read, as the archive keeps it @returns whether it is one */
export async function stageDifference(
  db: Db,
  ref: RunRef,
  file: readonly FileRow[],
  known: Map<number, Snapshot>,
): Promise<boolean> {
  const stands = await standsAs(db, ref.district);
  const snapshot = stands ? known.get(stands.readRun) : undefined;
  const bytes = new TextEncoder().encode(textOf(acceptedOf(file)));
  const before = snapshot ? { snapshot, isAll: false } : null;
  const read = await readRoster(pieces(bytes), () => undefined, { before });
  // A file whose rows are all rejected says nothing; the reader would refuse it.
  const delta = read.ok ? read.difference() : null;
  if (read.ok) known.set(ref.run, readSnapshot(Buffer.concat([...read.snapshot()]))!);
  const base = delta && stands ? { run: stands.run, gone: delta.gone } : null;
  await stageRows(db, ref, file, base && delta ? { says: delta.says, base } : {});
  return base !== null;
}
