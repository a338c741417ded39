/** A last good file, as rules get it. */
import type {
  KnownClass,
  KnownRoster,
  KnownSchool,
  KnownStudent,
  KnownTeacher,
} from '../../roster/rules/known-roster.js';

interface Given {
  readonly schools?: readonly KnownSchool[];
  readonly teachers?: readonly KnownTeacher[];
  readonly classes?: readonly KnownClass[];
  readonly students?: readonly KnownStudent[];
}

/** In batches of three, so that borders of batches are met. */
export function known(given: Given): KnownRoster {
  const inBatches = <T>(all: readonly T[] = []) =>
    async function* (): AsyncGenerator<readonly T[]> {
      for (let at = 0; at < all.length; at += 3) yield all.slice(at, at + 3);
    };
  return {
    schools: inBatches(given.schools),
    teachers: inBatches(given.teachers),
    classes: inBatches(given.classes),
    students: inBatches(given.students),
  };
}
