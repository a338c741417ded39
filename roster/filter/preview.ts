/** What a filter would make of a file, to be looked at before it counts. */
import type { FileSays } from '../file-says.js';
import type { Inside } from './inside.js';

/** How many there are, and how many of them are inside. */
export interface Share {
  readonly all: number;
  readonly inside: number;
}
export interface SchoolInside {
  readonly school: string;
  readonly name: string;
  readonly classes: Share;
  /** One who is in two schools counts in both. */
  readonly students: Share;
}
/** By school, in the order of their ids. */
export function insideBySchool(says: FileSays, inside: Inside): SchoolInside[] {
  const classes = tally(says.classes(), inside.says.classes(), ({ school }) => [school]);
  const students = tally(says.students(), inside.says.students(), schoolsOf);
  return [...says.schools()]
    .map(({ n, schoolId, name }) => ({
      school: schoolId,
      name,
      classes: classes(n),
      students: students(n),
    }))
    .sort((a, b) => (a.school < b.school ? -1 : 1));
}

const schoolsOf = (one: {
  readonly school: number;
  readonly schools: readonly number[] | null;
}): readonly number[] => one.schools ?? [one.school];

function tally<T>(
  all: Iterable<T>,
  inside: Iterable<T>,
  of: (one: T) => readonly number[],
): (school: number) => Share {
  const count = (things: Iterable<T>): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const one of things) {
      for (const school of of(one)) counts.set(school, (counts.get(school) ?? 0) + 1);
    }
    return counts;
  };
  const [everything, within] = [count(all), count(inside)];
  return (school) => ({ all: everything.get(school) ?? 0, inside: within.get(school) ?? 0 });
}
