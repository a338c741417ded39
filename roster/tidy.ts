/**
 * What programs slip into text without anybody having meant it: characters that cannot be seen,
 * curly quotation marks, special spaces. Taking them out changes nothing that a person reads.
 */

// oxlint-disable-next-line no-control-regex
const ONLY_ASCII = /^[\u0000-\u007f]*$/;

/** Soft hyphen, zero-width space, direction marks, word joiner, a byte order mark inside. */
const HIDDEN =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Joiners say how Arabic and Indian letters meet, and are noise behind any other. */
const JOINERS = /(?<![\u0600-\u08ff\u0900-\u0dff])[\u200c\u200d]/g;
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
/** The okina and other letters that look like an apostrophe are letters, and stay. */
const SINGLE = /[\u2018\u2019\u201a\u201b]/g;
const DOUBLE = /[\u201c-\u201f]/g;
const WRAPPED = [
  /^\s*[\u201c-\u201f]([^\u201c-\u201f]*)[\u201c-\u201f]\s*$/,
  /^\s*[\u2018\u201a]([^\u2018-\u201b]*)[\u2019\u2018]\s*$/,
];

const visible = (text: string): string => text.replace(HIDDEN, '').replace(JOINERS, '');

function straight(text: string): string {
  let clean = text;
  for (const wrapped of WRAPPED) clean = wrapped.exec(clean)?.[1] ?? clean;
  return clean.replace(SINGLE, "'").replace(DOUBLE, '"').replace(SPACES, ' ');
}

/** NFC, nothing hidden, straight quotation marks, none of them around the whole, plain spaces. */
export const tidy = (text: string): string =>
  ONLY_ASCII.test(text) ? text : straight(visible(text).normalize('NFC'));

/**
 * The same without NFC, which would make a Kelvin sign a K: what must be ASCII is only freed of
 * what was put around its letters.
 */
export const tidyMarks = (text: string): string =>
  ONLY_ASCII.test(text) ? text : straight(visible(text));

export type Untidy =
  'QUOTES_STRAIGHTENED' | 'SPACES_NO_BREAK' | 'HIDDEN_REMOVED' | 'LETTERS_COMPOSED';

/** What `tidy` does to this text. */
export function untidy(text: string): Untidy[] {
  if (ONLY_ASCII.test(text)) return [];
  const found: Untidy[] = [];
  const differs = (pattern: RegExp): boolean => text.search(pattern) >= 0;
  if (differs(SINGLE) || differs(DOUBLE)) found.push('QUOTES_STRAIGHTENED');
  if (differs(SPACES)) found.push('SPACES_NO_BREAK');
  if (differs(HIDDEN) || differs(JOINERS)) found.push('HIDDEN_REMOVED');
  if (visible(text).normalize('NFC') !== visible(text)) found.push('LETTERS_COMPOSED');
  return found;
}
