/** Random nights of a small district, as files, and what a model looks like in the views. */
import * as fc from 'fast-check';
import type { RosterRow } from '../../roster/columns.js';
import type { Model } from './model.js';
import { rejected, row, type FileRow, type Views } from './support.js';

const CELLS = ['schoolId', 'teacherEmail', 'classId', 'studentEmail'] as const;
const NAMES = ['schoolName', 'className', 'studentFirstName', 'teacherLastName'] as const;

/** What one night says about everything: the same in each of its rows. */
const world = fc.record({
  /** Where each class is. */
  schools: fc.array(fc.constantFrom('s1', 's2', 's3'), { minLength: 5, maxLength: 5 }),
  /** Who has got a new name. */
  renamed: fc.subarray(['s1', 's2', 't1', 't2', 'c0', 'c1', 'p1', 'p2', 'p3']),
  grades: fc.array(fc.constantFrom('4', '5', null), { minLength: 8, maxLength: 8 }),
});
const entry = fc.record({
  klass: fc.nat(4),
  teacher: fc.nat(3),
  student: fc.nat(7),
  /** Not empty: the row is rejected, and these cells are lost. */
  lost: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.subarray([...CELLS, ...NAMES]) },
  ),
  /** A rejected row may say something else about its people and places. */
  contradicts: fc.boolean(),
});
export const oneNight = fc.record({
  world,
  entries: fc.array(entry, { minLength: 1, maxLength: 12 }),
});
export const nights = fc.array(oneNight, { minLength: 2, maxLength: 5 });

type Night = typeof oneNight extends fc.Arbitrary<infer T> ? T : never;

export function toFile({ world: says, entries }: Night): FileRow[] {
  return entries.map(({ klass, teacher, student, lost, contradicts }) => {
    const school = says.schools[klass] ?? 's1';
    const name = (key: string): string => (says.renamed.includes(key) ? `New ${key}` : key);
    const one: RosterRow = row(school, `t${teacher}`, `c${klass}`, `p${student}`, {
      schoolName: name(school),
      className: name(`c${klass}`),
      teacherLastName: name(`t${teacher}`),
      studentFirstName: name(`p${student}`),
      studentGradeLevel: says.grades[student] ?? null,
    });
    if (!lost) return one;
    const other = contradicts ? { studentFirstName: 'Other', className: 'Other' } : {};
    return rejected({ ...one, ...other }, ...lost);
  });
}

const sorted = <T>(map: Map<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

export function modelViews(model: Model, district: string): Record<keyof Views, unknown[]> {
  const person = (key: string, { active, attributes }: Thing) => ({
    district_id: district,
    email: key,
    first_name: attributes['first'],
    last_name: attributes['last'],
    active,
  });
  const pairs = (map: Map<string, boolean>, who: string) =>
    sorted(map).map(([key, active]) => {
      const [klass, person] = key.split(' ');
      return { district_id: district, class_id: klass, [who]: person, active };
    });
  return {
    schools: sorted(model.schools).map(([key, { active, attributes }]) => ({
      district_id: district,
      school_id: key,
      name: attributes['name'],
      active,
    })),
    teachers: sorted(model.teachers).map(([key, one]) => person(key, one)),
    students: sorted(model.students).map(([key, one]) => ({
      ...person(key, one),
      grade_level: one.attributes['grade'],
    })),
    classes: sorted(model.classes).map(([key, { active, attributes }]) => ({
      district_id: district,
      class_id: key,
      school_id: attributes['schoolId'],
      name: attributes['name'],
      active,
    })),
    class_teachers: pairs(model.classTeachers, 'teacher_email'),
    enrollments: pairs(model.enrollments, 'student_email'),
  };
}
type Thing = Model['schools'] extends Map<string, infer T> ? T : never;
