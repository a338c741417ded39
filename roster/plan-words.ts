/** A plan in a few words, for commands and mails: counts and school ids, and no name of anybody. */
import type { ChangeTotals, Totals } from './plan-types.js';

/** `+12 ~3 -1`: added (or back), changed, gone; `0` if nothing. */
export function totalsLine(totals: Totals | undefined): string {
  if (!totals) return '–';
  const { added, changed, reactivated, deactivated } = totals;
  const parts = [
    added + reactivated > 0 ? `+${added + reactivated}` : '',
    changed > 0 ? `~${changed}` : '',
    deactivated > 0 ? `-${deactivated}` : '',
  ].filter(Boolean);
  return parts.join(' ') || '0';
}

export function changesLine(changes: ChangeTotals | null | undefined): string {
  if (!changes) return 'no changes';
  const { students, teachers, classes, enrollments } = changes;
  return `students ${totalsLine(students)}, teachers ${totalsLine(teachers)}, classes ${totalsLine(classes)}, enrollments ${totalsLine(enrollments)}`;
}

export interface Scope {
  readonly withoutSchools?: readonly string[];
  readonly additionsOnly?: boolean;
}
const SCHOOLS_SHOWN = 5;

/** `without school 003`, `additions only`, or both. @param show makes an id fit to be shown */
export function scopeWords(
  { withoutSchools = [], additionsOnly = false }: Scope,
  show: (school: string) => string,
): string {
  const shown = withoutSchools.slice(0, SCHOOLS_SHOWN).map(show).join(', ');
  const more = withoutSchools.length - SCHOOLS_SHOWN;
  const schools = `without school${withoutSchools.length === 1 ? '' : 's'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    ...(withoutSchools.length > 0 ? [schools] : []),
    ...(additionsOnly ? ['additions only'] : []),
  ].join(', ');
}

/** Only what is new or comes back. */
export function additionsOf(changes: ChangeTotals): ChangeTotals {
  const only = ({ added, reactivated }: Totals): Totals => ({
    ...{ added, reactivated, changed: 0, deactivated: 0 },
  });
  return Object.fromEntries(
    Object.entries(changes).map(([kind, totals]) => [kind, only(totals)]),
  ) as unknown as ChangeTotals;
}

export const changesNothing = (changes: ChangeTotals): boolean =>
  Object.values(changes).every(
    ({ added, changed, reactivated, deactivated }) =>
      added + changed + reactivated + deactivated === 0,
  );
