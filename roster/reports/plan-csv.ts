/** The single changes of a plan as CSV for a spreadsheet; no cell of a file may run as a formula. */
import { REPORT_START, reportLine } from './csv.js';

export interface PlanCsvLine {
  readonly kind: string;
  readonly action: string;
  readonly key: string;
  readonly other: string | null;
  readonly school: string | null;
  readonly old: Readonly<Record<string, string>> | null;
  readonly new: Readonly<Record<string, string>> | null;
  readonly line: number | null;
}

const VALUES = ['first_name', 'last_name', 'grade_level', 'name', 'school_id'] as const;
const KEYS: Readonly<Record<string, string>> = {
  schools: 'school_id',
  teachers: 'email',
  classes: 'class_id',
  students: 'email',
};

export const planHeader = (): string =>
  `${REPORT_START}${reportLine([
    ...['school', 'kind', 'change', 'email or id', 'before', 'person', 'line'],
    ...VALUES.flatMap((name) => [`old ${name}`, `new ${name}`]),
  ])}`;

/** `before`: the email or id that it had, where that is what changes. */
export function planLine(one: PlanCsvLine): string {
  const { school, kind, action, key, other, line, old, new: now } = one;
  const before = old?.[KEYS[kind] ?? ''] ?? null;
  return reportLine([
    ...[school, kind, action, key, before, other, line],
    ...VALUES.flatMap((name) =>
      // A school's own id is its key.
      kind === 'schools' && name === 'school_id'
        ? [null, null]
        : [old?.[name] ?? null, now?.[name] ?? null],
    ),
  ]);
}
