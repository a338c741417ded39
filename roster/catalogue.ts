/**
 * Every code that a reading can give: how bad it is, what it means, how to mend it, what it
 * looks like. A message may hold counts and the names of our own columns, never a cell.
 */
import { COLUMNS } from './columns.js';
import type { Facts, Severity } from './findings.js';
import { RULES } from './rules/catalogue.js';
import { always, cell, columnNames, counted, many, rows } from './sentences.js';

export interface Entry {
  readonly severity: Severity;
  readonly message: (facts: Facts) => string;
  readonly fix: string;
  /**
   * The same about one school, class, person or value, by its name and without a full stop: for
   * the district's own eyes, never for a mail, a history or a log.
   */
  readonly cause?: (subject: string) => string;
  /** Invented. */
  readonly example: string;
}

const SAVE_AS_UTF8 =
  'Open the file in the spreadsheet program and save it as "CSV UTF-8 (Comma delimited)".';
const NAME_ONE = 'Decide which value is right, write it on all of those rows and upload again.';

/** The file as a whole: nothing of it was used. */
const FILE = {
  EMPTY_FILE: {
    severity: 'error',
    message: always('The file is empty.'),
    fix: 'Export the roster again and look at the file before you upload it.',
    example: 'a file of 0 bytes',
  },
  HEADER_ONLY: {
    severity: 'error',
    message: always('The file has column names but no rows, so nothing was changed.'),
    fix: 'Export the roster again; the export may have been filtered or broken off.',
    example: 'only the line that begins with school_id',
  },
  FILTER_EMPTY: {
    severity: 'error',
    message: always(
      'No class of the file is inside the filter that is set for this district, so nothing was changed.',
    ),
    fix: 'Compare the filter with the file: if ids of schools or classes, or addresses of teachers, have changed, support has to change the filter, too.',
    example: 'only school 003 is wanted, and the file has school 3',
  },
  COLUMN_MISSING: {
    severity: 'error',
    message: (facts) =>
      `The first line lacks these columns: ${columnNames(facts)}` +
      (facts.count === undefined
        ? '.'
        : `; it has ${many(facts.count, 'column', 'columns')} with other names.`),
    fix: `Give the first line these column names, in any order: ${COLUMNS.join(', ')}; or tell us which of your own names stands for which of them.`,
    cause: (subject) => `The first line lacks these columns: ${subject}`,
    example: 'no student_email on the first line',
  },
  COLUMN_DUPLICATE: {
    severity: 'error',
    message: (facts) =>
      `The column ${columnNames(facts)} stands there more than once, and on this line its values differ.`,
    fix: 'Delete or rename the column that does not belong there.',
    example: 'class_id, class_name, class_id',
  },
  NOT_TEXT_WORKBOOK: {
    severity: 'error',
    message: always('The file is a workbook (or a zip archive), not a CSV file.'),
    fix: SAVE_AS_UTF8,
    example: 'roster.xlsx renamed to roster.csv',
  },
  NOT_TEXT_OLD_WORKBOOK: {
    severity: 'error',
    message: always('The file is an old Excel workbook (.xls), not a CSV file.'),
    fix: SAVE_AS_UTF8,
    example: 'roster.xls renamed to roster.csv',
  },
  NOT_TEXT_PDF: {
    severity: 'error',
    message: always('The file is a PDF document, not a CSV file.'),
    fix: 'Export the roster as CSV instead of printing it to a PDF.',
    example: 'roster.pdf renamed to roster.csv',
  },
  NOT_TEXT_PACKED: {
    severity: 'error',
    message: always(
      'The file is packed, or packed more than once, and could not be unpacked here.',
    ),
    fix: 'Unpack it and upload the CSV file itself.',
    example: 'a zip in a gzip',
  },
  NOT_TEXT_ARCHIVE_CONTENT: {
    severity: 'error',
    message: (facts) =>
      `The zip archive must hold exactly one CSV file; it holds ${counted(facts, 'of them', 'of them')}.`,
    fix: 'Put the one roster file into the archive, or upload the CSV file itself.',
    example: 'schools.csv and students.csv in one zip',
  },
  NOT_TEXT_ARCHIVE_BROKEN: {
    severity: 'error',
    message: always('The packed file is damaged or cut off, so nothing of it was used.'),
    fix: 'Pack it again and upload it in binary mode, or upload the CSV file itself.',
    example: 'the first half of roster.zip',
  },
  NOT_TEXT_ARCHIVE_LOCKED: {
    severity: 'error',
    message: always('The zip archive is protected by a password.'),
    fix: 'Pack it without a password, or upload the CSV file itself.',
    example: 'an encrypted roster.zip',
  },
  NOT_TEXT_ARCHIVE_BOMB: {
    severity: 'error',
    message: always('The packed file grows beyond all measure when it is unpacked.'),
    fix: 'Upload the CSV file itself.',
    example: 'ten gigabytes of zeros in a small zip',
  },
  NOT_TEXT_ENCODING: {
    severity: 'error',
    message: always(
      'The file is in two encodings: this line does not go with the letters in the others.',
    ),
    fix: SAVE_AS_UTF8,
    example: 'a UTF-8 file to which rows in Windows-1252 were added',
  },
  NOT_TEXT_NUL: {
    severity: 'error',
    message: always('The file holds NUL bytes, so it is damaged or not text.'),
    fix: 'Export the roster again and upload it in binary mode.',
    example: 'an upload that broke off and was padded',
  },
  NOT_CSV_DELIMITER: {
    severity: 'error',
    message: always('It cannot be told what parts the columns.'),
    fix: SAVE_AS_UTF8,
    example: 'school_id,school_name;teacher_email,class_id',
  },
  NOT_CSV_HEADER: {
    severity: 'error',
    message: always('The first line cannot be read as a line of column names.'),
    fix: `Give the first line these column names, parted by commas: ${COLUMNS.join(', ')}.`,
    example: 'a first line of a million characters',
  },
  NOT_CSV_QUOTE_OPEN: {
    severity: 'error',
    message: always('A quotation mark that opens here is never closed, so rows run together.'),
    fix: 'Close it; a quotation mark inside a value is written twice ("").',
    example: '12,"Maple Valley High,kim@district.example',
  },
  NOT_CSV_QUOTE_BROKEN: {
    severity: 'error',
    message: always('Quotation marks are broken here, so that rows run together.'),
    fix: 'Put values with quotation marks in quotes and write each inner one twice ("").',
    example: '"Robert "Bob" Smith" over two lines',
  },
} as const satisfies Record<string, Entry>;

