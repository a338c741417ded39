/**
 * The entries of the rules that look at more than one cell at a time: at all rows of a key, at
 * all values of a column, or at the last good file. Severities are argued in
 * docs/decisions/0020-what-a-rule-may-do.md.
 */
import type { Entry } from '../catalogue.js';
import type { Facts } from '../findings.js';
import { always, rows } from '../sentences.js';

const AS_TEXT =
  'Export the file again and upload it as it comes, without opening and saving it in a spreadsheet program; or format the id columns as text first. If the ids are meant to be so from now on, tell us, so that we can accept them.';

/** What an error or a warning does, unless it is accepted for the district and so is a note. */
const leftOut = (facts: Facts): string =>
  facts.severity === 'note' ? `accepted, so ${rows(facts)} stay` : `${rows(facts)} left out`;
const held = (facts: Facts): string =>
  facts.severity === 'note' ? 'This is accepted' : 'The run is held';

/** What a spreadsheet program did to an id: the rows cannot say what they are about. */
const DAMAGE = {
  ID_EXCEL_NUMBER: {
    severity: 'error',
    message: (facts) =>
      `A spreadsheet program shortened a long id to a rounded number; ${leftOut(facts)}.`,
    cause: (subject) => `The id ${subject} is a long number that was shortened`,
    fix: AS_TEXT,
    example: '1.2E+11 where the id was 120000000123',
  },
  ID_EXCEL_DATE: {
    severity: 'error',
    message: (facts) => `A spreadsheet program turned an id into a date; ${leftOut(facts)}.`,
    cause: (subject) => `The id ${subject} was turned into a date`,
    fix: AS_TEXT,
    example: '1-Feb where the id was 1-2',
  },
  ID_DECIMAL: {
    severity: 'error',
    message: (facts) =>
      `An id ends in .0, as a program leaves it that took ids for numbers; ${leftOut(facts)}.`,
    cause: (subject) => `The id ${subject} was taken for a number`,
    fix: AS_TEXT,
    example: '123.0 where the id was 123 or 0123',
  },
  ID_ZEROS_LOST: {
    severity: 'error',
    message: (facts) =>
      `An id has lost the zeros that it began with in the last good file; ${leftOut(facts)}.`,
    cause: (subject) => `The id ${subject} has lost its leading zeros`,
    fix: AS_TEXT,
    example: '12 where the last file had 0012',
  },
  VALUE_EXCEL_DAMAGE: {
    severity: 'warning',
    message: (facts) =>
      `A name looks like a number or a date that a spreadsheet program made of it; it stands in ${rows(facts)}.`,
    cause: (subject) => `The name “${subject}” looks like a spreadsheet program's work`,
    fix: 'Look at the name in the system that the file comes from; if it is right, nothing needs to be done.',
    example: 'the class_name 2-Mar where the class was 2/3',
  },
} as const satisfies Record<string, Entry>;

