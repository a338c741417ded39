/** Ids that began with zeros in the last good file, and do so no more: `0012` came back as `12`. */
import type { CellTable } from '../reading/cell-table.js';
import type { ID_COLUMNS, SpoiltId } from './damaged-ids.js';
import type { Marks } from './marks.js';

export interface ZeroWatch {
  /** An id of the last good file that the new one does not have. */
  miss(known: string): void;
  /** Ids of the new file with what they were; without those that the last good file had, too. */
  lost(isKnown: Uint8Array): readonly { id: number; value: string; before: string }[];
}

const ZEROS = /^0+(?=\d+$)/;

export function zeroWatch(table: CellTable): ZeroWatch {
  const before = new Map<number, string>();
  return {
    miss: (known) => {
      if (!known.startsWith('0')) return;
      const bare = known.replace(ZEROS, '');
      const id = bare === known ? -1 : table.find(bare);
      if (id >= 0) before.set(id, known);
    },
    lost: (isKnown) =>
      [...before]
        .filter(([id]) => isKnown[id] !== 1)
        .map(([id, known]) => ({ id, value: table.value(id), before: known })),
  };
}

export function markLostZeros(
  marks: Marks,
  { column, role }: (typeof ID_COLUMNS)[number],
  lost: ReturnType<ZeroWatch['lost']>,
): SpoiltId[] {
  const code = 'ID_ZEROS_LOST';
  return lost.map(({ id, value, before }) => {
    const told = `${value} (${before} in the last good file)`;
    marks.add({ code, column, value: told, subject: value }).on(role, id);
    return { code, column, value };
  });
}
