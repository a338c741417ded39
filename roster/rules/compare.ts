/**
 * The file against the last good one, kind by kind, as the known roster comes in. Held in memory
 * are numbers about the new file, never the old one.
 */
import type { Marks } from './marks.js';
import { ID_COLUMNS } from './damaged-ids.js';
import type { IdColumn, KnownIds, SpoiltId } from './damaged-ids.js';
import { columnWatch, markMoved } from './column-watch.js';
import type { Known, KnownPerson } from './known-roster.js';
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

export async function compareWithKnown(said: Said, marks: Marks, known: Known): Promise<Compared> {
  const ids = await compareIds(said, marks, known);
  const [teacher, student] = PEOPLE_COLUMNS;
  const swapped = {
    teacher: await comparePeople(said, marks, teacher, known.teachers()),
    student: await comparePeople(said, marks, student, known.students()),
  };
  return { ...ids, swapped };
}

async function compareIds(said: Said, marks: Marks, known: Known) {
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
      for (const { id, value, name, students } of batch) {
        if (id < 0) {
          zeros.miss(value);
          continue;
        }
        flags[id] = 1;
        names.compare(id, name);
        markSizes(said, marks, role, id, students, sizes[role]);
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
  batches: AsyncIterable<Iterable<KnownPerson>>,
): Promise<Set<number>> {
  const { key, first, last, role } = columns;
  const firsts = columnWatch(said, first);
  const lasts = columnWatch(said, last);
  const grades = columnWatch(said, 'student_grade_level');
  const swapped = new Set<number>();
  let compared = 0;
  for await (const batch of batches) {
    for (const one of batch) {
      const { id } = one;
      if (id < 0) continue;
      compared++;
      firsts.compare(id, one.first);
      lasts.compare(id, one.last);
      if (one.grade !== null) grades.compare(id, one.grade);
      // Whose first name is the same has not swapped it with another one.
      if (one.first >= 0 && one.first === said.attribute(first, id)) continue;
      const { firstName, lastName } = one;
      const isSwapped = said.text(first, id) === lastName && said.text(last, id) === firstName;
      if (isSwapped && firstName !== lastName) swapped.add(id);
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
