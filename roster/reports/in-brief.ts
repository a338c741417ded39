/** Where there is no place for every line: the full report has them all. */

/** Line numbers or ranges of one value that are shown. */
const RUNS_SHOWN = 3;
const LINES = / \(lines ([\d–, ]+)(?: and (\d+) more)?\)/g;

/** `5 (lines 2–41, 77, 80 and 12 more), 6 (line 42)`: each value with its first lines. */
export const inBrief = (value: string): string =>
  value.replace(LINES, (all, list: string, more = '0') => {
    const runs = list.split(', ');
    if (runs.length <= RUNS_SHOWN) return all;
    const rest = runs.slice(RUNS_SHOWN).reduce((sum, run) => sum + lengthOf(run), Number(more));
    return ` (lines ${runs.slice(0, RUNS_SHOWN).join(', ')} and ${rest} more)`;
  });

function lengthOf(run: string): number {
  const [first, last] = run.split('–').map(Number);
  return last === undefined ? 1 : last - first! + 1;
}
