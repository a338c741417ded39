/** Tables without lines around them: they read well, wrap nowhere and can be cut by other tools. */
import Table from 'cli-table3';
import type { Io, Style } from './io.js';
import { clean } from './text.js';

const SIDES = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
] as const;
const NO_LINES = Object.fromEntries(SIDES.map((side) => [side, '']));

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null | undefined;
  readonly right?: boolean;
  /** Colours, put on after the cell is cleaned. */
  readonly style?: (row: Row) => Style | null;
}

/** Cells are cleaned; null is shown as a dash. */
export function table<Row>(io: Io, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const drawn = new Table({
    head: columns.map(({ title }) => io.paint('dim', title)),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) {
    drawn.push(
      columns.map(({ of, style }) => {
        const text = clean(String(of(row) ?? '–'));
        const wanted = style?.(row) ?? null;
        return wanted === null ? text : io.paint(wanted, text);
      }),
    );
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}
