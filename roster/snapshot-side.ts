/** Rows as what their file says: those that were accepted, of classes that count. */
import { COLUMNS } from './columns.js';
import type { Column, KeyColumn } from './columns.js';
import { RULES } from './reading/cross-rows.js';
import type { Role } from './rules/marks.js';
import type { Snapshot, SnapshotRows } from './snapshot.js';

export interface Accepted {
  readonly rows: SnapshotRows;
  /** By row: 1 where it is. */
  readonly isRow: Uint8Array;
  /** By the number of a key: 1 where such a row has it. */
  readonly has: Readonly<Record<Role, Uint8Array>>;
}

/**
 * @param sizes how many numbers of keys there are
 * @param counts by the number of a class, not 0 if it counts
 */
export function acceptedOf(
  rows: SnapshotRows,
  sizes: Readonly<Record<Role, number>>,
  counts: Int32Array,
): Accepted {
  const { school, teacher, class: cls, student, line } = rows;
  const isRow = new Uint8Array(line.length);
  const has = {
    school: new Uint8Array(sizes.school),
    teacher: new Uint8Array(sizes.teacher),
    class: new Uint8Array(sizes.class),
    student: new Uint8Array(sizes.student),
  };
  for (let row = 0; row < line.length; row++) {
    if (line[row]! < 0 || counts[cls[row]!] !== 1) continue;
    isRow[row] = 1;
    has.school[school[row]!] = 1;
    has.teacher[teacher[row]!] = 1;
    has.class[cls[row]!] = 1;
    has.student[student[row]!] = 1;
  }
  return { rows, isRow, has };
}

/** Worked out once, as several ask. */
export function acceptedIn(snapshot: Snapshot): Accepted {
  const done = known.get(snapshot);
  if (done) return done;
  const { rows, values, classes } = snapshot;
  const size = (column: KeyColumn): number => values[COLUMNS.indexOf(column)]!.length;
  const sizes = {
    school: size('school_id'),
    teacher: size('teacher_email'),
    class: size('class_id'),
    student: size('student_email'),
  };
  const accepted = acceptedOf(rows, sizes, classes);
  known.set(snapshot, accepted);
  return accepted;
}
const known = new WeakMap<Snapshot, Accepted>();

/** Number of the key → number of what was said first of it. */
export function firstSaid({ first }: Snapshot, key: KeyColumn, attribute: Column): Int32Array {
  const rule = RULES.findIndex((one) => one.key === key && one.attribute === attribute);
  return first[rule]!;
}
