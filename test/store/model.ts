/**
 * A roster in plain JavaScript, written from the rules and not from the SQL: maps, loops, one row
 * after the other. What the views must say after each night.
 */
import type { RosterRow } from '../../roster/columns.js';
import type { ReadableCells } from '../../store/types.js';
import type { FileRow } from './support.js';

interface Thing {
  active: boolean;
  attributes: Record<string, string>;
}
type Things = Map<string, Thing>;
export interface Model {
  schools: Things;
  teachers: Things;
  students: Things;
  classes: Things;
  /** Classes that got another id in the last night: the old one, and the new one. */
  renamed: [string, string][];
  /** Keys are `class teacher` and `class student`. */
  classTeachers: Map<string, boolean>;
  enrollments: Map<string, boolean>;
}

export const emptyModel = (): Model => ({
  schools: new Map(),
  teachers: new Map(),
  students: new Map(),
  classes: new Map(),
  renamed: [],
  classTeachers: new Map(),
  enrollments: new Map(),
});

type Named = readonly (string | null | undefined)[];
const pair = (a: string, b: string): string => `${a} ${b}`;
const activePairs = (pairs: Map<string, boolean>): [string, string][] =>
  [...pairs].filter(([, on]) => on).map(([key]) => key.split(' ') as [string, string]);

/** Everybody whom some rejected row keeps from leaving. */
class Kept {
  schools = new Set<string>();
  teachers = new Set<string>();
  students = new Set<string>();
  classes = new Set<string>();
  classTeachers = new Set<string>();
  enrollments = new Set<string>();
}

function keepFor(model: Model, kept: Kept, cells: ReadableCells): void {
  const { schoolId, teacherEmail, classId, studentEmail } = cells;
  const classes = [...model.classes].filter(([, one]) => one.active);
  const enrolled = activePairs(model.enrollments);
  const teaching = activePairs(model.classTeachers);
  const schoolOf = (klass: string): string | undefined =>
    model.classes.get(klass)?.attributes['schoolId'];
  const inSchool = (klass: string): boolean => schoolId != null && schoolOf(klass) === schoolId;

  if (schoolId) kept.schools.add(schoolId);
  if (teacherEmail) kept.teachers.add(teacherEmail);
  if (classId) kept.classes.add(classId);
  if (studentEmail) kept.students.add(studentEmail);
  if (classId && teacherEmail) kept.classTeachers.add(pair(classId, teacherEmail));
  if (classId && studentEmail) kept.enrollments.add(pair(classId, studentEmail));

  if (!classId && !schoolId && (!studentEmail || !teacherEmail)) {
    for (const kind of ['schools', 'teachers', 'students', 'classes'] as const) {
      for (const key of model[kind].keys()) kept[kind].add(key);
    }
    for (const key of model.classTeachers.keys()) kept.classTeachers.add(key);
    for (const key of model.enrollments.keys()) kept.enrollments.add(key);
    return;
  }

  const lostPerson = (
    pairs: [string, string][],
    keepPair: Set<string>,
    people: Things,
    keepPeople: Set<string>,
    names: Named,
  ): void => {
    const ofClass = pairs.filter(([klass]) => klass === classId);
    const ofSchool = pairs.filter(([klass]) => inSchool(klass));
    const all = ofClass.length === 0 && ofSchool.length === 0;
    const meant = ofClass.length > 0 ? ofClass : ofSchool.length > 0 ? ofSchool : pairs;
    for (const [klass, person] of meant) keepPair.add(pair(klass, person));
    for (const [person, { attributes }] of people) {
      const homeless = !pairs.some(([, other]) => other === person);
      const [first, last] = names;
      const sameName =
        first != null && attributes['first'] === first && attributes['last'] === last;
      if (all || homeless || sameName) keepPeople.add(person);
    }
  };
  if (!studentEmail) {
    const names = [cells.studentFirstName, cells.studentLastName];
    lostPerson(enrolled, kept.enrollments, model.students, kept.students, names);
  }
  if (!teacherEmail) {
    const names = [cells.teacherFirstName, cells.teacherLastName];
    lostPerson(teaching, kept.classTeachers, model.teachers, kept.teachers, names);
  }

  const theirs = enrolled.filter(([, student]) => student === studentEmail);
  const taught = teaching.filter(([, teacher]) => teacher === teacherEmail);
  const personal = [...theirs, ...taught].map(([klass]) => klass);
  if (!classId) {
    for (const [klass, student] of theirs) kept.enrollments.add(pair(klass, student));
    for (const [klass, teacher] of taught) kept.classTeachers.add(pair(klass, teacher));
    if (personal.length === 0) {
      const ofSchool = classes.filter(([klass]) => inSchool(klass));
      for (const [klass] of ofSchool.length > 0 ? ofSchool : classes) kept.classes.add(klass);
    }
  }
  const present = classId && model.classes.get(classId)?.active ? schoolOf(classId) : undefined;
  if (present) kept.schools.add(present);
  if (!schoolId && !present) {
    const schools = personal.map(schoolOf);
    for (const school of schools.length > 0 ? schools : model.schools.keys()) {
      if (school) kept.schools.add(school);
    }
  }
}

/** What a kept thing needs stays with it; a class that the file moves needs its old school no more. */
function keepNeeds(model: Model, kept: Kept, inFile: ReadonlySet<string>): void {
  for (const [klass, student] of activePairs(model.enrollments)) {
    if (!kept.enrollments.has(pair(klass, student))) continue;
    kept.classes.add(klass);
    kept.students.add(student);
  }
  for (const [klass, teacher] of activePairs(model.classTeachers)) {
    if (!kept.classTeachers.has(pair(klass, teacher))) continue;
    kept.classes.add(klass);
    kept.teachers.add(teacher);
  }
  for (const [klass, { active, attributes }] of model.classes) {
    if (active && kept.classes.has(klass) && !inFile.has(klass))
      kept.schools.add(attributes['schoolId'] ?? '');
  }
}

