/** What a held limit says to people: counts, shares and school ids, and no name of anybody. */
import type { HeldLimit } from '../plan-types.js';
import { LIMITS, type LimitName } from './catalogue.js';

const SAME =
  'Compare the new with the old, which `npx rollcall plan` shows, and say which are the `same` and which `different`; then `sync` makes the plan again. Approving takes them all for others.';
const OTHER =
  'Compare the names. Approve if the same person has another name; if the address was given to somebody else, have the file give each an address of their own.';

/** Those that judge() does not know: store/plan/suspicions.ts and renames.ts find them. */
const SUSPICIONS: Readonly<Record<string, { readonly title: string; readonly advice?: string }>> = {
  'column-shifted': { title: 'rows with a column that was sorted or moved alone' },
  'columns-swapped': { title: 'rows whose first and last names have changed places' },
  'students-unclear': { title: 'new students who may be ones who go', advice: SAME },
  'teachers-unclear': { title: 'new teachers who may be ones who go', advice: SAME },
  'classes-unclear': { title: 'new classes that may be ones that go', advice: SAME },
  'schools-unclear': { title: 'new schools that may be ones that go', advice: SAME },
  'students-reused-address': {
    title: 'students who have quite another name under their address',
    advice: OTHER,
  },
  'teachers-reused-address': {
    title: 'teachers who have quite another name under their address',
    advice: OTHER,
  },
};

const isLimit = (name: string): name is LimitName => name in LIMITS;

const number = (value: number): string => value.toLocaleString('en');
const amount = ({ unit }: HeldLimit, value: number): string =>
  unit === 'count' ? number(value) : `${value}%`;

/** `students removed`; with its kind where the limit has several. */
export function limitTitle({ limit, kind }: HeldLimit): string {
  if (!isLimit(limit)) return SUSPICIONS[limit]?.title ?? limit;
  const { words } = LIMITS[limit];
  return limit === 'id-churn' || limit === 'name-churn' ? `${kind ?? 'records'} ${words}` : words;
}

/** `students removed in school 0012: 31.25%, allowed 10% (125 of 400; 40 of them by earlier runs …)`. */
export function heldSentence(held: HeldLimit): string {
  const where = held.school === null ? '' : ` in school ${held.school}`;
  const more = details(held);
  return `${limitTitle(held)}${where}: ${amount(held, held.value)}, allowed ${amount(held, held.allowed)}${more === '' ? '' : ` (${more})`}`;
}

/** `125 of 400; 40 of them by earlier runs within 7 days`, or nothing. */
export function details(held: HeldLimit): string {
  if (held.licensed !== undefined) {
    const buffer = held.buffer ? ` and a buffer of ${number(held.buffer)}` : ', no buffer';
    return `licence ${number(held.licensed)}${buffer}; now ${number(held.before ?? 0)}`;
  }
  if (held.count === undefined || held.before === undefined) return '';
  const earlier = held.earlier
    ? `; ${number(held.earlier)} of them by earlier runs within ${held.windowDays} days`
    : '';
  return `${number(held.count)} of ${number(held.before)}${earlier}`;
}

/** What support can do, once for each kind of limit. */
export function adviceFor(held: readonly HeldLimit[]): string[] {
  const advice = held.map(({ limit }) =>
    isLimit(limit) ? LIMITS[limit].advice : (SUSPICIONS[limit]?.advice ?? null),
  );
  return [...new Set(advice.filter((one) => one !== null))];
}

/** The district's own line always, and of the schools of each limit the first few. */
export function heldLines(held: readonly HeldLimit[], mostSchools = 10): string[] {
  const groups = new Map<string, HeldLimit[]>();
  for (const one of held) {
    const key = `${one.limit} ${one.kind ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const schools = group.filter(({ school }) => school !== null);
    const shown = schools.slice(0, mostSchools);
    const left = schools.length - shown.length;
    const [one] = group;
    return [
      ...group.filter(({ school }) => school === null).map(heldSentence),
      ...shown.map(heldSentence),
      ...(left > 0 && one ? [`${limitTitle(one)}: and ${left} more schools`] : []),
    ];
  });
}
