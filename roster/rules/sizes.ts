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
  const student = (row: number): number => rows.student.get(row);
  const count = (role: 'school' | 'class', size: number): Sizes =>
    studentsOf(rows.line.length, size, (row) => rows[role].get(row), student);
  return {
    school: count('school', table('school_id').size()),
    class: count('class', table('class_id').size()),
  };
}

/**
 * How many different students each of `size` places has. Rows are sorted by their place, by
 * counting, so that one number a student tells whether that place has seen them.
 * @param place,student of a row; below zero: it does not count
 */
export function studentsOf(
  rows: number,
  size: number,
  place: (row: number) => number,
  student: (row: number) => number,
): Int32Array {
  const next = new Int32Array(size + 1);
  let students = 0;
  for (let row = 0; row < rows; row++) {
    const [at, who] = [place(row), student(row)];
    if (at < 0 || who < 0) continue;
    next[at + 1]!++;
    if (who >= students) students = who + 1;
  }
  for (let at = 0; at < size; at++) next[at + 1]! += next[at]!;
  const sorted = new Int32Array(next[size]!);
  for (let row = 0; row < rows; row++) {
    const [at, who] = [place(row), student(row)];
    if (at >= 0 && who >= 0) sorted[next[at]!++] = who;
  }
  const seenIn = new Int32Array(students).fill(-1);
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
