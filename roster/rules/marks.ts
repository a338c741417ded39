/**
 * Findings about keys. A rule marks the schools, teachers, classes and students that it is about;
 * one pass over the rows then tells how many rows and people each finding touches, on which lines,
 * and which rows an error rejects. So a rule costs its keys, and all of them together one pass.
 */
import type { KeyColumn } from '../columns.js';
import { LINES_MAX } from '../findings.js';
import type { Finding, FindingCode, Severity } from '../findings.js';
import type { FindingDraft, FindingList } from '../reading/finding-list.js';
import type { Ints } from '../reading/ints.js';

export type Role = 'school' | 'teacher' | 'class' | 'student';
const ROLES: readonly Role[] = ['school', 'teacher', 'class', 'student'];
export const ROLE_OF: Readonly<Record<KeyColumn, Role>> = {
  school_id: 'school',
  teacher_email: 'teacher',
  class_id: 'class',
  student_email: 'student',
};

/** The rows seen, column by column. A number below zero: that cell could not be read. */
export interface SeenRows {
  readonly school: Ints;
  readonly teacher: Ints;
  readonly class: Ints;
  readonly student: Ints;
  /** Below zero: the row is rejected. */
  readonly line: Ints;
}

/** What a rule knows; lines, rows and people are counted here. */
export type MarkDraft = Pick<Finding, 'code' | 'column'> & {
  readonly value: FindingDraft['value'];
  readonly subject?: string;
  /** Where it begins, if that is not the first of its rows. */
  readonly line?: number;
};

export interface Mark {
  /** The finding is about that key, too. */
  on(role: Role, key: number): Mark;
}

export interface Marks {
  add(draft: MarkDraft): Mark;
  /** Counts all marks, adds their findings, turns rejected lines below zero and gives them back. */
  report(rows: SeenRows, findings: FindingList): number[];
}

interface Counted {
  readonly draft: MarkDraft;
  readonly rejects: boolean;
  readonly lines: number[];
  readonly people: Set<number>;
  rows: number;
  unknownPeople: number;
}

/** @param severityOf how bad a finding is in this reading */
export function marks(severityOf: (code: FindingCode) => Severity): Marks {
  let all: Counted[] = [];
  let byKey = emptyKeys();

  return {
    add: (draft) => {
      const counted: Counted = {
        draft,
        rejects: severityOf(draft.code) === 'error',
        lines: [],
        people: new Set(),
        rows: 0,
        unknownPeople: 0,
      };
      all.push(counted);
      const mark: Mark = {
        on: (role, key) => {
          const known = byKey[role].get(key);
          if (known === undefined) byKey[role].set(key, [counted]);
          else if (!known.includes(counted)) known.push(counted);
          return mark;
        },
      };
      return mark;
    },
    report: (rows, findings) => {
      const rejected = all.length === 0 ? [] : countRows(rows, byKey);
      // A value that no readable row of its key has is a matter of those rows' own findings.
      for (const one of all) if (one.rows > 0) findings.add(findingOf(one));
      // What a second report adds must not be counted with the first.
      all = [];
      byKey = emptyKeys();
      return rejected;
    },
  };
}

type Keys = Record<Role, Map<number, Counted[]>>;
const emptyKeys = (): Keys => ({
  school: new Map(),
  teacher: new Map(),
  class: new Map(),
  student: new Map(),
});

function countRows(rows: SeenRows, byKey: Keys): number[] {
  const open = ROLES.filter((role) => byKey[role].size > 0).map((role) => ({
    ids: rows[role],
    keys: byKey[role],
    marked: flagsOf(byKey[role]),
  }));
  const rejected: number[] = [];
  for (let row = 0; row < rows.line.length; row++) {
    let touched: Counted[] | null = null;
    for (const { ids, keys, marked } of open) {
      const id = ids.get(row);
      if (marked[id] !== 1) continue;
      // A row that two keys of one finding share counts once.
      touched = touched === null ? keys.get(id)! : [...new Set([...touched, ...keys.get(id)!])];
    }
    if (touched === null) continue;
    const line = rows.line.get(row);
    const student = rows.student.get(row);
    let isRejected = false;
    for (const one of touched) {
      one.rows++;
      if (student < 0) one.unknownPeople++;
      else one.people.add(student);
      if (one.lines.length < LINES_MAX) one.lines.push(Math.abs(line));
      isRejected ||= one.rejects;
    }
    if (!isRejected || line < 0) continue;
    rejected.push(line);
    rows.line.set(row, -line);
  }
  return rejected;
}

/** One byte a key: most rows ask in vain, and a Map is slow to say no. */
function flagsOf(keys: ReadonlyMap<number, unknown>): Uint8Array {
  let highest = -1;
  for (const key of keys.keys()) highest = Math.max(highest, key);
  const flags = new Uint8Array(highest + 1);
  for (const key of keys.keys()) flags[key] = 1;
  return flags;
}

const findingOf = ({ draft, lines, people, rows, unknownPeople }: Counted): FindingDraft => ({
  ...draft,
  line: draft.line ?? lines[0] ?? null,
  lines,
  rows,
  people: people.size + unknownPeople,
});
