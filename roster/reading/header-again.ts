/** The header once more among the rows: exports that were put together, or a second line of labels. */
import { COLUMNS, KEY_COLUMNS } from '../columns.js';
import type { Header } from './header.js';

const squeeze = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Of the four keys: a person may be called "School", but no row has three labels for its keys. */
const ENOUGH = 3;

/** Tells whether a row repeats the header's names, or labels that mean our columns. */
export function headerMatcher(header: Header): (cells: readonly string[]) => boolean {
  const keys = KEY_COLUMNS.map((column) => ({
    at: header.at[COLUMNS.indexOf(column)]!,
    name: squeeze(column),
  }));
  return (cells) =>
    keys.filter(({ at, name }) => {
      const cell = squeeze(cells[at] ?? '');
      return cell === name || (cell !== '' && cell === squeeze(header.names[at] ?? ''));
    }).length >= ENOUGH;
}
