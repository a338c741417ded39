import type { RawText } from '../read-roster.js';
import { clip } from '../reading/clip.js';
import { HEAD_MAX } from '../reading/records.js';

const number = (count: number): string => count.toLocaleString('en-US');

/** A row that could not be taken apart; of a very long one the beginning, and how long it is. */
export const asItStands = ({ text, length }: RawText): string =>
  length <= HEAD_MAX
    ? text
    : `${clip(text, HEAD_MAX - 1)} (the beginning of ${number(length)} characters)`;
