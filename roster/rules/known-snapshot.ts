/** What the last accepted file said, out of the snapshot that was taken of it. */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { Renumbering } from '../reading/renumber.js';
import { acceptedIn, firstSaid } from '../snapshot-side.js';
import type { Snapshot } from '../snapshot.js';
import type { Known, KnownPerson, KnownPlace } from './known-roster.js';
import { studentsOf } from './sizes.js';

export function knownBySnapshot(before: Snapshot, numbers: Renumbering): Known {
  const accepted = acceptedIn(before);
  const here = (column: Column): ((id: number) => number) => {
    const at = COLUMNS.indexOf(column);
    return (id) => (id < 0 ? -1 : numbers.find(at, id));
  };
  const values = (column: Column): readonly string[] => before.values[COLUMNS.indexOf(column)]!;

  function* places(key: KeyColumn, name: Column, role: 'school' | 'class'): Generator<KnownPlace> {
    const [idHere, nameHere] = [here(key), here(name)];
    const said = firstSaid(before, key, name);
    const { rows, isRow, has } = accepted;
    const ids = rows[role];
    const sizes = studentsOf(
      has[role].length,
      ids.map((id, row) => (isRow[row] === 1 ? id : -1)),
      rows.student,
    );
    for (let id = 0; id < sizes.length; id++) {
      if (has[role][id] !== 1) continue;
      yield {
        id: idHere(id),
        value: values(key)[id]!,
        name: nameHere(said[id]!),
        students: sizes[id]!,
      };
    }
  }
  function* people(
    role: 'teacher' | 'student',
    key: KeyColumn,
    [first, last]: readonly [Column, Column],
  ): Generator<KnownPerson> {
    const [idHere, firstHere, lastHere] = [here(key), here(first), here(last)];
    const gradeHere = here('student_grade_level');
    const [firsts, lasts] = [firstSaid(before, key, first), firstSaid(before, key, last)];
    const grades = role === 'student' ? firstSaid(before, key, 'student_grade_level') : null;
    const [firstNames, lastNames] = [values(first), values(last)];
    const has = accepted.has[role];
    for (let id = 0; id < has.length; id++) {
      if (has[id] !== 1) continue;
      yield {
        id: idHere(id),
        first: firstHere(firsts[id]!),
        last: lastHere(lasts[id]!),
        grade: grades === null ? null : gradeHere(grades[id]!),
        firstName: firstNames[firsts[id]!]!,
        lastName: lastNames[lasts[id]!]!,
      };
    }
  }
  return {
    async *schools() {
      yield places('school_id', 'school_name', 'school');
    },
    async *classes() {
      yield places('class_id', 'class_name', 'class');
    },
    async *teachers() {
      yield people('teacher', 'teacher_email', ['teacher_first_name', 'teacher_last_name']);
    },
    async *students() {
      yield people('student', 'student_email', ['student_first_name', 'student_last_name']);
    },
  };
}
