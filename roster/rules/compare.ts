/**
 * The file against the last good one, kind by kind, as the known roster comes in. Held in memory
 * are numbers about the new file, never the old one.
 */
import type { Marks } from './marks.js';
import { ID_COLUMNS } from './damaged-ids.js';
import type { IdColumn, KnownIds, SpoiltId } from './damaged-ids.js';
import { columnWatch, markMoved } from './column-watch.js';
import type { KnownRoster, KnownTeacher } from './known-roster.js';
import { markLostZeros, zeroWatch } from './lost-zeros.js';
import { markSizes, sizesIn } from './sizes.js';
import type { PersonColumns } from './people.js';
import { PEOPLE_COLUMNS } from './people.js';
import type { Said } from './said.js';

export interface Compared extends KnownIds {
  readonly spoiltIds: readonly SpoiltId[];
  /** People whose first name was the last name before, and the other way round. */
  readonly swapped: Readonly<Record<PersonColumns['role'], ReadonlySet<number>>>;
}
export const NOTHING_KNOWN: Compared = Object.freeze({
  isKnown: () => false,
  spoiltIds: [],
  swapped: { teacher: new Set<number>(), student: new Set<number>() },
});

export async function compareWithKnown(
  said: Said,
  marks: Marks,
  known: KnownRoster,
): Promise<Compared> {
  const ids = await compareIds(said, marks, known);
  const [teacher, student] = PEOPLE_COLUMNS;
  const swapped = {
    teacher: await comparePeople(said, marks, teacher, known.teachers()),
    student: await comparePeople(said, marks, student, known.students()),
  };
  return { ...ids, swapped };
}

async function compareIds(said: Said, marks: Marks, known: KnownRoster) {
  const sizes = sizesIn(said);
  const seen = new Map<IdColumn, Uint8Array>();
  const spoiltIds: SpoiltId[] = [];
  for (const columns of ID_COLUMNS) {
    const { column, role } = columns;
    const table = said.table(column);
    const flags = new Uint8Array(table.size());
    const zeros = zeroWatch(table);
    const names = columnWatch(said, role === 'school' ? 'school_name' : 'class_name');
    const batches = role === 'school' ? known.schools() : known.classes();
    for await (const batch of batches) {
      for (const one of batch) {
        const id = table.find(one.id);
        if (id < 0) {
          zeros.miss(one.id);
          continue;
        }
        flags[id] = 1;
        names.compare(id, one.name);
        markSizes(said, marks, role, id, one.students, sizes[role]);
      }
    }
    markMoved(marks, role === 'school' ? 'school_name' : 'class_name', role, names.moved());
    spoiltIds.push(...markLostZeros(marks, columns, zeros.lost(flags)));
    seen.set(column, flags);
  }
  const isKnown = (column: IdColumn, id: number): boolean => seen.get(column)![id] === 1;
  return { isKnown, spoiltIds };
}

/** Swapped in most people, two columns changed places; swapped in a few, those are given back. */
async function comparePeople(
  said: Said,
  marks: Marks,
  columns: PersonColumns,
  batches: AsyncIterable<readonly (KnownTeacher & { readonly gradeLevel?: string })[]>,
): Promise<Set<number>> {
  const { key, first, last, role } = columns;
  const table = said.table(key);
  const firsts = columnWatch(said, first);
  const lasts = columnWatch(said, last);
  const grades = columnWatch(said, 'student_grade_level');
  const swapped = new Set<number>();
  let compared = 0;
  for await (const batch of batches) {
    for (const one of batch) {
      const id = table.find(one.email);
      if (id < 0) continue;
      compared++;
      firsts.compare(id, one.firstName);
      lasts.compare(id, one.lastName);
      if (one.gradeLevel !== undefined) grades.compare(id, one.gradeLevel);
      const isSwapped =
        said.text(first, id) === one.lastName && said.text(last, id) === one.firstName;
      if (isSwapped && one.firstName !== one.lastName) swapped.add(id);
    }
  }
  if (swapped.size * 2 > compared && swapped.size >= 3) {
    const mark = marks.add({
      code: 'COLUMNS_SWAPPED',
      column: first,
      value: `${first}, ${last}`,
      subject: `${first} and ${last}`,
    });
    for (const id of swapped) mark.on(role, id);
    return new Set();
  }
  const moved = { first: firsts.moved(), last: lasts.moved() };
  if (moved.first !== null && moved.last !== null) {
    // Everybody has another's name: the names stand still, and the addresses were moved.
    markMoved(marks, key, role, moved.first);
    return swapped;
  }
  markMoved(marks, first, role, moved.first);
  markMoved(marks, last, role, moved.last);
  markMoved(marks, 'student_grade_level', role, grades.moved());
  return swapped;
}
