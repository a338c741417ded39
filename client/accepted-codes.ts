/** Codes of findings that are accepted for a district, as given by `--accept ID_ZEROS_LOST`. */
import { usage } from './errors.js';
import { didYouMean } from './near.js';
import { ACCEPTABLE_CODES, isAcceptable, type AcceptableCode } from '../roster/accepted.js';

/** In alphabetical order, each once; `none` alone stands for none. */
export function readAccepts(given: readonly string[]): AcceptableCode[] {
  if (given.length === 1 && given[0] === 'none') return [];
  return [...new Set(given.map(readCode))].sort();
}

function readCode(text: string): AcceptableCode {
  const code = text.trim().toUpperCase();
  if (isAcceptable(code)) return code;
  throw usage(
    'BAD_ACCEPT',
    `--accept: "${text.trim()}" cannot be accepted.${didYouMean(code, ACCEPTABLE_CODES)} What can is ${ACCEPTABLE_CODES.join(', ')}; none, alone, takes all back.`,
  );
}
