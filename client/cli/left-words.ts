/** What an undo leaves as it is, for people: counts by kind, and the single values. */
import { KIND_NAMES } from './change-tables.js';
import type { Io } from './io.js';
import { table } from './table.js';
import { clean, count, many } from './text.js';
import {
  LEFT_BECAUSE,
  type LeftAlone,
  type LeftBecause,
  type LeftValue,
} from '../../store/types.js';
import { KINDS } from '../../workflows/contract.js';

const SHOWN = 20;
const TITLES: Readonly<Record<LeftBecause, string>> = {
  changed: 'changed again since',
  needed: 'needed since',
  outside: 'changed outside of runs',
  purged: 'purged since',
};

/** `''` if nothing is left. */
export function leftTable(io: Io, left: LeftAlone): string {
  const kinds = KINDS.flatMap((kind) => {
    const counts = left[kind];
    return counts ? [{ kind, counts }] : [];
  });
  if (kinds.length === 0) return '';
  return table(
    io,
    [
      { title: 'left as it is', of: ({ kind }) => KIND_NAMES[kind] },
      ...LEFT_BECAUSE.filter(
        (why) => why !== 'purged' || kinds.some(({ counts }) => counts.purged > 0),
      ).map((why) => ({
        title: TITLES[why],
        of: ({ counts }: (typeof kinds)[number]) => count(counts[why]),
        right: true,
      })),
    ],
    kinds,
  );
}

/** One line a value, equal ones together: `students  ann@oak.example  last_name  changed again, by run 4`. */
export function leftLines(io: Io, values: readonly LeftValue[]): string {
  const each = values.map(({ kind, key, other, value, why, byRun }) => {
    const isPair = kind === 'enrollments' || kind === 'classTeachers';
    const whom = [key ?? '(purged)', ...(isPair ? [other ?? '(purged)'] : [])].join(' ');
    const words = `${VERBS[why]}${byRun === null ? '' : `, ${FROM[why]}run ${byRun}`}`;
    return `  ${io.paint('dim', KIND_NAMES[kind].padEnd(14))}  ${clean(whom)}  ${value}  ${words}`;
  });
  // What was purged has no name, so that one line may be as good as another.
  const times = new Map<string, number>();
  for (const line of each) times.set(line, (times.get(line) ?? 0) + 1);
  const lines = [...times]
    .slice(0, SHOWN)
    .map(([line, n]) => (n === 1 ? line : `${line} (${many(n, 'time')})`));
  const rest = times.size - SHOWN;
  return [...lines, ...(rest > 0 ? [`  and ${many(rest, 'value')} more: --json`] : [])].join('\n');
}

const VERBS: Readonly<Record<LeftBecause, string>> = {
  changed: 'changed again',
  needed: 'needed as it is',
  outside: 'changed, though by no run',
  purged: 'purged, and cannot be put back',
};
const FROM: Readonly<Record<LeftBecause, string>> = {
  changed: 'by ',
  needed: 'since ',
  outside: '',
  purged: '',
};
