import type { Io } from './io.js';
import { count } from './text.js';

/** Nothing is shown for what is quick; a terminal may be written often, a log should not. */
const FIRST_AFTER_MS = 500;
const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 10_000;

/** A meter for a long reading; `total` in bytes, 0 if unknown. */
export function readingMeter(io: Io, total: number) {
  const { overwrites } = io;
  const began = performance.now();
  let last = 0;
  return (bytes: number, rows: number): void => {
    const now = performance.now();
    const every = overwrites ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
    if (now - began < (overwrites ? FIRST_AFTER_MS : LOG_EVERY_MS) || now - last < every) return;
    last = now;
    const part = total > 0 ? `${Math.floor((100 * bytes) / total)}%, ` : '';
    io.progress(`reading: ${part}${count(rows)} rows`);
  };
}
