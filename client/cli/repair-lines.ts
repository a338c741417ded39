/** What the reader put right by itself, for a person: one line a kind, with its first case. */
import type { Repair } from '../../roster/read-roster.js';
import { repairMessage } from '../../roster/repairs.js';
import type { Io } from './io.js';
import { clean, count, many } from './text.js';

const LONGEST_CASE = 40;

/** `  line 1   The columns are parted by something other than a comma. (; → ,)` */
export function repairLines(io: Io, repairs: readonly Repair[]): string {
  const kinds = [...grouped(repairs)];
  const widest = Math.max(0, ...kinds.map(([, [first]]) => String(first!.line).length));
  return kinds
    .map(([code, all]) => {
      const [first] = all as [Repair];
      const rows = all.reduce((sum, one) => sum + one.rows, 0);
      const cases = all.reduce((sum, one) => sum + (one.more ?? 1), 0);
      const size = [
        ...(cases > 1 ? [`${count(cases)} cases`] : []),
        ...(rows > 0 ? [many(rows, 'row')] : []),
      ].join(', ');
      const example = `${shown(first.before)} → ${shown(first.after)}`;
      return `  line ${String(first.line).padEnd(widest)}  ${repairMessage(code)} ${io.paint('dim', `(${[example, size].filter(Boolean).join('; ')})`)}`;
    })
    .join('\n');
}

function grouped(repairs: readonly Repair[]): Map<Repair['code'], Repair[]> {
  const kinds = new Map<Repair['code'], Repair[]>();
  for (const repair of repairs) {
    const known = kinds.get(repair.code);
    if (known === undefined) kinds.set(repair.code, [repair]);
    else known.push(repair);
  }
  return kinds;
}

function shown(text: string): string {
  const one = clean(text);
  if (one === '') return 'nothing';
  return one.length > LONGEST_CASE ? `${one.slice(0, LONGEST_CASE)}…` : one;
}
