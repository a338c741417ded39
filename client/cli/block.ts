import type { Io } from './io.js';

/** `name   value` lines; entries with null are left out. Values must be clean already. */
export function block(io: Io, entries: readonly (readonly [string, string | null])[]): string {
  const shown = entries.filter((entry): entry is [string, string] => entry[1] !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => `  ${io.paint('dim', name.padEnd(width))}  ${value}`)
    .join('\n');
}
