import path from 'node:path';
import type { ColumnMapping, RosterRead } from '../../../roster/read-roster.js';
import { usage } from '../../errors.js';
import type { Io } from '../io.js';
import { clean, many } from '../text.js';
import { writeWhole } from '../whole-files.js';
import type { OpenRoster } from './open-roster.js';

/** `out.csv` → `out.rejected.csv`, where the rows go that are left out. */
export const rejectedName = (name: string): string =>
  /\.csv$/i.test(name) ? name.replace(/\.csv$/i, '.rejected.csv') : `${name}.rejected.csv`;

/**
 * Reads the file once more, in the same way, and writes both parts of it. A file of which no row is accepted gives
 * no corrected one: with its header alone it would be no roster.
 */
export async function writeCorrectedFiles(
  { io, cwd }: { readonly io: Io; readonly cwd: string },
  name: string,
  roster: OpenRoster,
  first: RosterRead,
  columns: ColumnMapping,
): Promise<void> {
  if (first.accepted === 0) {
    io.remark(`${clean(name)} is not written: no row of the file can be used.`);
    return;
  }
  const { readRoster } = await import('../../../roster/read-roster.js');
  const { writeCorrected } = await import('../../../roster/reports/corrected.js');
  const { readingMeter } = await import('../meter.js');
  const aside = rejectedName(name);
  const onProgress = readingMeter(io, roster.size);
  const counts = await writeWhole(cwd, [aside, name], async ([rejected, accepted]) => {
    const parts = { rejected: rejected!, accepted: accepted! };
    const written = await writeCorrected(
      first,
      (sink, options) => readRoster(roster.bytes(), sink, { ...options, columns, onProgress }),
      parts,
    );
    io.progress(null);
    await roster.assertUnchanged();
    return written;
  });
  if (counts === null) {
    throw usage('FILE_CHANGED', 'The file was changed while it was read; try again.');
  }
  io.remark(
    `${many(counts.written, 'row')} written to ${clean(path.resolve(cwd, name))}, ${many(counts.rejected, 'row')} left out to ${clean(path.resolve(cwd, aside))}`,
  );
}
