import { usage } from '../errors.js';

/** A whole number of at least 1, or nothing. Throws BAD_NUMBER (exit 2). */
export function readCount(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage('BAD_NUMBER', `${what}: give a whole number of at least 1.`);
}
