/** Counts what the rows that are left describe, each thing once, and notes repeated rows. */
import { COLUMNS } from '../columns.js';
import type { KeyColumn } from '../columns.js';
import { LINES_MAX } from '../findings.js';
import type { CellTable } from './cell-table.js';
import type { SeenRows } from './cross-rows.js';
import type { FindingList } from './finding-list.js';
import { Pairs } from './pairs.js';

export interface Counts {
  readonly schools: number;
  readonly teachers: number;
  readonly classes: number;
  readonly students: number;
  readonly classTeachers: number;
  readonly enrollments: number;
}

export function tally(
  rows: SeenRows,
  tables: readonly CellTable[],
  findings: FindingList,
): { readonly accepted: number; readonly counts: Counts } {
  const distinct = (column: KeyColumn): ((id: number) => void) & { count: () => number } => {
    const seen = new Uint8Array(tables[COLUMNS.indexOf(column)]!.size());
    let count = 0;
    const note = (id: number): void => {
      count += 1 - seen[id]!;
      seen[id] = 1;
    };
    return Object.assign(note, { count: () => count });
  };
  const schools = distinct('school_id');
  const teachers = distinct('teacher_email');
  const classes = distinct('class_id');
  const students = distinct('student_email');
  const classTeachers = new Pairs();
  // Sorted in place, eight bytes a row: a hash table of as many pairs takes four times as much.
  const pairs = new Float64Array(rows.line.length);
  let accepted = 0;

  for (let row = 0; row < rows.line.length; row++) {
    const line = rows.line.get(row);
    if (line < 0) continue;
    const [cls, student] = [rows.class.get(row), rows.student.get(row)];
    schools(rows.school.get(row));
    teachers(rows.teacher.get(row));
    classes(cls);
    students(student);
    pairs[accepted++] = pair(cls, student);
  }
  const enrollments = countDistinct(pairs.subarray(0, accepted));

  // No two rows that are left disagree, so the same three keys are the same row.
  const whole = (row: number): number =>
    pair(classTeachers.add(rows.class.get(row), rows.teacher.get(row)), rows.student.get(row));
  accepted = 0;
  for (let row = 0; row < rows.line.length; row++) {
    if (rows.line.get(row) >= 0) pairs[accepted++] = whole(row);
  }
  const repeats = accepted - countDistinct(pairs.subarray(0, accepted));
  if (repeats > 0) {
    const lines = repeatedLines(rows, pairs.subarray(0, accepted), whole);
    findings.add({ code: 'DUPLICATE_ROWS', line: lines[0]!, rows: repeats, lines });
  }
  const counts: Counts = {
    schools: schools.count(),
    teachers: teachers.count(),
    classes: classes.count(),
    students: students.count(),
    classTeachers: classTeachers.size,
    enrollments,
  };
  return { accepted, counts };
}

/** Two numbers as one; exact, as both are below 2^26 and a double holds integers up to 2^53. */
const pair = (a: number, b: number): number => a * 67_108_864 + b;

/** How many different ones there are. Sorts them. */
function countDistinct(numbers: Float64Array): number {
  numbers.sort();
  let count = 0;
  for (let at = 0; at < numbers.length; at++) if (numbers[at] !== numbers[at - 1]) count++;
  return count;
}

/** The lines that say again what a line above them said. */
function repeatedLines(
  rows: SeenRows,
  sorted: Float64Array,
  whole: (row: number) => number,
): number[] {
  const twice = new Set<number>();
  const lines: number[] = [];
  for (let row = 0; row < rows.line.length && lines.length < LINES_MAX; row++) {
    const line = rows.line.get(row);
    if (line < 0) continue;
    const key = whole(row);
    if (twice.has(key)) lines.push(line);
    else if (standsTwice(sorted, key)) twice.add(key);
  }
  return lines;
}

function standsTwice(sorted: Float64Array, key: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return sorted[low + 1] === key;
}
