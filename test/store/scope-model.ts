/**
 * What a part of a night leaves, written from the rules and not from the SQL: of the roster before
 * and of the one after the whole night, which row counts. Things are told apart by their `id`, as
 * another address or id may be given to them.
 */
import type { PlanScope } from '../../workflows/contract.js';
import type { Views } from './support.js';

type Row = Record<string, unknown>;
type Thing = 'schools' | 'teachers' | 'students' | 'classes';
type Pair = 'class_teachers' | 'enrollments';

const KEY: Readonly<Record<Thing, string>> = {
  schools: 'school_id',
  teachers: 'email',
  students: 'email',
  classes: 'class_id',
};
const PEOPLE = {
  class_teachers: { view: 'teachers', column: 'teacher_email' },
  enrollments: { view: 'students', column: 'student_email' },
} as const;
const THINGS = Object.keys(KEY) as Thing[];
const PAIRS = Object.keys(PEOPLE) as Pair[];

interface OnePair {
  readonly class: string;
  readonly person: string;
  readonly row: Row;
}
/** Everything by its id; classes with the id of their school, pairs with those of both sides. */
interface Indexed {
  readonly things: Readonly<Record<Thing, ReadonlyMap<string, Row>>>;
  readonly pairs: Readonly<Record<Pair, readonly OnePair[]>>;
}

function index(views: Views): Indexed {
  const idOf = Object.fromEntries(
    THINGS.map((view) => [
      view,
      new Map(views[view].map((row) => [String(row[KEY[view]]), String(row['id'])])),
    ]),
  ) as Record<Thing, Map<string, string>>;
  const things = Object.fromEntries(
    THINGS.map((view) => [
      view,
      new Map(
        views[view].map((row) => [
          String(row['id']),
          view === 'classes' ? { ...row, school: idOf.schools.get(String(row['school_id'])) } : row,
        ]),
      ),
    ]),
  ) as Record<Thing, Map<string, Row>>;
  const pairs = Object.fromEntries(
    PAIRS.map((view) => [
      view,
      views[view].map((row) => ({
        class: idOf.classes.get(String(row['class_id'])) ?? '',
        person: idOf[PEOPLE[view].view].get(String(row[PEOPLE[view].column])) ?? '',
        row,
      })),
    ]),
  ) as Record<Pair, OnePair[]>;
  return { things, pairs };
}

const isActive = (row: Row | undefined): boolean => row?.['active'] === true;

/** Both of the same district; in the shape of `plain`. */
export function afterPart(before: Views, after: Views, scope: PlanScope): Record<string, Row[]> {
  const { withoutSchools = [], additionsOnly = false } = scope;
  const [was, will] = [index(before), index(after)];
  const outSchools = new Set(
    [...was.things.schools, ...will.things.schools]
      .filter(([, row]) => withoutSchools.includes(String(row['school_id'])))
      .map(([id]) => id),
  );
  const outClasses = new Set(
    [...was.things.classes, ...will.things.classes]
      .filter(([, row]) => isActive(row) && outSchools.has(String(row['school'])))
      .map(([id]) => id),
  );
  const classesOf = (pairs: Pair, person: string, sides: readonly Indexed[]) =>
    sides.flatMap((side) =>
      side.pairs[pairs]
        .filter((one) => isActive(one.row) && one.person === person)
        .map((one) => one.class),
    );
  const personStays = (view: 'teachers' | 'students', pairs: Pair, id: string): boolean => {
    const leaves = isActive(was.things[view].get(id)) && !isActive(will.things[view].get(id));
    if (leaves) return classesOf(pairs, id, [was]).some((one) => outClasses.has(one));
    const all = classesOf(pairs, id, [was, will]);
    return all.length > 0 && all.every((one) => outClasses.has(one));
  };
  const schoolStays = (id: string): boolean =>
    outSchools.has(id) ||
    (!isActive(will.things.schools.get(id)) &&
      [...was.things.classes].some(
        ([klass, row]) => isActive(row) && row['school'] === id && outClasses.has(klass),
      ));
  const stays: Record<Thing, (id: string) => boolean> = {
    schools: schoolStays,
    classes: (id) => outClasses.has(id),
    teachers: (id) => personStays('teachers', 'class_teachers', id),
    students: (id) => personStays('students', 'enrollments', id),
  };
  const comes = (before: Row | undefined, after: Row | undefined): boolean =>
    !isActive(before) && isActive(after);

  const left = Object.fromEntries(
    THINGS.map((view) => [
      view,
      new Map(
        [...will.things[view]].flatMap(([id, after]) => {
          const before = was.things[view].get(id);
          const waits = stays[view](id) || (additionsOnly && !comes(before, after));
          const row = waits ? before : after;
          return row ? [[id, row] as const] : [];
        }),
      ),
    ]),
  ) as Record<Thing, Map<string, Row>>;
  const pairs = PAIRS.map((view) => {
    const { view: people, column } = PEOPLE[view];
    const rows = will.pairs[view].flatMap(({ class: klass, person, row: after }) => {
      const before = was.pairs[view].find((one) => one.class === klass && one.person === person);
      const waits = outClasses.has(klass) || (additionsOnly && !comes(before?.row, after));
      const row = waits ? before?.row : after;
      const names = {
        class_id: left.classes.get(klass)?.['class_id'],
        [column]: left[people].get(person)?.['email'],
      };
      return row ? [{ ...row, ...names }] : [];
    });
    return [view, rows];
  });
  const things = THINGS.map((view) => [
    view,
    [...left[view].values()].map((row) =>
      view === 'classes' ? withSchool(row, left.schools) : row,
    ),
  ]);
  return Object.fromEntries([...things, ...pairs]) as Record<string, Row[]>;
}

/** A class is shown with its school as that is called now. */
function withSchool({ school, ...row }: Row, schools: ReadonlyMap<string, Row>): Row {
  return { ...row, school_id: schools.get(String(school))?.['school_id'] };
}

/** Without what two districts cannot have in common, in one order. */
export function plain(views: Views | Record<string, Row[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(views).map(([view, rows]) => [
      view,
      (rows as Row[])
        .map((row) =>
          JSON.stringify(
            Object.entries(row)
              .filter(([name]) => name !== 'id' && name !== 'district_id')
              .sort(([a], [b]) => (a < b ? -1 : 1)),
          ),
        )
        .sort(),
    ]),
  );
}

/** Active pairs without an active class or person, and active classes without an active school. */
export function dangling(views: Views): string[] {
  const { things, pairs } = index(views);
  const classes = [...things.classes.values()].filter(
    (row) => isActive(row) && !isActive(things.schools.get(String(row['school']))),
  );
  const loose = PAIRS.flatMap((view) =>
    pairs[view].filter(
      (one) =>
        isActive(one.row) &&
        !(
          isActive(things.classes.get(one.class)) &&
          isActive(things[PEOPLE[view].view].get(one.person))
        ),
    ),
  );
  return [...classes, ...loose.map((one) => one.row)].map((row) => JSON.stringify(row));
}
