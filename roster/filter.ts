/**
 * Which classes of a file a district's licence is for. Districts are asked to send no others; this
 * does it for those that cannot. It works on classes: one that is left out takes nobody with it who
 * is also in another, and one that is kept keeps all its teachers and students.
 */

/** What an entry is compared with: a school's id, a class's id or name, a teacher's address. */
export const FILTER_KINDS = ['schools', 'classes', 'classNames', 'teachers'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];

/** In an entry `*` stands for any text. */
export type FilterEntries = { readonly [kind in FilterKind]?: readonly string[] };

/** Both empty: no filter. */
export interface RosterFilter {
  readonly only?: FilterEntries;
  readonly without?: FilterEntries;
}

export const isFilter = ({ only = {}, without = {} }: RosterFilter): boolean =>
  FILTER_KINDS.some((kind) => some(only[kind]) || some(without[kind]));

const some = (entries: readonly string[] | undefined): boolean =>
  entries !== undefined && entries.length > 0;

/** The same filter in the one form in which it is kept: no empty lists, each entry once, in order. */
export function canonicalFilter({ only = {}, without = {} }: RosterFilter): RosterFilter {
  const [wanted, unwanted] = [entriesOf(only), entriesOf(without)];
  return { ...(wanted && { only: wanted }), ...(unwanted && { without: unwanted }) };
}

function entriesOf(entries: FilterEntries): FilterEntries | null {
  const filled = FILTER_KINDS.flatMap((kind) => {
    const list = [...new Set(entries[kind])].sort();
    return list.length === 0 ? [] : [[kind, list] as const];
  });
  return filled.length === 0 ? null : Object.fromEntries(filled);
}

export interface FilterTest {
  /** Whether the lists of that kind let it through; of a kind that is not in the filter: yes. */
  passes(kind: FilterKind, value: string): boolean;
  /** Whether the filter has a list of that kind. */
  asks(kind: FilterKind): boolean;
}

export function filterTest({ only = {}, without = {} }: RosterFilter): FilterTest {
  const lists = new Map(
    FILTER_KINDS.filter((kind) => some(only[kind]) || some(without[kind])).map((kind) => [
      kind,
      {
        only: some(only[kind]) ? matcher(kind, only[kind]!) : null,
        without: some(without[kind]) ? matcher(kind, without[kind]!) : null,
      },
    ]),
  );
  return {
    passes: (kind, value) => {
      const list = lists.get(kind);
      if (list === undefined) return true;
      return list.only?.(value) !== false && list.without?.(value) !== true;
    },
    asks: (kind) => lists.has(kind),
  };
}

/** Plain entries are looked up; only those with a `*` are tried one by one. */
export function matcher(kind: FilterKind, entries: readonly string[]): (value: string) => boolean {
  const folded = entries.map(foldOf(kind));
  const plain = new Set(folded.filter((entry) => !entry.includes('*')));
  const patterns = folded.filter((entry) => entry.includes('*')).map((entry) => entry.split('*'));
  const fold = foldOf(kind);
  return (value) => {
    const text = fold(value);
    return plain.has(text) || patterns.some((parts) => matches(parts, text));
  };
}

/** Ids are taken as they are, as two may differ in case alone; a name is the same in capitals. */
export const foldOf = (kind: FilterKind): ((text: string) => string) =>
  kind === 'classNames' ? (text) => text.toLowerCase() : (text) => text;

/** Each part is looked for behind the one before, which is right as `*` takes anything: no way back. */
function matches(parts: readonly string[], text: string): boolean {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
