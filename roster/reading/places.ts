/** Which people stand on accepted rows, and in which schools: nearly all of them in one. */
import type { KeyColumn } from '../columns.js';
import type { Said } from '../rules/said.js';

export interface Place {
  readonly n: number;
  /** The first by id. */
  readonly school: number;
  /** All, where there are several; the first by id first. */
  readonly schools: readonly number[] | null;
}
export interface Places {
  put(person: number, school: number): void;
  count(): number;
  all(): Generator<Place>;
}

export function placesOf(said: Said, column: KeyColumn): Places {
  const ids = said.table('school_id');
  const school = new Int32Array(said.table(column).size()).fill(-1);
  const several = new Map<number, Set<number>>();
  const isBefore = (a: number, b: number): boolean => ids.value(a) < ids.value(b);
  let count = 0;
  return {
    put: (person, at) => {
      const known = school[person]!;
      if (known === at) return;
      if (known === -1) {
        school[person] = at;
        count++;
        return;
      }
      const all = several.get(person) ?? new Set([known]);
      several.set(person, all.add(at));
      if (isBefore(at, known)) school[person] = at;
    },
    count: () => count,
    *all() {
      for (let n = 0; n < school.length; n++) {
        if (school[n] === -1) continue;
        const all = several.get(n);
        const schools =
          all === undefined ? null : [...all].sort((a, b) => (isBefore(a, b) ? -1 : 1));
        yield { n, school: school[n]!, schools };
      }
    },
  };
}
