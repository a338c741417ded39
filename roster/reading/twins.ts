/** A column that stands there twice is harmless as long as both places always say the same. */
import { tidy } from '../tidy.js';
import type { Header } from './header.js';
import { Refusal } from './refusal.js';

const same = (a: string | undefined, b: string | undefined): boolean =>
  a === b || tidy(a ?? '').trim() === tidy(b ?? '').trim();

/** Throws Refusal COLUMN_DUPLICATE at the first row where two places of a column differ. */
export function compareTwins(header: Header, cells: readonly string[], line: number): void {
  // A row with other fields than the header is refused for that, and says nothing about columns.
  if (cells.length < header.named || cells.length > header.width) return;
  const differ = header.twins.filter(({ first, second }) => !same(cells[first], cells[second]));
  if (differ.length === 0) return;
  const columns = [...new Set(differ.map(({ column }) => column))].join(', ');
  throw new Refusal('COLUMN_DUPLICATE', 'COLUMN_DUPLICATE', { line, columns });
}
