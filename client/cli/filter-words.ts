/** A filter, and what it leaves out, in words. */
import { FILTER_FLAGS } from '../filter-input.js';
import { clean, count, many } from './text.js';
import { FILTER_KINDS, type FilterKind, type RosterFilter } from '../../roster/filter.js';
import type { UnknownEntry } from '../../roster/filter/unknown.js';
import type { LeftOut } from '../../store/types.js';

const NAMES: Readonly<Record<FilterKind, string>> = {
  schools: 'schools',
  classes: 'classes',
  classNames: 'classes named',
  teachers: 'classes of',
};
const SHOWN = 12;

/** `only schools 003, 004`, one a list; none for no filter. */
export function filterLines(filter: RosterFilter): string[] {
  return (['only', 'without'] as const).flatMap((list) =>
    FILTER_KINDS.flatMap((kind) => {
      const entries = filter[list]?.[kind] ?? [];
      if (entries.length === 0) return [];
      const left = entries.length - SHOWN;
      const more = left > 0 ? ` and ${count(left)} more` : '';
      return [`${list} ${NAMES[kind]} ${entries.slice(0, SHOWN).map(clean).join(', ')}${more}`];
    }),
  );
}

/** `28 classes and 310 students (650 rows) are outside the filter`; null if there is none. */
export function outsideLine(outside: LeftOut | null): string | null {
  if (outside === null) return null;
  const { classes, students, rows, rejected } = outside;
  if (classes === 0 && rejected === 0) return 'nothing of the file is outside it';
  return `${many(classes, 'class', 'classes')} and ${many(students, 'student')} of the file are outside it (${many(rows + rejected, 'row')})`;
}

/** As they were given: `--only-school 3, --without-class X`. */
export const unknownLine = (unknown: readonly UnknownEntry[]): string => {
  const shown = unknown
    .slice(0, SHOWN)
    .map(({ list, kind, entry }) => `--${list}-${FILTER_FLAGS[kind].flag} ${clean(entry)}`);
  const left = unknown.length - shown.length;
  return `${shown.join(', ')}${left > 0 ? ` and ${count(left)} more` : ''}`;
};
