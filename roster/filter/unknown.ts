/** Entries of a filter that match nothing in a file. */
import type { FileSays } from '../file-says.js';
import { FILTER_KINDS, foldOf, matcher, type FilterKind, type RosterFilter } from '../filter.js';

/** A slip of the pen, or something that has gone. */
export interface UnknownEntry {
  readonly list: 'only' | 'without';
  readonly kind: FilterKind;
  readonly entry: string;
}
interface Open extends UnknownEntry {
  readonly isIt: (value: string) => boolean;
}

/** @param says all of the file */
export const unknownEntries = (says: FileSays, filter: RosterFilter): UnknownEntry[] =>
  FILTER_KINDS.flatMap((kind) => {
    const fold = foldOf(kind);
    const plain = new Map<string, UnknownEntry[]>();
    let patterns: Open[] = [];
    for (const list of ['only', 'without'] as const) {
      for (const entry of filter[list]?.[kind] ?? []) {
        const one = { list, kind, entry };
        if (entry.includes('*')) patterns.push({ ...one, isIt: matcher(kind, [entry]) });
        else plain.set(fold(entry), [...(plain.get(fold(entry)) ?? []), one]);
      }
    }
    // Nothing is walked through once every entry has been met.
    for (const value of valuesOf(says, kind)) {
      if (plain.size === 0 && patterns.length === 0) break;
      plain.delete(fold(value));
      if (patterns.length > 0) patterns = patterns.filter(({ isIt }) => !isIt(value));
    }
    return [
      ...[...plain.values()].flat(),
      ...patterns.map(({ list, entry }) => ({ list, kind, entry })),
    ];
  });

function* valuesOf(says: FileSays, kind: FilterKind): Generator<string> {
  if (kind === 'schools') for (const { schoolId } of says.schools()) yield schoolId;
  if (kind === 'teachers') for (const { email } of says.teachers()) yield email;
  if (kind === 'classes') for (const { classId } of says.classes()) yield classId;
  if (kind === 'classNames') for (const { name } of says.classes()) yield name;
}
