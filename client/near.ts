/** "Did you mean …?": the candidate nearest to what was typed, if it is near enough. */

/** Damerau–Levenshtein distance (optimal string alignment). */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Case and punctuation do not count; a unique prefix does. Null if nothing is near. */
export function nearest(typed: string, candidates: readonly string[]): string | null {
  const wanted = plain(typed).slice(0, 80);
  if (wanted === '') return null;
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  let best: { candidate: string; away: number } | null = null;
  for (const candidate of candidates) {
    const away = distance(wanted, plain(candidate));
    if (away <= allowed && (best === null || away < best.away)) best = { candidate, away };
  }
  if (best) return best.candidate;
  const starting = candidates.filter((candidate) => plain(candidate).startsWith(wanted));
  return starting.length === 1 && wanted.length >= 3 ? (starting[0] ?? null) : null;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  const near = nearest(typed, candidates);
  return near === null ? '' : ` Did you mean ${near}?`;
}
