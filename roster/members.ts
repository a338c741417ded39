/** Who is in which class, out of the rows that say so: sorted by class, by counting. */
import type { Accepted } from './snapshot-side.js';

export interface Members {
  /** Numbers of classes are below it. */
  readonly classes: number;
  /** Each once; good until the next class is asked for. */
  of(cls: number): Int32Array;
}

export function membersOf({ rows, isRow, has }: Accepted): {
  readonly teachers: Members;
  readonly students: Members;
} {
  const cls = rows.class;
  const classes = has.class.length;
  const ends = new Int32Array(classes + 1);
  for (let row = 0; row < isRow.length; row++) if (isRow[row] === 1) ends[cls[row]! + 1]!++;
  for (let n = 0; n < classes; n++) ends[n + 1]! += ends[n]!;
  const sorted = new Int32Array(ends[classes]!);
  for (let row = 0; row < isRow.length; row++) {
    if (isRow[row] === 1) sorted[ends[cls[row]!]!++] = row;
  }
  // By now `ends` is where each class ends.
  const members = (people: Int32Array, size: number): Members => {
    const seenIn = new Int32Array(size).fill(-1);
    let found = new Int32Array(64);
    return {
      classes,
      of: (wanted) => {
        const [from, end] = [wanted === 0 ? 0 : ends[wanted - 1]!, ends[wanted]!];
        if (found.length < end - from) found = new Int32Array(2 * (end - from));
        let count = 0;
        for (let n = from; n < end; n++) {
          const who = people[sorted[n]!]!;
          if (seenIn[who] === wanted) continue;
          seenIn[who] = wanted;
          found[count++] = who;
        }
        return found.subarray(0, count);
      },
    };
  };
  return {
    teachers: members(rows.teacher, has.teacher.length),
    students: members(rows.student, has.student.length),
  };
}
