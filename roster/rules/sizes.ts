/** Schools and classes that have implausibly few or many students beside the last good file. */
import { Pairs } from '../reading/pairs.js';
import type { Marks, Role } from './marks.js';
import type { Said } from './said.js';

/** By the number of the school's or class's id. */
type Sizes = readonly number[];

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
  const count = (role: 'school' | 'class', size: number): Sizes => {
    const sizes = Array.from({ length: size }, () => 0);
    const pairs = new Pairs();
    for (let row = 0; row < rows.line.length; row++) {
      const [id, student] = [rows[role].get(row), rows.student.get(row)];
      if (id < 0 || student < 0) continue;
      const before = pairs.size;
      pairs.add(id, student);
      if (pairs.size > before) sizes[id]!++;
    }
    return sizes;
  };
  return {
    school: count('school', table('school_id').size()),
    class: count('class', table('class_id').size()),
  };
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
