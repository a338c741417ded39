/** Keys about which rows disagree: who says what where. */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { FindingCode } from '../findings.js';
import type { LostId } from '../rules/damaged-ids.js';
import { ROLE_OF } from '../rules/marks.js';
import type { Mark, Marks, SeenRows } from '../rules/marks.js';
import { areTwoStudents } from '../rules/two-students.js';
import type { CellTable } from './cell-table.js';
import type { Ints } from './ints.js';

/** Different values of one attribute that a finding spells out. */
const VALUES_MAX = 100;

/** Per attribute: number of the value → its first line, in the order of lines. */
type Said = Map<Column, Map<number, number>>;

interface Rule {
  /** Value `known`, first said on `knownLine`, is contradicted. */
  dispute(key: number, known: number, knownLine: number, value: number, line: number): void;
  /** Whether rows disagree about this attribute of that key. */
  isDisputed(key: number): boolean;
}

export interface Disputes {
  rule(code: FindingCode, key: Column, attribute: Column): Rule;
  /** One finding for each key and code, but for ids that do not name what their rows are about. */
  mark(rows: SeenRows, marks: Marks, lost: readonly LostId[]): void;
}

export function disputes(tables: readonly CellTable[]): Disputes {
  const table = (column: Column): CellTable => tables[COLUMNS.indexOf(column)]!;
  /** Code → column of the key → number of the key → what is said of it. */
  const byCode = new Map<FindingCode, Map<KeyColumn, Map<number, Said>>>();

  const keysOf = (code: FindingCode, column: KeyColumn): Map<number, Said> => {
    const columns = byCode.get(code) ?? new Map<KeyColumn, Map<number, Said>>();
    const keys = columns.get(column) ?? new Map<number, Said>();
    byCode.set(code, columns.set(column, keys));
    return keys;
  };

  const markOne = (code: FindingCode, key: string, said: Said, marks: Marks): Mark =>
    marks.add({
      code:
        code === 'STUDENT_CONFLICT' && areTwoStudents(said, table) ? 'EMAIL_TWO_STUDENTS' : code,
      column: COLUMNS.find((column) => said.has(column))!,
      value: spellOut(said, table),
      subject: key,
      lines: linesOf(said),
    });

  /** One address in both roles: whose it is cannot be told, so neither is touched. */
  const markSharedAddresses = (rows: SeenRows, marks: Marks): void => {
    const [teachers, students] = [table('teacher_email'), table('student_email')];
    const shared = new Map<number, number>();
    for (let teacher = 0; teacher < teachers.size(); teacher++) {
      const student = students.find(teachers.value(teacher));
      if (student >= 0) shared.set(teacher, student);
    }
    if (shared.size === 0) return;
    const asTeacher = firstLines(rows.teacher, rows.line, new Set(shared.keys()));
    const asStudent = firstLines(rows.student, rows.line, new Set(shared.values()));
    for (const [teacher, student] of shared) {
      const address = teachers.value(teacher);
      const [line, other] = [asTeacher.get(teacher), asStudent.get(student)];
      // Known to the table, but only from rows that could not be read.
      if (line === undefined || other === undefined) continue;
      marks
        .add({
          code: 'EMAIL_BOTH_ROLES',
          column: 'teacher_email',
          value: address,
          subject: address,
          lines: [...new Set([line, other])].sort((a, b) => a - b),
        })
        .on('teacher', teacher)
        .on('student', student);
    }
  };

  return {
    rule: (code, key, attribute) => {
      const keys = keysOf(code, key as KeyColumn);
      return {
        dispute: (id, known, knownLine, value, line) => {
          const said: Said = keys.get(id) ?? new Map();
          const values = said.get(attribute) ?? new Map([[known, knownLine]]);
          if (!values.has(value)) values.set(value, line);
          keys.set(id, said);
          said.set(attribute, values);
        },
        isDisputed: (id) => keys.get(id)?.has(attribute) ?? false,
      };
    },
    mark: (rows, marks, lost) => {
      markSharedAddresses(rows, marks);
      const isLost = new Set(
        lost.map(({ column, value }) => `${column} ${table(column).find(value)}`),
      );
      for (const [code, columns] of byCode) {
        for (const [column, keys] of columns) {
          for (const [id, said] of keys) {
            if (isLost.has(`${column} ${id}`)) continue;
            markOne(code, table(column).value(id), said, marks).on(ROLE_OF[column], id);
          }
        }
      }
    },
  };
}

function linesOf(said: Said): number[] {
  const lines = [...said.values()].flatMap((values) => [...values.values()]);
  return [...new Set(lines)].sort((a, b) => a - b);
}

/** The first line of each of those keys that stands in `ids`. */
function firstLines(ids: Ints, lines: Ints, wanted: ReadonlySet<number>): Map<number, number> {
  const first = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) {
    const id = ids.get(row);
    if (wanted.has(id) && !first.has(id)) first.set(id, Math.abs(lines.get(row)));
  }
  return first;
}

/** `5 (line 2), 6 (line 9)`, each attribute by its name if there are several. */
function spellOut(said: Said, table: (column: Column) => CellTable): string {
  const attributes = COLUMNS.filter((column) => said.has(column));
  return attributes
    .map((column) => {
      const values = [...said.get(column)!];
      const shown = values
        .slice(0, VALUES_MAX)
        .map(([value, line]) => `${table(column).value(value)} (line ${line})`);
      if (values.length > VALUES_MAX) shown.push(`${values.length - VALUES_MAX} more`);
      return `${attributes.length > 1 ? `${column}: ` : ''}${shown.join(', ')}`;
    })
    .join('; ');
}
