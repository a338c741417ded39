/**
 * How what a file says differs from what the last accepted one said: the cost of all that follows
 * is then that of the change, not of the file.
 */
import type { FileSays, SaidClass } from './file-says.js';
import { keyOf, takeSnapshot } from './snapshot.js';
import type { Members, Snapshot } from './snapshot.js';

/** What the last file said and this one does not, by natural keys. */
export interface Gone {
  readonly schools: readonly string[];
  readonly teachers: readonly string[];
  readonly classes: readonly string[];
  readonly students: readonly string[];
  /** Class id and address. */
  readonly classTeachers: readonly Pair[];
  readonly enrollments: readonly Pair[];
}
export type Pair = readonly [classId: string, email: string];

export interface SaysDelta {
  /**
   * What is new or different, and what that points at: classes have those people only who are
   * new in them.
   */
  readonly says: FileSays;
  readonly gone: Gone;
  /** What the whole file says, for the next night. */
  readonly snapshot: Snapshot;
}

export function saysDelta(before: Snapshot, now: FileSays): SaysDelta {
  const { snapshot, numbers } = takeSnapshot(now);
  const schools = compareLines(before.schools, snapshot.schools);
  const teachers = compareLines(before.teachers, snapshot.teachers);
  const students = compareLines(before.students, snapshot.students);
  const classes = compareLines(before.classes, snapshot.classes);
  const taught = compareMembers(before.classTeachers, snapshot.classTeachers, classes, teachers);
  const attended = compareMembers(before.enrollments, snapshot.enrollments, classes, students);

  const changed = <T>(places: Iterable<T>, kind: keyof typeof numbers): Set<number> =>
    new Set([...places].map((place) => numbers[kind][Number(place)]!));
  const touched = {
    schools: changed(schools.changed, 'schools'),
    teachers: changed(teachers.changed, 'teachers'),
    classes: changed(
      [...classes.changed, ...taught.comers.keys(), ...attended.comers.keys()],
      'classes',
    ),
    students: changed(students.changed, 'students'),
  };
  for (const places of taught.comers.values()) {
    for (const place of places) touched.teachers.add(numbers.teachers[place]!);
  }
  for (const places of attended.comers.values()) {
    for (const place of places) touched.students.add(numbers.students[place]!);
  }
  const comers = (of: Movement, kind: 'teachers' | 'students', place: number): number[] =>
    (of.comers.get(place) ?? []).map((one) => numbers[kind][one]!);

  const said = {
    teachers: pick(now.teachers(), touched.teachers),
    students: pick(now.students(), touched.students),
    classes: [] as SaidClass[],
  };
  let place = -1;
  for (const one of now.classes()) {
    place += 1;
    if (!touched.classes.has(one.n)) continue;
    said.classes.push({
      ...one,
      teachers: comers(taught, 'teachers', place),
      students: comers(attended, 'students', place),
    });
    touched.schools.add(one.school);
  }
  for (const { school, schools: all } of [...said.teachers, ...said.students]) {
    for (const one of all ?? [school]) touched.schools.add(one);
  }
  const pairs = (of: Movement, people: readonly string[]): Pair[] =>
    of.leavers.map(([cls, who]) => [keyOf(before.classes[cls]!), keyOf(people[who]!)]);
  return {
    says: {
      schools: () => pick(now.schools(), touched.schools),
      teachers: () => said.teachers,
      classes: () => said.classes,
      students: () => said.students,
      rejected: () => now.rejected(),
    },
    gone: {
      schools: schools.gone,
      teachers: teachers.gone,
      classes: classes.gone,
      students: students.gone,
      classTeachers: pairs(taught, before.teachers),
      enrollments: pairs(attended, before.students),
    },
    snapshot,
  };
}

function pick<T extends { readonly n: number }>(
  all: Iterable<T>,
  wanted: ReadonlySet<number>,
): T[] {
  const picked: T[] = [];
  if (wanted.size === 0) return picked;
  for (const one of all) if (wanted.has(one.n)) picked.push(one);
  return picked;
}

interface Comparison {
  /** Lines now. */
  readonly count: number;
  /** Old place → new place of the same key, or -1. */
  readonly placeNow: Int32Array;
  /** Places of lines that are new or say something else. */
  readonly changed: readonly number[];
  /** Keys that are not there any more. */
  readonly gone: readonly string[];
}

/** Nearly all lines are the same as a night ago, so whole lines are looked for first. */
function compareLines(before: readonly string[], now: readonly string[]): Comparison {
  const placeNow = new Int32Array(before.length).fill(-1);
  const changed: number[] = [];
  const isOld = numberedLines(before);
  now.forEach((line, place) => {
    const was = isOld(line);
    if (was < 0) changed.push(place);
    else placeNow[was] = place;
  });
  const left = new Map<string, number>();
  placeNow.forEach((place, was) => {
    if (place < 0) left.set(keyOf(before[was]!), was);
  });
  for (const place of changed) {
    const key = keyOf(now[place]!);
    const was = left.get(key);
    if (was === undefined) continue;
    placeNow[was] = place;
    left.delete(key);
  }
  return { count: now.length, placeNow, changed, gone: [...left.keys()] };
}

/** Where a line stood. Files keep their order, so it is looked for behind the last one first. */
function numberedLines(lines: readonly string[]): (line: string) => number {
  let next = 0;
  let all: Map<string, number> | null = null;
  return (line) => {
    if (lines[next] === line) return next++;
    all ??= new Map(lines.map((one, at) => [one, at]));
    const at = all.get(line) ?? -1;
    if (at >= 0) next = at + 1;
    return at;
  };
}

interface Movement {
  /** New place of a class → new places of people who are new in it. */
  readonly comers: ReadonlyMap<number, number[]>;
  /** Old places of a class and of who is not in it any more. */
  readonly leavers: readonly (readonly [cls: number, who: number])[];
}

function compareMembers(
  before: Members,
  now: Members,
  classes: Comparison,
  people: Comparison,
): Movement {
  const comers = new Map<number, number[]>();
  const leavers: [number, number][] = [];
  const classWas = new Int32Array(now.from.length - 1).fill(-1);
  classes.placeNow.forEach((place, was) => {
    if (place >= 0) classWas[place] = was;
    else for (const who of membersOf(before, was)) leavers.push([was, who]);
  });
  /** The class in which somebody was seen last, by new places. */
  const stands = new Int32Array(people.count).fill(-1);
  for (let cls = 0; cls < classWas.length; cls++) {
    const was = classWas[cls]!;
    for (const who of membersOf(now, cls)) stands[who] = cls;
    let same = 0;
    if (was >= 0) {
      for (const who of membersOf(before, was)) {
        const place = people.placeNow[who]!;
        if (place >= 0 && stands[place] === cls) {
          stands[place] = -1;
          same += 1;
        } else leavers.push([was, who]);
      }
    }
    const all = membersOf(now, cls);
    if (same === all.length) continue;
    comers.set(
      cls,
      [...all].filter((who) => stands[who] === cls),
    );
  }
  return { comers, leavers };
}

const membersOf = ({ from, who }: Members, cls: number): Int32Array =>
  who.subarray(from[cls], from[cls + 1]);
