/** Step 5: the names of the columns, to where each of ours stands. */
import { COLUMNS } from '../columns.js';
import type { Column } from '../columns.js';
import { HEADER_NAMES, OTHER_PEOPLE, UNMARKED_NAMES } from '../header-names.js';
import type { RepairDraft } from './repair-list.js';
import { tidy } from '../tidy.js';
import { clip } from './clip.js';
import { Refusal } from './refusal.js';

export interface Header {
  readonly line: number;
  /** As they stand in the file. */
  readonly names: readonly string[];
  /** Fields of the header, and so of a row. */
  readonly width: number;
  /** Fields up to the last one that has a name; those after it come from trailing delimiters. */
  readonly named: number;
  /** Position of each of COLUMNS. */
  readonly at: readonly number[];
  /** Named columns that are none of ours. */
  readonly ignored: number;
  /** Further places of a column of ours: good only if they hold the same as the first. */
  readonly twins: readonly Twin[];
  /** What had to be understood. */
  readonly repairs: readonly RepairDraft[];
}
export interface Twin {
  readonly column: Column;
  readonly first: number;
  readonly second: number;
}

/** A district's own mapping: header text → our column. */
export type ColumnMapping = Readonly<Record<string, Column>>;

/**
 * A name without what people and programs vary: case, accents, spaces, signs, hidden characters.
 * Letters of other alphabets stay, so that two different names never become the same.
 */
export const bare = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * How sure a name is: the district's word goes before our own names, these before synonyms, and
 * names that do not say whose they are come last.
 */
type Rank = 0 | 1 | 2 | 3;
interface Meaning {
  readonly column: Column;
  readonly rank: Rank;
  /** It means that only where this column is named, too. */
  readonly beside?: Column;
}
export type Names = ReadonlyMap<string, Meaning>;

/** Everything that a column may be called, by its bare name. */
export function namesOf(mapping: ColumnMapping = {}): Names {
  const names = new Map<string, Meaning>();
  for (const column of Object.keys(UNMARKED_NAMES) as (keyof typeof UNMARKED_NAMES)[]) {
    const { beside, names: unmarked } = UNMARKED_NAMES[column];
    for (const name of unmarked) names.set(bare(name), { column, rank: 3, beside });
  }
  for (const column of COLUMNS) {
    for (const name of HEADER_NAMES[column]) names.set(bare(name), { column, rank: 2 });
  }
  for (const column of COLUMNS) names.set(bare(column), { column, rank: 1 });
  for (const [name, column] of Object.entries(mapping)) names.set(bare(name), { column, rank: 0 });
  return names;
}

/** How many of our columns this record names. */
export function countColumns(cells: readonly string[], names: Names): number {
  return new Set(meaningsOf(cells, names).flatMap((meaning) => meaning?.column ?? [])).size;
}

/** What each cell names, if anything. */
function meaningsOf(cells: readonly string[], names: Names): (Meaning | undefined)[] {
  const meanings = cells.map((cell) =>
    cell.length > HEADER_NAME_MAX ? undefined : names.get(bare(cell)),
  );
  const sure = new Set(meanings.flatMap((one) => (one?.beside === undefined ? one?.column : [])));
  if (meanings.every((one) => one?.beside === undefined)) return meanings;
  const hasOthers = cells.some((cell) => cell.length <= HEADER_NAME_MAX && OTHER_PEOPLE.test(cell));
  return meanings.map((one) =>
    one?.beside !== undefined && (hasOthers || !sure.has(one.beside)) ? undefined : one,
  );
}
/** No honest name is longer; a cell of sixty thousand letters need not be looked at. */
export const HEADER_NAME_MAX = 200;
/** Characters of a name that we do not know, where it is said. */
const UNKNOWN_MAX = 40;

/** Throws Refusal COLUMN_MISSING with the names of all that are. */
export function readHeader(cells: readonly string[], line: number, names: Names): Header {
  const meanings = meaningsOf(cells, names);
  const hasName = cells.map((cell) => bare(cell) !== '');
  const named = hasName.lastIndexOf(true) + 1;
  const at: number[] = [];
  const twins: Twin[] = [];
  const repairs: RepairDraft[] = [];
  const missing: Column[] = [];
  const used = new Set<number>();

  for (const column of COLUMNS) {
    const all = meanings.flatMap((meaning, place) =>
      meaning?.column === column ? [{ place, rank: meaning.rank }] : [],
    );
    const best = Math.min(...all.map(({ rank }) => rank));
    const [first, ...others] = all.filter(({ rank }) => rank === best).map(({ place }) => place);
    if (first === undefined) {
      missing.push(column);
      continue;
    }
    at.push(first);
    used.add(first);
    for (const second of others) {
      twins.push({ column, first, second });
      used.add(second);
    }
    const name = cells[first]!;
    if (name === column) continue;
    const code = bare(name) === bare(column) ? 'HEADER_SPELLING' : 'HEADER_ALIAS';
    repairs.push({ code, line, column, before: name, after: column });
  }
  const others = cells.filter((_, place) => hasName[place] && !used.has(place));
  const ignored = others.length;
  if (missing.length > 0) {
    const columns = missing.join(', ');
    const unknown = others.map((name) => clip(tidy(name).trim(), UNKNOWN_MAX)).join(', ');
    throw new Refusal('COLUMN_MISSING', 'COLUMN_MISSING', {
      line,
      columns,
      count: ignored,
      unknown,
    });
  }
  return { line, names: cells, width: cells.length, named, at, ignored, twins, repairs };
}
