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
      ...LEFT_BECAUSE.map((why) => ({
        title: TITLES[why],
        of: ({ counts }: (typeof kinds)[number]) => count(counts[why]),
        right: true,
      })),
    ],
    kinds,
  );
}

/** One line a value: `students  ann@oak.example  last_name  changed again, by run 4`. */
export function leftLines(io: Io, values: readonly LeftValue[]): string {
  const lines = values.slice(0, SHOWN).map(({ kind, key, other, value, why, byRun }) => {
    const whom = other === null ? key : `${key} ${other}`;
    const words = `${VERBS[why]}${byRun === null ? '' : `, ${FROM[why]}run ${byRun}`}`;
    return `  ${io.paint('dim', KIND_NAMES[kind].padEnd(14))}  ${clean(whom)}  ${value}  ${words}`;
  });
  const rest = values.length - SHOWN;
  return [...lines, ...(rest > 0 ? [`  and ${many(rest, 'value')} more: --json`] : [])].join('\n');
}

const VERBS: Readonly<Record<LeftBecause, string>> = {
  changed: 'changed again',
  needed: 'needed as it is',
  outside: 'changed, though by no run',
};
const FROM: Readonly<Record<LeftBecause, string>> = {
  changed: 'by ',
  needed: 'since ',
  outside: '',
};
