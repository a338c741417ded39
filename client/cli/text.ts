/** Text for a terminal: nothing that came out of a file or a store can move the cursor. */
import { stripVTControlCharacters } from 'node:util';

/** Controls (C0, DEL, C1), line separators, and marks that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** One line, without escapes and controls. */
export const clean = (value: string): string =>
  stripVTControlCharacters(value)
    .replaceAll(/[\t\r\n]+/g, ' ')
    .replaceAll(UNSEEN, '');

/** JSON on one line; what a terminal might act on is written as \\uXXXX, which means the same. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    UNSEEN,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const count = (n: number): string => n.toLocaleString('en-US');
export const many = (n: number, one: string, more = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : more}`;

/** `2026-11-23 23:45 UTC` */
export const moment = (iso: string | null): string =>
  iso === null ? '–' : `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** `3 minutes`, `2 days`: the largest unit that fits. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return many(seconds, 'second');
  if (seconds < 90 * 60) return many(Math.round(seconds / 60), 'minute');
  if (seconds < 36 * 3_600) return many(Math.round(seconds / 3_600), 'hour');
  return many(Math.round(seconds / 86_400), 'day');
}
