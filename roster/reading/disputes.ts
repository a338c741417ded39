/** Keys about which rows disagree: who says what where, and which rows that rejects. */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { FindingCode } from '../findings.js';
import type { CellTable } from './cell-table.js';
import type { SeenRows } from './cross-rows.js';
import type { FindingList } from './finding-list.js';
import type { Ints } from './ints.js';

/** Different values of one attribute that a finding spells out. */
const VALUES_MAX = 10;

interface Dispute {
  /** Per attribute: number of the value → its first line, in the order of lines. */
  readonly said: Map<Column, Map<number, number>>;
  rows: number;
  readonly people: Set<number>;
  unknownPeople: number;
  value?: string;
}
interface Rule {
  /** Value `known`, first said on `knownLine`, is contradicted. */
  dispute(key: number, known: number, knownLine: number, value: number, line: number): void;
}

export interface Disputes {
  rule(code: FindingCode, key: Column, attribute: Column): Rule;
  /** Adds one finding a key and code, marks the rows as rejected, gives the newly rejected lines. */
  report(rows: SeenRows, findings: FindingList): number[];
}

type Role = 'school' | 'teacher' | 'class' | 'student';
const ROLE_OF: Record<KeyColumn, Role> = {
  school_id: 'school',
  teacher_email: 'teacher',
  class_id: 'class',
  student_email: 'student',
};

const newDispute = (): Dispute => ({
  said: new Map(),
  rows: 0,
  people: new Set(),
  unknownPeople: 0,
});

export function disputes(tables: readonly CellTable[]): Disputes {
  const table = (column: Column): CellTable => tables[COLUMNS.indexOf(column)]!;
  /** Code → role of the key → number of the key → what is disputed. */
  const byCode = new Map<FindingCode, Map<Role, Map<number, Dispute>>>();

  const keysOf = (code: FindingCode, role: Role): Map<number, Dispute> => {
    const roles = byCode.get(code) ?? new Map<Role, Map<number, Dispute>>();
    const keys = roles.get(role) ?? new Map<number, Dispute>();
    byCode.set(code, roles.set(role, keys));
    return keys;
  };

  /** One address in both roles: whose it is cannot be told, so neither is touched. */
  const findSharedAddresses = (rows: SeenRows): void => {
    const [teachers, students] = [table('teacher_email'), table('student_email')];
    const shared = new Map<number, number>();
    for (let teacher = 0; teacher < teachers.size(); teacher++) {
      const student = students.find(teachers.value(teacher));
      if (student >= 0) shared.set(teacher, student);
    }
    if (shared.size === 0) return;
    const firstAsTeacher = firstLines(rows.teacher, rows.line, new Set(shared.keys()));
    const firstAsStudent = firstLines(rows.student, rows.line, new Set(shared.values()));
    for (const [teacher, line] of firstAsTeacher) {
      const student = shared.get(teacher)!;
      const other = firstAsStudent.get(student);
      if (other === undefined) continue;
      const dispute = newDispute();
      dispute.value = teachers.value(teacher);
      dispute.said.set('teacher_email', new Map([[teacher, line]]));
      dispute.said.set('student_email', new Map([[student, other]]));
      keysOf('EMAIL_BOTH_ROLES', 'teacher').set(teacher, dispute);
      keysOf('EMAIL_BOTH_ROLES', 'student').set(student, dispute);
    }
  };

  return {
    rule: (code, key, attribute) => {
      const keys = keysOf(code, ROLE_OF[key as KeyColumn]);
      return {
        dispute: (id, known, knownLine, value, line) => {
          const dispute = keys.get(id) ?? newDispute();
          const values = dispute.said.get(attribute) ?? new Map([[known, knownLine]]);
          if (!values.has(value)) values.set(value, line);
          keys.set(id, dispute);
          dispute.said.set(attribute, values);
        },
      };
    },
    report: (rows, findings) => {
      findSharedAddresses(rows);
      const rejected = rejectDisputed(rows, byCode);
      for (const [code, roles] of byCode) {
        for (const dispute of new Set([...roles.values()].flatMap((keys) => [...keys.values()]))) {
          const lines = [...dispute.said.values()].flatMap((values) => [...values.values()]);
          lines.sort((a, b) => a - b);
          findings.add({
            code,
            line: lines[0]!,
            column: COLUMNS.find((column) => dispute.said.has(column))!,
            value: dispute.value ?? spellOut(dispute, table),
            rows: dispute.rows,
            people: dispute.people.size + dispute.unknownPeople,
            lines: [...new Set(lines)],
          });
        }
      }
      return rejected;
    },
  };
}

/** Counts the rows of each dispute, and turns the line of every such row below zero. */
function rejectDisputed(
  rows: SeenRows,
  byCode: ReadonlyMap<FindingCode, ReadonlyMap<Role, ReadonlyMap<number, Dispute>>>,
): number[] {
  const open = [...byCode.values()].flatMap((roles) =>
    [...roles]
      .filter(([, keys]) => keys.size > 0)
      .map(([role, keys]) => ({ ids: rows[role], keys })),
  );
  const rejected: number[] = [];
  if (open.length === 0) return rejected;
  for (let row = 0; row < rows.line.length; row++) {
    const touched = new Set<Dispute>();
    for (const { ids, keys } of open) {
      const dispute = keys.get(ids.get(row));
      if (dispute !== undefined) touched.add(dispute);
    }
    if (touched.size === 0) continue;
    const student = rows.student.get(row);
    for (const dispute of touched) {
      dispute.rows++;
      if (student < 0) dispute.unknownPeople++;
      else dispute.people.add(student);
    }
    const line = rows.line.get(row);
    if (line < 0) continue;
    rejected.push(line);
    rows.line.set(row, -line);
  }
  return rejected;
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
function spellOut(dispute: Dispute, table: (column: Column) => CellTable): string {
  const attributes = COLUMNS.filter((column) => dispute.said.has(column));
  return attributes
    .map((column) => {
      const values = [...dispute.said.get(column)!];
      const shown = values
        .slice(0, VALUES_MAX)
        .map(([value, line]) => `${table(column).value(value)} (line ${line})`);
      if (values.length > VALUES_MAX) shown.push(`${values.length - VALUES_MAX} more`);
      return `${attributes.length > 1 ? `${column}: ` : ''}${shown.join(', ')}`;
    })
    .join('; ');
}
