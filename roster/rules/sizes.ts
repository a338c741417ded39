/** Schools and classes that have implausibly few or many students beside the last good file. */
import type { Marks, Role } from './marks.js';
import type { Said } from './said.js';

/** By the number of the school's or class's id. */
type Sizes = Int32Array;

/**
 * Smaller ones change by themselves. A school that is small and grows, or a class that is new at
 * the beginning of a year, must not be called odd: so growth also needs a number.
 */
const ODD = {
  school: { atLeast: 20, shrunkTo: 0.5, grownTo: 2, andMoreThan: 100 },
  class: { atLeast: 8, shrunkTo: 0.34, grownTo: 3, andMoreThan: 40 },
} as const;

/** Different students of each school and class, whether their rows are rejected or not. */
export function sizesIn({ rows, table }: Said): Record<'school' | 'class', Sizes> {
  const student = rows.student.flat();
  return {
    school: studentsOf(table('school_id').size(), rows.school.flat(), student),
    class: studentsOf(table('class_id').size(), rows.class.flat(), student),
  };
}

/**
 * How many different students each of `size` places has. Rows are sorted by their place, by
 * counting, so that one number a student tells whether that place has seen them.
 * @param places,students by row; below zero: the row does not count
 */
export function studentsOf(size: number, places: Int32Array, students: Int32Array): Int32Array {
  const next = new Int32Array(size + 1);
  let highest = -1;
  for (let row = 0; row < places.length; row++) {
    const who = students[row]!;
    if (places[row]! < 0 || who < 0) continue;
    next[places[row]! + 1]!++;
    if (who > highest) highest = who;
  }
  for (let at = 0; at < size; at++) next[at + 1]! += next[at]!;
  const sorted = new Int32Array(next[size]!);
  for (let row = 0; row < places.length; row++) {
    if (places[row]! >= 0 && students[row]! >= 0) sorted[next[places[row]!]!++] = students[row]!;
  }
  const seenIn = new Int32Array(highest + 1).fill(-1);
  const sizes = new Int32Array(size);
  for (let at = 0, n = 0; at < size; at++) {
    // By now `next` is where each place ends.
    for (; n < next[at]!; n++) {
      if (seenIn[sorted[n]!] === at) continue;
      seenIn[sorted[n]!] = at;
      sizes[at]!++;
    }
  }
  return sizes;
}

/** `before`: students in the last good file. */
export function markSizes(
  said: Said,
  marks: Marks,
  role: Extract<Role, 'school' | 'class'>,
  id: number,
  before: number,
  sizes: Sizes,
): void {
  const { atLeast, shrunkTo, grownTo, andMoreThan } = ODD[role];
  const now = sizes[id] ?? 0;
  const shrunk = before >= atLeast && now < before * shrunkTo;
  const grown = before > 0 && now > andMoreThan && now > before * grownTo;
  if (!shrunk && !grown) return;
  const column = role === 'school' ? 'school_id' : 'class_id';
  const subject = said.table(column).value(id);
  const code = role === 'school' ? 'SCHOOL_SIZE' : 'CLASS_SIZE';
  const value = `${subject}: ${now} students, ${before} in the last good file`;
  marks.add({ code, column, value, subject }).on(role, id);
}