/** One row. */
const ROW = {
  FIELDS_TOO_FEW: {
    severity: 'error',
    message: (facts) =>
      `The row has fewer fields than the first line has names${facts.count === undefined ? '' : ` (${facts.count})`}, so none of them can be trusted.`,
    fix: 'Put in the missing comma or value; an empty value still needs its comma.',
    example: 'eight fields below eleven column names',
  },
  FIELDS_TOO_MANY: {
    severity: 'error',
    message: (facts) =>
      `The row has more fields than the first line has names${facts.count === undefined ? '' : ` (${facts.count})`}, so none of them can be trusted.`,
    fix: 'Put a value that holds a comma in quotation marks: "Smith, Jr.".',
    example: 'twelve fields below eleven column names',
  },
  ROW_SHIFTED: {
    severity: 'error',
    message: always('The values of this row seem to stand in the wrong columns.'),
    fix: 'Move the values to their columns; look for a missing or an extra comma.',
    example: 'an email address under class_name',
  },
  ROW_TOO_LONG: {
    severity: 'error',
    message: always('The line is far too long to be a row of a roster.'),
    fix: 'Look at the line in a text editor; a line break may be missing.',
    example: 'a line of 70,000 characters',
  },
  QUOTE_BROKEN: {
    severity: 'error',
    message: always('A quotation mark stands where none may be, so the row cannot be trusted.'),
    fix: 'Put the value in quotation marks and write each inner one twice: "Robert ""Bob""".',
    example: '"Robert "Bob""',
  },
  QUOTE_SWALLOWS_ROWS: {
    severity: 'error',
    message: (facts) =>
      `A quoted value runs over ${counted(facts, 'line', 'lines')} and seems to have swallowed rows.`,
    fix: 'Close the quotation mark on the line where the value ends.',
    example: '"Bob,…',
  },
  VALUE_MISSING: {
    severity: 'error',
    message: (facts) => `The ${cell(facts)} is empty.`,
    fix: 'Fill in the value in the system that the file comes from.',
    example: 'no student_email',
  },
  VALUE_TOO_LONG: {
    severity: 'error',
    message: (facts) => `The ${cell(facts)} is too long.`,
    fix: 'Shorten it: ids have at most 100 characters, names 200, emails 254.',
    cause: (subject) => `“${subject}” is too long`,
    example: 'a name of 300 characters',
  },
  VALUE_CONTROL: {
    severity: 'error',
    message: (facts) => `The ${cell(facts)} holds a character that cannot be shown.`,
    fix: 'Type the value anew in the system that the file comes from.',
    cause: (subject) => `“${subject}” holds a character that cannot be shown`,
    example: 'a tab in a class_id',
  },
  EMAIL_MALFORMED: {
    severity: 'error',
    message: (facts) => `The ${cell(facts)} is not an email address.`,
    fix: 'Write one full address, like name@district.example.',
    cause: (subject) => `“${subject}” is not an email address`,
    example: 'bob.district.example',
  },
  GRADE_MISSING: {
    severity: 'warning',
    message: always('The student_grade_level is empty; a grade already known is kept.'),
    fix: 'Fill in the grade; UG stands for ungraded.',
    example: 'no student_grade_level',
  },
  GRADE_UNKNOWN: {
    severity: 'warning',
    message: always(
      'The student_grade_level is none that is known; a grade already known is kept.',
    ),
    fix: 'Use TK, PK, K, 1 to 13, PG or UG.',
    cause: (subject) => `“${subject}” is no grade level that is known`,
    example: 'Grade 14',
  },
} as const satisfies Record<string, Entry>;

