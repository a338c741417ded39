import path from 'node:path';
import { planHeader, planLine, type PlanCsvLine } from '../../roster/reports/plan-csv.js';
import { writeWhole } from './whole-files.js';

/** Writes the changes to `name`, as they come. @returns the absolute path, and how many there were */
export async function writePlan(
  cwd: string,
  name: string,
  lines: AsyncIterable<PlanCsvLine>,
): Promise<{ file: string; count: number }> {
  let count = 0;
  await writeWhole(cwd, [name], async ([put]) => {
    await put!(planHeader());
    for await (const line of lines) {
      const waiting = put!(planLine(line));
      if (waiting !== undefined) await waiting;
      count += 1;
    }
    return count;
  });
  return { file: path.resolve(cwd, name), count };
}
