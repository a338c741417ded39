/**
 * Finds a column that was sorted or moved alone. Its values are those of the last good file, but
 * most stand beside another key. New values (a new school year's class names) or a change that
 * turns each old value into one new one (everybody a grade up, a school renamed) is honest.
 */
import type { Column } from '../columns.js';
import { Ints } from '../reading/ints.js';
import type { Marks, Role } from './marks.js';
import { ATTRIBUTES } from './said.js';
import type { Attribute, Said } from './said.js';

export interface ColumnWatch {
  /** What the last good file said of a key of this file: its number here, -1 if it is not here. */
  compare(key: number, before: number): void;
  /** The keys whose value is another one's, if the column was moved; else null. */
  moved(): { readonly keys: ReadonlySet<number>; readonly compared: number } | null;
}

/** Fewer keys can change places by chance. */
const FEWEST = 5;
const CHANGED = 0.5;
/** Of the old values, how many stand somewhere in the column still. */
const SAME_VALUES = 0.8;
/** Of the changes, how many turn an old value into what most others with it became. */
const REGULAR = 0.8;
/** With fewer keys a value than this, every change looks regular. */
const KEYS_A_VALUE = 3;

export function columnWatch(said: Said, column: Attribute): ColumnWatch {
  /** By the value's number: keys that had it, what its first change made of it. */
  const had = new Ints();
  const became = new Ints(-1);
  const changed = new Set<number>();
  let compared = 0;
  let regular = 0;

  return {
    compare: (key, old) => {
      const now = said.attribute(column, key);
      if (now < 0) return;
      compared++;
      if (old === now) {
        had.set(old, had.get(old) + 1);
        return;
      }
      changed.add(key);
      if (old < 0) return;
      had.set(old, had.get(old) + 1);
      if (became.get(old) < 0) became.set(old, now);
      if (became.get(old) === now) regular++;
    },
    moved: () => {
      if (compared < FEWEST || changed.size < compared * CHANGED) return null;
      const { same, values } = overlap(had, keysByValue(said, column));
      if (same < compared * SAME_VALUES) return null;
      const isRegular = compared >= values * KEYS_A_VALUE && regular >= changed.size * REGULAR;
      return isRegular ? null : { keys: changed, compared };
    },
  };
}

/** Of all keys, new ones too: in a column sorted alone, a value may have gone to one of those. */
function keysByValue(said: Said, column: Attribute): Ints {
  const { key: keyColumn } = ATTRIBUTES.find((one) => one.column === column)!;
  const keys = said.table(keyColumn).size();
  const has = new Ints();
  for (let key = 0; key < keys; key++) {
    const value = said.attribute(column, key);
    if (value >= 0) has.set(value, has.get(value) + 1);
  }
  return has;
}

export function markMoved(
  marks: Marks,
  column: Column,
  role: Role,
  moved: ReturnType<ColumnWatch['moved']>,
): void {
  if (moved === null) return;
  const { keys, compared } = moved;
  const value = `${keys.size} of ${compared} differ from the last good file`;
  const mark = marks.add({ code: 'COLUMN_SHIFTED', column, value, subject: column });
  for (const id of keys) mark.on(role, id);
}

/** How many keys of before could have their value still, wherever it stands, and how many values there are. */
function overlap(had: Ints, has: Ints): { same: number; values: number } {
  let same = 0;
  let values = 0;
  for (let id = 0; id < Math.max(had.length, has.length); id++) {
    same += Math.min(had.get(id), has.get(id));
    if (had.get(id) > 0) values++;
  }
  return { same, values };
}
