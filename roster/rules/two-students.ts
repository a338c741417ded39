import { distance, fold } from './names.js';

/**
 * Whether the first names that rows give to one address belong to different people: brothers and
 * sisters with one family address, or an address that was given away again. Spellings (Zoë and
 * Zoe), short forms (Rob and Robert) and a changed last name are one person.
 */
export function areTwoStudents(firstNames: readonly string[]): boolean {
  // Sorted, as the order of rows must not decide; a few are enough to tell.
  const few = [...new Set(firstNames.map(fold))].sort().slice(0, 10);
  return few.some((a) => few.some((b) => a < b && !isSameName(a, b)));
}

function isSameName(a: string, b: string): boolean {
  if (a.startsWith(b) || b.startsWith(a)) return true;
  // Two spellings of a name differ in a letter or two; in a short one two make another name.
  const most = Math.min(2, Math.floor(Math.min(a.length, b.length) / 3));
  return distance(a, b, most) <= most;
}
