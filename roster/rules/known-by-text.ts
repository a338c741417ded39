/** A known roster that was given as texts, by the numbers that these have in the new file. */
import { COLUMNS } from '../columns.js';
import type { Column } from '../columns.js';
import type { CellTable } from '../reading/cell-table.js';
import type {
  Known,
  KnownPerson,
  KnownPlace,
  KnownRoster,
  KnownSchool,
  KnownStudent,
  KnownTeacher,
} from './known-roster.js';

export function knownByText(roster: KnownRoster, tables: readonly CellTable[]): Known {
  const find = (column: Column): ((text: string) => number) =>
    tables[COLUMNS.indexOf(column)]!.find;
  const place = (id: Column, name: Column): ((one: KnownSchool) => KnownPlace) => {
    const [idOf, nameOf] = [find(id), find(name)];
    return (one) => ({
      id: idOf(one.id),
      value: one.id,
      name: nameOf(one.name),
      students: one.students,
    });
  };
  const person = (
    email: Column,
    first: Column,
    last: Column,
  ): ((one: KnownTeacher & Partial<KnownStudent>) => KnownPerson) => {
    const [idOf, firstOf, lastOf] = [find(email), find(first), find(last)];
    const gradeOf = find('student_grade_level');
    return ({ email: address, firstName, lastName, gradeLevel }) => ({
      id: idOf(address),
      first: firstOf(firstName),
      last: lastOf(lastName),
      grade: gradeLevel === undefined ? null : gradeOf(gradeLevel),
      firstName,
      lastName,
    });
  };
  return {
    schools: () => mapped(roster.schools(), place('school_id', 'school_name')),
    classes: () => mapped(roster.classes(), place('class_id', 'class_name')),
    teachers: () =>
      mapped(roster.teachers(), person('teacher_email', 'teacher_first_name', 'teacher_last_name')),
    students: () =>
      mapped(roster.students(), person('student_email', 'student_first_name', 'student_last_name')),
  };
}

async function* mapped<T, U>(
  batches: AsyncIterable<readonly T[]>,
  change: (one: T) => U,
): AsyncGenerator<U[]> {
  for await (const batch of batches) yield batch.map(change);
}
