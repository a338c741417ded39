/** The sides of a finding in words: `5 (lines 2–41, 77), 6 (line 42)`. */
import { lineRuns, runText } from '../line-runs.js';
import type { Side } from './sides.js';

/** Of one attribute: values that are spelled out, and line numbers or ranges of lines of them. */
export const SIDES_MAX = 10_000;
export const RUNS_MAX = 10_000;

/**
 * Every value with every line. What is above the limits is counted, and the values with the
 * fewest lines keep theirs: they are what has to be mended.
 */
export function sideText(sides: readonly Side[], nameOf: (value: number) => string): string {
  const told = sides.slice(0, SIDES_MAX);
  const each = fairShare(told.map(({ lines }) => countRuns(lines)));
  const texts = told.map(({ value, lines }) => `${nameOf(value)} (${linesText(lines, each)})`);
  if (sides.length > SIDES_MAX) texts.push(`${sides.length - SIDES_MAX} more values`);
  return texts.join(', ');
}

/** How many runs of one value are told, so that all of them together keep to the limit. */
function fairShare(counts: readonly number[]): number {
  let each = RUNS_MAX;
  const all = (): number => counts.reduce((sum, count) => sum + Math.min(count, each), 0);
  while (each > 1 && all() > RUNS_MAX) each = Math.floor(each / 2);
  return each;
}

function countRuns(lines: Int32Array): number {
  let count = 0;
  for (let at = 0; at < lines.length; at++) if (lines[at] !== lines[at - 1]! + 1) count++;
  return count;
}

function linesText(lines: Int32Array, most: number): string {
  const runs: string[] = [];
  let told = 0;
  for (const run of lineRuns(lines)) {
    if (runs.length === most) break;
    runs.push(runText(run));
    told += run.last - run.first + 1;
  }
  const rest = lines.length - told;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${runs.join(', ')}${more}`;
}
