/** What a plan changes, as tables: by kind, and by school. */
import type { Io } from './io.js';
import { totalsLine } from './run-words.js';
import { table, type Column } from './table.js';
import { count, many } from './text.js';
import type { SchoolChanges } from '../../store/types.js';
import { KINDS, type ChangeTotals, type Kind, type Totals } from '../../workflows/contract.js';

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  schools: 'schools',
  teachers: 'teachers',
  classes: 'classes',
  classTeachers: 'class teachers',
  students: 'students',
  enrollments: 'enrollments',
};
const SCHOOLS_SHOWN = 30;

type KindRow = Totals & { readonly kind: Kind };

/** @param more columns of the caller's own */
export function changesTable(
  io: Io,
  changes: ChangeTotals,
  more: readonly Column<KindRow>[] = [],
): string {
  const total = (title: keyof Totals): Column<KindRow> => ({
    title,
    of: (row) => count(row[title]),
    right: true,
  });
  return table<KindRow>(
    io,
    [
      { title: 'changes', of: ({ kind }) => KIND_NAMES[kind] },
      total('added'),
      total('changed'),
      total('reactivated'),
      total('deactivated'),
      ...more,
    ],
    KINDS.map((kind) => ({ kind, ...changes[kind] })),
  );
}

/** The first schools, and how many more there are; `''` if there is none. */
export function schoolsTable(io: Io, bySchool: readonly SchoolChanges[]): string {
  if (bySchool.length === 0) return '';
  const shown = bySchool.slice(0, SCHOOLS_SHOWN);
  const of = (kind: Kind): Column<SchoolChanges> => ({
    title: KIND_NAMES[kind],
    of: ({ changes }) => totalsLine(changes[kind]),
  });
  const drawn = table<SchoolChanges>(
    io,
    [
      { title: 'school', of: ({ school }) => school },
      { title: 'name', of: ({ name }) => name },
      ...(['students', 'teachers', 'classes', 'enrollments'] as const).map(of),
    ],
    shown,
  );
  const rest = bySchool.length - shown.length;
  return rest > 0 ? `${drawn}\n  and ${many(rest, 'school')} more: --json` : drawn;
}
