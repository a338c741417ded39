/** A file's own names of columns, as given by `--column "Learner Mail=student_email"`. */
import { usage } from './errors.js';
import { didYouMean } from './near.js';
import { COLUMNS, isColumn, type Column } from '../roster/columns.js';
import { bare, HEADER_NAME_MAX, type ColumnMapping } from '../roster/reading/header.js';

const bad = (message: string) => usage('BAD_COLUMN', `--column: ${message}`);

/** Eleven columns under a few names each; more is a mistake of a script. */
const MOST = 50;

/**
 * Each text is `header=column`; `none` alone stands for no names at all. One column may have
 * several names, as a district may send the exports of two systems by turns; where both stand in
 * one file, the reader wants the same values in them. One name for two columns says nothing.
 */
export function readColumns(given: readonly string[]): ColumnMapping {
  if (given.length === 1 && given[0] === 'none') return {};
  if (given.length > MOST) throw bad(`at most ${MOST} names can be given, not ${given.length}.`);
  /** By what the reader goes by, so that case and spaces make no second name. */
  const known = new Map<string, { header: string; column: Column }>();
  for (const one of given) {
    const { header, column } = readPair(one);
    const before = known.get(bare(header));
    if (before === undefined) known.set(bare(header), { header, column });
    else if (before.column !== column) {
      throw bad(
        `"${before.header}" cannot be both ${before.column} and ${column}; case, spaces and signs do not tell names apart.`,
      );
    }
  }
  return Object.fromEntries([...known.values()].map(({ header, column }) => [header, column]));
}

/** Parted at the last `=`, as a header may hold one and our names do not. */
function readPair(text: string): { header: string; column: Column } {
  const at = text.lastIndexOf('=');
  if (at < 0) {
    throw bad(
      'write the header as it stands in the file and the column that it means, such as "Learner Mail=student_email"; none, alone, takes all of them back.',
    );
  }
  return { header: readHeader(text.slice(0, at)), column: readColumn(text.slice(at + 1)) };
}

function readHeader(text: string): string {
  const header = text.trim().normalize('NFC');
  if (bare(header) === '') {
    throw bad('there must be a header with a letter or a digit before the "=".');
  }
  if (header.length > HEADER_NAME_MAX || /[\p{Cc}\p{Cs}]/u.test(header)) {
    throw bad(
      `a header is one line of at most ${HEADER_NAME_MAX} characters; leave line breaks in it out.`,
    );
  }
  return header;
}

function readColumn(text: string): Column {
  const column = text.trim().toLowerCase();
  if (isColumn(column)) return column;
  throw bad(
    `there is no column "${text.trim()}".${didYouMean(column, COLUMNS)} The columns are ${COLUMNS.join(', ')}.`,
  );
}

/** One after the other in the order of our columns: `Learner Mail → student_email`. */
export const shownColumns = (mapping: ColumnMapping): string[] =>
  COLUMNS.flatMap((column) =>
    Object.keys(mapping)
      .filter((header) => mapping[header] === column)
      .sort()
      .map((header) => `${header} → ${column}`),
  );