/** Who is who. */
const PEOPLE = {
  EMAIL_TWO_STUDENTS: {
    severity: 'error',
    message: (facts) => `One student_email is used by different students; ${rows(facts)} left out.`,
    cause: (subject) => `${subject} is used by different students`,
    fix: 'Give each student an address of their own; brothers and sisters often share one.',
    example: 'Ada Ito on line 2 and Ben Ito on line 9 with one address',
  },
  TEACHER_AS_STUDENT: {
    severity: 'warning',
    message: (facts) =>
      `A student has the name of the class's own teacher; it stands in ${rows(facts)}.`,
    cause: (subject) => `Student ${subject} has the name of their own teacher`,
    fix: 'See whether the teacher was typed into the columns of the student; if they only share a name, nothing needs to be done.',
    example: 'Grace Kim as teacher and as student of one row',
  },
  NAMES_SWAPPED: {
    severity: 'warning',
    message: (facts) => `First and last name seem to be swapped; they stand in ${rows(facts)}.`,
    cause: (subject) => `First and last name of ${subject} seem to be swapped`,
    fix: 'Look at the name, and swap the two if they stand in the wrong columns.',
    example: 'john.smith@… with the first name Smith and the last name John',
  },
  TEST_PERSON: {
    severity: 'warning',
    message: (facts) => `A person looks like one who was made up for a test; ${rows(facts)}.`,
    cause: (subject) => `${subject} looks like a person who was made up for a test`,
    fix: 'Delete the rows of test persons: each of them takes a seat.',
    example: 'Test Student, John Doe, or an address at example.com',
  },
  EMAIL_DOMAIN_TYPO: {
    severity: 'note',
    message: (facts) => `The part of an address behind the @ looks mistyped; ${rows(facts)}.`,
    cause: (subject) => `The addresses at ${subject} look mistyped`,
    fix: 'Compare the address with the others, and mend it if it is mistyped.',
    example: 'gmial.com, or maplevaley.example where all others have maplevalley.example',
  },
  EMAIL_DOMAIN_LONE: {
    severity: 'note',
    message: always('An address has another domain than all others in the file.'),
    cause: (subject) => `Only one row has an address at ${subject}`,
    fix: 'See whether the address is the right one; nothing needs to be done if it is.',
    example: 'one private address among hundreds of the district',
  },
} as const satisfies Record<string, Entry>;

/** Content that is not what a roster is made of. */
const CONTENT = {
  FORMULA: {
    severity: 'warning',
    message: (facts) =>
      `The ${facts.column ?? 'cell'} begins like a spreadsheet formula; it stands in ${rows(facts)}.`,
    cause: (subject) => `“${subject}” begins like a spreadsheet formula`,
    fix: 'Write the plain value in the system that the file comes from. Reports show it with an apostrophe in front, so that no program runs it.',
    example: '=HYPERLINK("http://…")',
  },
  HEADER_REPEATED: {
    severity: 'note',
    message: always('The column names stand again among the rows; this line was skipped.'),
    fix: 'Nothing needs to be done; when you put several exports together, leave out all headers but the first.',
    example: 'a second line that begins with school_id,school_name',
  },
} as const satisfies Record<string, Entry>;

/** Against the last file that was accepted. */
const COMPARED = {
  COLUMN_SHIFTED: {
    severity: 'warning',
    message: (facts) =>
      `The ${facts.column ?? 'column'} holds the values of the last good file, but beside other rows (${rows(facts)}): it was sorted or moved alone. ${held(facts)}.`,
    cause: (subject) => `The column ${subject} was sorted or moved alone`,
    fix: 'Export the file again. In a spreadsheet program always sort the whole table, never one column.',
    example: 'every student has another student’s last name',
  },
  COLUMNS_SWAPPED: {
    severity: 'warning',
    message: (facts) =>
      `First and last names have changed places since the last good file (${rows(facts)}). ${held(facts)}.`,
    cause: (subject) => `The columns ${subject} have changed places`,
    fix: 'Put the two columns back in their places, or the names above them, and upload again.',
    example: 'the last names stand under student_first_name',
  },
  SCHOOL_SIZE: {
    severity: 'warning',
    message: (facts) =>
      `A school has far fewer or far more students than in the last good file; ${rows(facts)}.`,
    cause: (subject) => `School ${subject} has far fewer or far more students than before`,
    fix: 'See whether the export was filtered or holds a school twice; if the numbers are right, nothing needs to be done.',
    example: '40 students where there were 600',
  },
  CLASS_SIZE: {
    severity: 'warning',
    message: (facts) =>
      `A class has far fewer or far more students than in the last good file; ${rows(facts)}.`,
    cause: (subject) => `Class ${subject} has far fewer or far more students than before`,
    fix: 'See whether the export was filtered or puts classes together; if the numbers are right, nothing needs to be done.',
    example: '2 students where there were 28',
  },
} as const satisfies Record<string, Entry>;

/** Right or wrong by what the district did, not by what the file says: roster/accepted.ts. */
export const GUESSES = { ...DAMAGE, ...COMPARED } as const;

export const RULES = { ...DAMAGE, ...PEOPLE, ...CONTENT, ...COMPARED } as const;