/** Rows that say different things about the same school, person or class, and notes. */
const FILE_WIDE = {
  SCHOOL_CONFLICT: {
    severity: 'error',
    message: (facts) => `One school_id has different names; ${rows(facts)} left out.`,
    fix: NAME_ONE,
    cause: (subject) => `School ${subject} has different names`,
    example: '0012 is "Maple High" on line 2 and "Maple High School" on line 9',
  },
  TEACHER_CONFLICT: {
    severity: 'error',
    message: (facts) => `One teacher_email has different names; ${rows(facts)} left out.`,
    fix: 'If they are two people, give each an address; else write one name on all rows.',
    cause: (subject) => `Teacher ${subject} has different names`,
    example: 'two spellings of one name',
  },
  CLASS_CONFLICT: {
    severity: 'error',
    message: (facts) => `One class_id has different names; ${rows(facts)} left out.`,
    fix: NAME_ONE,
    cause: (subject) => `Class ${subject} has different names`,
    example: 'C-7 is "Science 7" on line 2 and "Science 8" on line 9',
  },
  CLASS_TWO_SCHOOLS: {
    severity: 'error',
    message: (facts) => `One class_id stands under different schools; ${rows(facts)} left out.`,
    fix: 'Give each school its own class_id, for example with the school_id in front.',
    cause: (subject) => `Class ${subject} stands under different schools`,
    example: 'C-7 under school 0012 on line 2 and under 0014 on line 9',
  },
  STUDENT_CONFLICT: {
    severity: 'error',
    message: (facts) => `One student_email has different names or grades; ${rows(facts)} left out.`,
    fix: 'Decide which name and grade are right and write them on all of those rows.',
    cause: (subject) => `Student ${subject} has different names or grades`,
    example: 'grade 5 on line 2 and grade 6 on line 9',
  },
  EMAIL_BOTH_ROLES: {
    severity: 'error',
    message: (facts) => `One address is a student's and a teacher's; ${rows(facts)} left out.`,
    fix: 'Give the student and the teacher an address each.',
    cause: (subject) => `${subject} is a student's and a teacher's address`,
    example: 'the same address under teacher_email and student_email',
  },
  DUPLICATE_ROWS: {
    severity: 'note',
    message: (facts) => `${rows(facts)} said again what an earlier row had said.`,
    fix: 'Nothing needs to be done.',
    example: 'the same row twice',
  },
  BLANK_ROWS: {
    severity: 'note',
    message: (facts) => `${rows(facts)} held nothing but commas or spaces.`,
    fix: 'Nothing needs to be done.',
    example: ',,,,,,,,,,',
  },
  ENCODING_WINDOWS_1252: {
    severity: 'warning',
    message: always('The file is not UTF-8; it was read as Windows-1252, as older programs write.'),
    fix: `Look at the names with accents; if they are wrong: ${SAVE_AS_UTF8}`,
    example: 'saved as plain "CSV (Comma delimited)"',
  },
  COLUMNS_IGNORED: {
    severity: 'note',
    message: (facts) =>
      `The file has ${counted(facts, 'other column', 'other columns')}, left unread.`,
    fix: 'Nothing needs to be done; leave out what Rollcall does not need, if you can.',
    example: 'a column with the date of birth',
  },
} as const satisfies Record<string, Entry>;

export const CATALOGUE = { ...FILE, ...ROW, ...FILE_WIDE, ...RULES } as const;
export type FindingCode = keyof typeof CATALOGUE;
