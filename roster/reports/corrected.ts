/**
 * The file as it was understood: canonical header, order and values, accepted rows only. What was
 * left out goes aside, as it stands in the file, with the reasons. It takes a second reading, as
 * whether a row is accepted is known after the last one; so nothing has to be kept meanwhile.
 */
import { COLUMNS, FIELD_OF } from '../columns.js';
import type { RosterRow } from '../columns.js';
import type { ReadOptions, ReadResult, RosterRead, RowSink } from '../read-roster.js';
import { Pairs } from '../reading/pairs.js';
import { asItStands } from './as-it-stands.js';
import { REPORT_START, reportLine, rosterLine } from './csv.js';
import { fixesOf, reasonsOf } from './reasons.js';

/** Before the file's own columns. */
const REJECTED = ['line', 'code', 'what to do', 'row as it stands'] as const;

/** Takes a piece of text; waits where it gives a promise. */
export type Put = (text: string) => void | Promise<void>;

export interface CorrectedParts {
  readonly accepted: Put;
  readonly rejected: Put;
}

export interface CorrectedCounts {
  /** Rows written: the accepted ones, without those that said again what an earlier row had said. */
  readonly written: number;
  readonly rejected: number;
}

/**
 * @param first the result of reading the same bytes before
 * @param readAgain reads them once more
 * @returns the counts, or null if the second reading was another one: then the file has changed
 */
export async function writeCorrected(
  first: RosterRead,
  readAgain: (sink: RowSink, options: Pick<ReadOptions, 'onHeader'>) => Promise<ReadResult>,
  { accepted, rejected }: CorrectedParts,
): Promise<CorrectedCounts | null> {
  const reasons = reasonsOf(first.findings);
  const isNew = firstTime();
  let next = 0;
  let written = 0;
  let aside = 0;
  await accepted(rosterLine(COLUMNS));

  const sink: RowSink = (row, cells, raw) => {
    while (next < first.rejectedLines.length && first.rejectedLines[next]! < row.line) next++;
    if (row.accepted && first.rejectedLines[next] !== row.line) {
      if (!isNew(row.row)) return undefined;
      written++;
      return accepted(rosterLine(COLUMNS.map((column) => row.row[FIELD_OF[column]] ?? '')));
    }
    aside++;
    const codes = reasons.of(row.line, row.accepted ? row.row : row.keys);
    // Where the cells are not what was meant, the row itself is what there is to mend.
    const isWhole = cells !== null && !codes.includes('QUOTE_SWALLOWS_ROWS');
    const own = isWhole || raw === undefined ? ['', ...(cells ?? [])] : [asItStands(raw)];
    return rejected(reportLine([row.line, codes.join(' '), fixesOf(codes), ...own]));
  };
  const onHeader = (names: readonly string[]): void | Promise<void> =>
    rejected(`${REPORT_START}${reportLine([...REJECTED, ...names])}`);

  const second = await readAgain(sink, { onHeader });
  const isSame =
    second.ok &&
    second.rows === first.rows &&
    second.accepted === first.accepted &&
    aside === first.rejected;
  return isSame ? { written, rejected: aside } : null;
}

/** Tells whether an accepted row says something that no row before it has said. */
function firstTime(): (row: RosterRow) => boolean {
  const numbers = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const numberOf = (kind: number, text: string): number => {
    const known = numbers[kind]!.get(text) ?? numbers[kind]!.size;
    numbers[kind]!.set(text, known);
    return known;
  };
  const pairs = new Pairs();
  const rows = new Pairs();
  return ({ classId, teacherEmail, studentEmail }) => {
    const pair = pairs.add(numberOf(0, classId), numberOf(1, teacherEmail));
    const before = rows.size;
    rows.add(pair, numberOf(2, studentEmail));
    return rows.size > before;
  };
}
