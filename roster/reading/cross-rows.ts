/**
 * Step 8: what rows say about each other, and against the last good file. Every value is a number
 * by now, so a row costs five integers, and a key one integer for each of its attributes.
 *
 * Rejected rows are heard, too: if one of them contradicts a good row about a name, neither is
 * to be believed. Names that differ in case alone are different: both may be right ("de la
 * Cruz"), and picking one would let the order of rows decide who somebody is.
 */
import { COLUMNS } from '../columns.js';
import type { Column, KeyColumn } from '../columns.js';
import type { FileSays } from '../file-says.js';
import type { FindingCode } from '../findings.js';
import { applyRules } from '../rules/apply.js';
import type { RulesResult } from '../rules/apply.js';
import type { Known } from '../rules/known-roster.js';
import type { SeenRows } from '../rules/marks.js';
import { saidBy } from '../rules/said.js';
import type { CellTable } from './cell-table.js';
import { disputes } from './disputes.js';
import type { FindingList } from './finding-list.js';
import { rejectedKeys } from './rejected-keys.js';
import { Flags, Ints } from './ints.js';
import { gather } from './gather.js';
import type { Gathered } from './gather.js';

export type { SeenRows } from '../rules/marks.js';

/** Position of a column in COLUMNS, and so of its number in a row. */
export const at = (column: Column): number => COLUMNS.indexOf(column);

/** Which attribute of which key must be one and the same on all rows. */
export const RULES: readonly {
  readonly code: FindingCode;
  readonly key: KeyColumn;
  readonly attribute: Column;
}[] = [
  { code: 'SCHOOL_CONFLICT', key: 'school_id', attribute: 'school_name' },
  { code: 'TEACHER_CONFLICT', key: 'teacher_email', attribute: 'teacher_first_name' },
  { code: 'TEACHER_CONFLICT', key: 'teacher_email', attribute: 'teacher_last_name' },
  { code: 'CLASS_CONFLICT', key: 'class_id', attribute: 'class_name' },
  { code: 'CLASS_TWO_SCHOOLS', key: 'class_id', attribute: 'school_id' },
  { code: 'STUDENT_CONFLICT', key: 'student_email', attribute: 'student_first_name' },
  { code: 'STUDENT_CONFLICT', key: 'student_email', attribute: 'student_last_name' },
  { code: 'STUDENT_CONFLICT', key: 'student_email', attribute: 'student_grade_level' },
];

export interface CrossRowsResult extends RulesResult, Omit<Gathered, 'says'> {
  readonly says: FileSays;
}

/** All that is known of the rows, by numbers. */
export interface ReadNumbers {
  /** In the order of COLUMNS. */
  readonly tables: readonly CellTable[];
  readonly rows: SeenRows;
  /** In the order of RULES: number of the key → number of the value that was said first, or -1. */
  readonly first: readonly Ints[];
  /**
   * Rows in which nothing was found and nothing put right, and that say of their keys what was
   * said first: their four keys say all that they do.
   */
  readonly plain: Flags;
}

export interface CrossRows {
  /**
   * `ids` in the order of COLUMNS; it is read, not kept. `inOrder`: there is nothing to tell of
   * the row but what it says. @returns whether it is plain (ReadNumbers)
   */
  see(line: number, ids: Int32Array, accepted: boolean, inOrder: boolean): boolean;
  /** A plain row whose keys say the same as in a plain one above it: only they count in `ids`. */
  hear(line: number, ids: Int32Array): void;
  readonly numbers: ReadNumbers;
  /** Reports what every rule found and says which accepted rows that rejects after all. */
  finish(findings: FindingList, known: Known | null): Promise<CrossRowsResult>;
}

export function crossRows(tables: readonly CellTable[]): CrossRows {
  const found = disputes(tables);
  const checks = RULES.map(({ code, key, attribute }) => {
    const rule = found.rule(code, key, attribute);
    return { key: at(key), attribute: at(attribute), value: rule.first, rule };
  });
  const byAttribute = new Map(checks.map((check) => [COLUMNS[check.attribute]!, check]));
  const rows: SeenRows = {
    school: new Ints(),
    teacher: new Ints(),
    class: new Ints(),
    student: new Ints(),
    line: new Ints(),
  };
  const plainRows = new Flags();
  const [school, teacher, cls, student] = [
    at('school_id'),
    at('teacher_email'),
    at('class_id'),
    at('student_email'),
  ];
  const said = saidBy(rows, tables, (column, key) => {
    const { value, rule } = byAttribute.get(column)!;
    return rule.isDisputed(key) ? -1 : value.get(key);
  });

  const put = (line: number, ids: Int32Array, plain: boolean): void => {
    if (plain) plainRows.set(rows.line.length);
    rows.school.push(ids[school]!);
    rows.teacher.push(ids[teacher]!);
    rows.class.push(ids[cls]!);
    rows.student.push(ids[student]!);
    rows.line.push(line);
  };

  return {
    see: (line, ids, accepted, inOrder) => {
      let plain = inOrder;
      for (const check of checks) {
        const key = ids[check.key]!;
        const value = ids[check.attribute]!;
        if (key < 0 || value < 0) {
          if (key >= 0) check.rule.keepSilent(rows.line.length);
          continue;
        }
        const known = check.value.get(key);
        if (known === value) continue;
        if (known === -1) check.value.set(key, value);
        else {
          plain = false;
          check.rule.contradict(key, rows.line.length, value);
        }
      }
      put(accepted ? line : -line, ids, plain);
      return plain;
    },
    hear: (line, ids) => put(line, ids, true),
    numbers: { tables, rows, first: checks.map(({ value }) => value), plain: plainRows },
    finish: async (findings, known) => {
      const applied = await applyRules(said, found, findings, known);
      const gathered = gather(said, findings);
      const says = { ...gathered.says, rejected: () => rejectedKeys(said, applied) };
      return { ...applied, ...gathered, says };
    },
  };
}
