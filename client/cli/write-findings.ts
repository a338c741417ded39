import path from 'node:path';
import {
  findingLine,
  findingsHeader,
  type FindingLine,
} from '../../roster/reports/findings-csv.js';
import { writeWhole } from './whole-files.js';

/** Writes all findings to `name`. @returns the absolute path, and how many there were */
export async function writeFindings(
  cwd: string,
  name: string,
  findings: Iterable<FindingLine> | AsyncIterable<FindingLine>,
): Promise<{ file: string; count: number }> {
  let count = 0;
  await writeWhole(cwd, [name], async ([put]) => {
    await put!(findingsHeader());
    for await (const finding of findings) {
      const waiting = put!(findingLine(finding));
      if (waiting !== undefined) await waiting;
      count += 1;
    }
    return count;
  });
  return { file: path.resolve(cwd, name), count };
}
