/**
 * What the reader puts right by itself, one entry per code: whether each case is listed, and what
 * it says to a person. A repair never changes what a cell means to somebody who reads the file.
 */
import type { Column } from './columns.js';

export interface RepairEntry {
  /** case: each different before and after once. kind: one repair a column, with one example. */
  readonly listed: 'case' | 'kind';
  readonly message: string;
  /** Invented: before → after. */
  readonly example: string;
}

/** How the file as a whole is written. Their `rows` is 0, and their `after` is what Rollcall reads. */
const FILE = {
  UNPACKED: {
    listed: 'case',
    message: 'The file was packed; the CSV inside was read.',
    example: 'gzip → CSV',
  },
  BOM_REMOVED: {
    listed: 'case',
    message: 'The mark that some programs put before the first letter was left out.',
    example: 'U+FEFF → nothing',
  },
  ENCODING_UTF16: {
    listed: 'case',
    message: 'The file is in UTF-16 ("Unicode text") and was read as such.',
    example: 'UTF-16LE → UTF-8',
  },
  ENCODING_WINDOWS_1252: {
    listed: 'case',
    message: 'The file is not UTF-8; its letters were read as Windows-1252.',
    example: 'Windows-1252 → UTF-8',
  },
  DELIMITER: {
    listed: 'case',
    message: 'The columns are parted by something other than a comma.',
    example: '; → ,',
  },
  SEP_LINE_DROPPED: {
    listed: 'case',
    message: 'The line that tells Excel how columns are parted was left out.',
    example: 'sep=; → nothing',
  },
  BANNER_DROPPED: {
    listed: 'case',
    message: 'A line above the column names was left out.',
    example: 'Roster of Maple Valley, fall → nothing',
  },
  TRAILER_DROPPED: {
    listed: 'case',
    message: 'A line below the last row, which is no row, was left out.',
    example: 'Total: 1200 → nothing',
  },
  HEADER_SPELLING: {
    listed: 'case',
    message: 'A column name differs in case, spaces or signs.',
    example: 'Student E-mail → student_email',
  },
  HEADER_ALIAS: {
    listed: 'case',
    message: 'A column has another name, whose meaning is known.',
    example: 'Section ID → class_id',
  },
  COLUMN_REPEATED: {
    listed: 'case',
    message: 'A column stands there twice with the same values; the second one was left out.',
    example: 'class_id, class_id → class_id',
  },
} as const satisfies Record<string, RepairEntry>;

/** A cell. `rows` says how many rows hold it. */
const CELL = {
  COMMA_IN_VALUE: {
    listed: 'case',
    message: 'A value with a comma lacked its quotation marks; only one reading was possible.',
    example: 'Maple School, K-8 → "Maple School, K-8"',
  },
  QUOTE_IN_VALUE: {
    listed: 'case',
    message:
      'A value with quotation marks inside was not in quotes; only one reading was possible.',
    example: 'Robert "Bob" → "Robert ""Bob"""',
  },
  QUOTES_STRAIGHTENED: {
    listed: 'case',
    message: 'Curly quotation marks or apostrophes were made straight, or taken off.',
    example: "O’Brien → O'Brien",
  },
  SPACES_NO_BREAK: {
    listed: 'case',
    message: 'Special spaces, such as no-break spaces, were made plain ones.',
    example: 'Maple[no-break space]High → Maple High',
  },
  HIDDEN_REMOVED: {
    listed: 'case',
    message: 'Characters that cannot be seen were left out.',
    example: 'kim[zero-width space]@district.example → kim@district.example',
  },
  SPACES_TRIMMED: {
    listed: 'kind',
    message: 'Spaces around values, doubled spaces or line breaks in them were left out.',
    example: '[space]Kim → Kim',
  },
  LETTERS_LOWERED: {
    listed: 'kind',
    message: 'Email addresses were put into small letters.',
    example: 'Kim@District.example → kim@district.example',
  },
  LETTERS_COMPOSED: {
    listed: 'kind',
    message: 'Letters with an accent were made one character each.',
    example: 'e + ´ → é',
  },
  GRADE_SPELLING: {
    listed: 'kind',
    message: 'Grades were written in one way.',
    example: '07, Grade 7 → 7',
  },
} as const satisfies Record<string, RepairEntry>;

export const REPAIRS = { ...FILE, ...CELL } as const;
export type RepairCode = keyof typeof REPAIRS;

/** Something that the reader put right by itself. `before` and `after` may be what cells hold. */
export interface Repair {
  readonly code: RepairCode;
  /** Where it was done first. */
  readonly line: number;
  readonly column?: Column;
  /** What stands in the file, and what was read; cut at 200 characters. An example, for a `kind`. */
  readonly before: string;
  readonly after: string;
  /** Rows of the file that hold it; 0 where it is about the file and not about a row. */
  readonly rows: number;
  /** Only where one repair stands for more cases than can be listed: how many of them. */
  readonly more?: number;
}

/** The sentence for a repair. */
export const repairMessage = (code: RepairCode): string => REPAIRS[code].message;
