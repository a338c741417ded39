/** Why each rejected row was rejected: by its line, or by a key that an error is about. */
import { FIELD_OF } from '../columns.js';
import type { KeyColumn, ReadableCells, RosterRow } from '../columns.js';
import { explain } from '../findings.js';
import type { Finding, FindingCode } from '../findings.js';
import type { Findings } from '../read-roster.js';

/** Where the subject of an error about several rows stands in each of them. */
const KEYS: Partial<Record<FindingCode, readonly KeyColumn[]>> = {
  SCHOOL_CONFLICT: ['school_id'],
  TEACHER_CONFLICT: ['teacher_email'],
  CLASS_CONFLICT: ['class_id'],
  CLASS_TWO_SCHOOLS: ['class_id'],
  STUDENT_CONFLICT: ['student_email'],
  EMAIL_TWO_STUDENTS: ['student_email'],
  EMAIL_BOTH_ROLES: ['teacher_email', 'student_email'],
  ID_EXCEL_NUMBER: ['school_id', 'class_id'],
  ID_EXCEL_DATE: ['school_id', 'class_id'],
  ID_DECIMAL: ['school_id', 'class_id'],
  ID_ZEROS_LOST: ['school_id', 'class_id'],
};
const KEY_COLUMNS: readonly KeyColumn[] = [
  'school_id',
  'teacher_email',
  'class_id',
  'student_email',
];

export interface Reasons {
  /** Codes of a row; asked for in the order of lines. */
  of(line: number, cells: RosterRow | ReadableCells): readonly FindingCode[];
}

export function reasonsOf(findings: Findings): Reasons {
  const byKey = new Map<string, FindingCode[]>();
  for (const finding of findings) {
    if (finding.subject === undefined || finding.severity !== 'error') continue;
    for (const column of keysOf(finding)) {
      const key = `${column} ${finding.subject}`;
      byKey.set(key, [...(byKey.get(key) ?? []), finding.code]);
    }
  }
  const ofLines = errorsOfOneRow(findings);
  let next = ofLines.next();

  return {
    of: (line, cells) => {
      const codes = new Set<FindingCode>();
      while (!next.done && next.value.line! <= line) {
        if (next.value.line === line) codes.add(next.value.code);
        next = ofLines.next();
      }
      for (const column of KEY_COLUMNS) {
        const key = cells[FIELD_OF[column]];
        if (key === null) continue;
        for (const code of byKey.get(`${column} ${key}`) ?? []) codes.add(code);
      }
      return [...codes];
    },
  };
}

/** An id is spoilt in the column where it was found; other keys stand where their code says. */
function keysOf({ code, column }: Finding): readonly KeyColumn[] {
  const keys = KEYS[code] ?? [];
  return code.startsWith('ID_') ? keys.filter((key) => key === column) : keys;
}

function* errorsOfOneRow(findings: Findings): Generator<Finding, undefined> {
  for (const finding of findings) {
    if (finding.subject !== undefined || finding.line === null) continue;
    if (finding.severity === 'error') yield finding;
  }
  return undefined;
}

/** What to do about each of them, in sentences. */
export const fixesOf = (codes: readonly FindingCode[]): string =>
  [...new Set(codes.map((code) => explain({ code }).fix))].join(' ');
