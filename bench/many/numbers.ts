/** The middle and the nineteenth of twenty. */
export const part = (all: readonly number[], share: number): number => {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
export const median = (all: readonly number[]): number => part(all, 0.5);
export const sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0);
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Columns of one width, the first to the left. */
export function line(...cells: readonly (string | number)[]): string {
  const [first = '', ...more] = cells.map(String);
  return first.padEnd(18) + more.map((cell) => cell.padStart(11)).join('');
}
