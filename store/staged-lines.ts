/** What a file says, as lines of COPY for the tables of staging-table.ts. */
import { COLUMNS, FIELD_OF } from '../roster/columns.js';
import type { FileSays, RejectedKeys, SaidTeacher } from '../roster/file-says.js';
import type { Gone } from '../roster/says-delta.js';
import { copyField } from './copy.js';
import type { ReadableCells } from './types.js';

export const STAGED_COLUMNS =
  'kind, n, line, id, name, last_name, grade_level, school, schools, teachers, students';

const NULL = '\\N';
const numbers = (all: readonly number[] | null): string =>
  all === null ? NULL : `{${all.join()}}`;

/** In the order of STAGED_COLUMNS. */
export function* stagedLines(says: FileSays): Generator<string> {
  for (const { n, line, schoolId, name } of says.schools()) {
    yield `s\t${n}\t${line}\t${copyField(schoolId)}\t${copyField(name)}${`\t${NULL}`.repeat(6)}`;
  }
  for (const one of says.teachers()) yield `t\t${person(one)}\t${NULL}\t${placed(one)}`;
  for (const { n, line, classId, name, school, teachers, students } of says.classes()) {
    yield (
      `c\t${n}\t${line}\t${copyField(classId)}\t${copyField(name)}\t${NULL}\t${NULL}\t${school}\t${NULL}\t` +
      `${numbers(teachers)}\t{${students.join()}}`
    );
  }
  for (const one of says.students()) {
    yield `p\t${person(one)}\t${copyField(one.gradeLevel)}\t${placed(one)}`;
  }
}

const person = (
  one: Pick<SaidTeacher, 'n' | 'line' | 'email' | 'firstName' | 'lastName'>,
): string =>
  `${one.n}\t${one.line}\t${copyField(one.email)}\t${copyField(one.firstName)}\t${copyField(one.lastName)}`;
const placed = (one: { school: number; schools: readonly number[] | null }): string =>
  `${one.school}\t${numbers(one.schools)}\t${NULL}\t${NULL}`;

export const GONE_COLUMNS = 'kind, id, email';

/** In the order of GONE_COLUMNS. */
export function* goneLines(gone: Gone): Generator<string> {
  for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
    for (const key of gone[kind]) yield `${kind}\t${copyField(key)}\t${NULL}`;
  }
  for (const kind of ['classTeachers', 'enrollments'] as const) {
    for (const pair of gone[kind]) yield `${kind}\t${pair.map(copyField).join('\t')}`;
  }
}

const FIELDS = COLUMNS.map((column) => FIELD_OF[column]);

export const REJECTED_COLUMNS = [...COLUMNS, 'line'].join(', ');

/** In the order of REJECTED_COLUMNS; null: nobody knows which line. */
export const rejectedLine = (keys: ReadableCells | RejectedKeys, line: number | null): string =>
  `${FIELDS.map((field) => copyField((keys as ReadableCells)[field] ?? null)).join('\t')}\t${line ?? NULL}`;
