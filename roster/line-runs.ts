/** Lines of a file as a person writes them down: `2–41, 77`. */

/** Lines that follow each other without a gap. */
export interface LineRun {
  readonly first: number;
  readonly last: number;
}

/** @param lines ascending */
export function* lineRuns(lines: ArrayLike<number>): Generator<LineRun> {
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at]!;
    while (lines[at + 1] === lines[at]! + 1) at++;
    yield { first, last: lines[at]! };
  }
}

/** Not a hyphen: a spreadsheet program would make a date of `2-41`. */
export const runText = ({ first, last }: LineRun): string =>
  first === last ? String(first) : `${first}–${last}`;
