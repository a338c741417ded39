/**
 * Quotation marks inside a value that is not quoted: `Robert "Bob"`. The grammar of CSV has no
 * reading for such a record, a person has one: the marks are letters. It is taken only if nothing
 * else can be meant.
 */

const WHOLLY_QUOTED = /^"([^"]*)"$/;

/**
 * The fields between the delimiters, if there are exactly `width` of them and in each the marks
 * are either around the whole or in pairs inside; null for any other record. A field that begins
 * with a mark may be a quoted one gone wrong, and `""` may stand for one mark: two readings each.
 */
export function bareQuotes(text: string, delimiter: string, width: number): string[] | null {
  const cells = text.split(delimiter);
  if (cells.length !== width) return null;
  for (const [place, cell] of cells.entries()) {
    if (!cell.includes('"')) continue;
    const quoted = WHOLLY_QUOTED.exec(cell);
    if (quoted !== null) cells[place] = quoted[1]!;
    else if (!hasPairsInside(cell)) return null;
  }
  return cells;
}

const hasPairsInside = (cell: string): boolean =>
  !cell.trimStart().startsWith('"') && !cell.includes('""') && cell.split('"').length % 2 === 1;
