/** A district's filter, as people give it, in the spelling in which a file's values are compared. */
import { usage } from './errors.js';
import {
  canonicalFilter,
  FILTER_KINDS,
  type FilterKind,
  type RosterFilter,
} from '../roster/filter.js';
import { readCell } from '../roster/rows.js';

/** What follows `--only-` and `--without-`, and the column whose rule an entry keeps. */
export const FILTER_FLAGS = {
  schools: { flag: 'school', column: 'school_id' },
  classes: { flag: 'class', column: 'class_id' },
  classNames: { flag: 'class-name', column: 'class_name' },
  teachers: { flag: 'teacher', column: 'teacher_email' },
} as const satisfies Record<FilterKind, unknown>;

/** Of each list; more is a list that belongs into the district's export. */
const MOST = 5_000;

/** @throws RollcallError BAD_FILTER */
export function readFilter({ only = {}, without = {} }: RosterFilter): RosterFilter {
  const filter = canonicalFilter({
    only: readEntries('only', only),
    without: readEntries('without', without),
  });
  for (const kind of FILTER_KINDS) {
    const both = filter.only?.[kind]?.find((entry) => filter.without?.[kind]?.includes(entry));
    if (both === undefined) continue;
    const { flag } = FILTER_FLAGS[kind];
    throw bad(`"${both}" stands both in --only-${flag} and in --without-${flag}; take one out.`);
  }
  return filter;
}

function readEntries(
  list: 'only' | 'without',
  given: NonNullable<RosterFilter['only']>,
): NonNullable<RosterFilter['only']> {
  const lists = FILTER_KINDS.flatMap((kind) => {
    const entries = given[kind];
    if (entries === undefined) return [];
    const flag = `--${list}-${FILTER_FLAGS[kind].flag}`;
    if (entries.length > MOST) {
      throw bad(`${flag}: at most ${MOST} can be given, not ${entries.length}.`);
    }
    return [[kind, entries.map((entry) => readEntry(kind, flag, entry))] as const];
  });
  return Object.fromEntries(lists);
}

/** With a `*` an address is none, so only its case is put right. */
function readEntry(kind: FilterKind, flag: string, entry: string): string {
  const { column } = FILTER_FLAGS[kind];
  const isPattern = entry.includes('*');
  if (kind === 'teachers' && isPattern) {
    const text = entry.trim().toLowerCase();
    if (text.length <= 254 && !/[\p{Cc}\s]/u.test(text)) return text;
    throw bad(`${flag}: an address has no spaces, and at most 254 characters.`);
  }
  const read = readCell(column, entry);
  if ('value' in read && read.value !== null) return read.value;
  throw bad(
    kind === 'teachers'
      ? `${flag}: give one full address, such as name@district.example, or with a * for any text, such as *@middle.example.`
      : `${flag}: give one ${column} as it stands in the file, or with a * for any text, such as SCI-*.`,
  );
}

const bad = (message: string) => usage('BAD_FILTER', message);
