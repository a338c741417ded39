/** Collects repairs in bounded memory: a few per kind, each with its first line and its rows. */
import type { Column } from '../columns.js';
import { REPAIRS } from '../repairs.js';
import type { Repair, RepairCode } from '../repairs.js';
import { clip } from './clip.js';

/** Different cases of one code and column that are listed; the rest becomes one repair. */
export const REPAIRS_MAX = 1_000;
const TEXT_MAX = 200;

/** Counts up when a row holds the same case again. */
export interface RepairCount {
  rows: number;
}

export interface RepairDraft {
  readonly code: RepairCode;
  readonly line: number;
  readonly column?: Column;
  readonly before: string;
  readonly after: string;
}

export interface RepairList {
  /** Goes up whenever a cell had to be put right. */
  noted: number;
  /** The repair of this case, old or new; its `rows` is left as it is. */
  open(draft: RepairDraft): RepairCount;
  /** Sorted by line, then code, then column. */
  finish(): Repair[];
}

interface Kept extends RepairDraft, RepairCount {
  more?: number;
}

export function repairList(): RepairList {
  const kept = new Map<string, Kept>();
  /** Cases listed, by code and column. */
  const listed = new Map<string, number>();

  return {
    noted: 0,
    open: (draft) => {
      const { code, column } = draft;
      const kind = `${code} ${column}`;
      const before = clip(draft.before, TEXT_MAX);
      const after = clip(draft.after, TEXT_MAX);
      const key = REPAIRS[code].listed === 'kind' ? kind : `${kind}\0${before}\0${after}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const count = (listed.get(kind) ?? 0) + 1;
      listed.set(kind, count);
      const rest = `${kind} …`;
      const group = count > REPAIRS_MAX ? kept.get(rest) : undefined;
      if (group !== undefined) {
        group.more = (group.more ?? 1) + 1;
        return group;
      }
      const fresh: Kept = { ...draft, before, after, rows: 0 };
      kept.set(count > REPAIRS_MAX ? rest : key, fresh);
      return fresh;
    },
    finish: () =>
      [...kept.values()].sort(
        (a, b) =>
          a.line - b.line ||
          (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
          ((a.column ?? '') < (b.column ?? '') ? -1 : 1),
      ),
  };
}