interface Says {
  readonly key: string;
  readonly attributes: Record<string, string | null | undefined>;
}
const SAYS: Record<'schools' | 'teachers' | 'classes' | 'students', (c: ReadableCells) => Says> = {
  schools: (c) => ({ key: c.schoolId ?? '', attributes: { name: c.schoolName } }),
  teachers: (c) => ({
    key: c.teacherEmail ?? '',
    attributes: { first: c.teacherFirstName, last: c.teacherLastName },
  }),
  classes: (c) => ({
    key: c.classId ?? '',
    attributes: { name: c.className, schoolId: c.schoolId },
  }),
  students: (c) => ({
    key: c.studentEmail ?? '',
    attributes: {
      first: c.studentFirstName,
      last: c.studentLastName,
      grade: c.studentGradeLevel,
    },
  }),
};

function turn(
  pairs: Map<string, boolean>,
  wanted: ReadonlySet<string>,
  stays: ReadonlySet<string>,
): void {
  for (const key of wanted) pairs.set(key, true);
  for (const key of pairs.keys()) {
    if (!wanted.has(key) && !stays.has(key)) pairs.set(key, false);
  }
}

/** The students or teachers of each class. */
const membersOf = (pairs: readonly [string, string][]): Map<string, Set<string>> => {
  const all = new Map<string, Set<string>>();
  for (const [klass, who] of pairs) all.set(klass, (all.get(klass) ?? new Set()).add(who));
  return all;
};

/**
 * Classes whose id has changed: the same school, a teacher in common, three fifths of the students
 * of either. Nobody else here has the name of another. No two classes have one name, so a class
 * that could be two is none.
 */
function renames(
  before: Model,
  accepted: readonly RosterRow[],
  rejected: readonly ReadableCells[],
): [string, string][] {
  const named = new Set(rejected.map((cells) => cells.classId));
  const school = new Map(accepted.map((one) => [one.classId, one.schoolId]));
  const news = [...school.keys()].filter((id) => !before.classes.has(id));
  const olds = [...before.classes].filter(
    ([id, one]) => one.active && !school.has(id) && !named.has(id),
  );
  const learns = membersOf(accepted.map((one) => [one.classId, one.studentEmail]));
  const teaches = membersOf(accepted.map((one) => [one.classId, one.teacherEmail]));
  const learned = membersOf(activePairs(before.enrollments));
  const taught = membersOf(activePairs(before.classTeachers));
  const fits = (old: string, now: string): boolean => {
    const [was, is] = [learned.get(old) ?? new Set(), learns.get(now) ?? new Set()];
    const same = [...was].filter((who) => is.has(who)).length;
    const staff = [...(taught.get(old) ?? [])].filter((who) => teaches.get(now)?.has(who));
    return staff.length > 0 && same > 0 && same * 5 >= was.size * 3 && same * 5 >= is.size * 3;
  };
  const pairs = olds.flatMap(([old, { attributes }]) =>
    news
      .filter((now) => attributes['schoolId'] === school.get(now) && fits(old, now))
      .map((now): [string, string] => [old, now]),
  );
  return pairs.filter(
    ([old, now]) =>
      pairs.filter((one) => one[0] === old).length === 1 &&
      pairs.filter((one) => one[1] === now).length === 1,
  );
}

/** The class goes on under its new id. */
function giveId(model: Model, old: string, now: string): void {
  model.classes.set(now, model.classes.get(old)!);
  model.classes.delete(old);
  for (const pairs of [model.classTeachers, model.enrollments]) {
    for (const [key, on] of [...pairs]) {
      const [klass, who] = key.split(' ') as [string, string];
      if (klass !== old) continue;
      pairs.delete(key);
      pairs.set(pair(now, who), on);
    }
  }
}

/** One night: the model after a file was applied. */
export function afterNight(before: Model, file: readonly FileRow[]): Model {
  const accepted = file.filter((one): one is RosterRow => !('rejected' in one));
  const rejected = file.flatMap((one) => ('rejected' in one ? [one.rejected] : []));
  const after = structuredClone(before);
  after.renamed = renames(before, accepted, rejected);
  for (const [old, now] of after.renamed) giveId(after, old, now);
  const known = structuredClone(after);
  const kept = new Kept();
  for (const cells of rejected) keepFor(known, kept, cells);
  keepNeeds(known, kept, new Set(accepted.map((one) => one.classId)));

  for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
    const wanted = new Map<string, Record<string, string>>();
    for (const one of accepted) {
      const { key, attributes } = SAYS[kind](one);
      const said = wanted.get(key) ?? {};
      for (const [name, value] of Object.entries(attributes)) if (value) said[name] = value;
      wanted.set(key, said);
    }
    for (const [key, said] of wanted) {
      const known = after[kind].get(key);
      const unknownGrade: Record<string, string> = kind === 'students' ? { grade: '' } : {};
      const attributes = { ...unknownGrade, ...known?.attributes, ...said };
      after[kind].set(key, { active: true, attributes });
    }
    for (const [key, thing] of after[kind]) {
      if (!wanted.has(key) && !kept[kind].has(key)) thing.active = false;
    }
  }
  const teaches = accepted.map((one) => pair(one.classId, one.teacherEmail));
  const learns = accepted.map((one) => pair(one.classId, one.studentEmail));
  turn(after.classTeachers, new Set(teaches), kept.classTeachers);
  turn(after.enrollments, new Set(learns), kept.enrollments);
  return after;
}
