/**
 * What files really look like: one test for each kind of file that districts have been seen to
 * send, by its name, with what a check says of it. The corners of each are in the files beside.
 * A half-uploaded file is told by its size and time (test/activities/upload.test.ts) and its rows
 * (test/store/limits.test.ts); here it is what a reader sees of it.
 */
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { checkFindings } from '../../roster/report.js';
import { findingsCsv } from '../../roster/reports/findings-csv.js';
import type { KnownRoster } from '../../roster/rules/known-roster.js';
import { known } from './known.js';
import { file, HEADER, line, read, refusal, short, student } from './reading.js';
import { zip } from './zip-file.js';

const TWO = [line(), student('al')];
const ROSTER = file(...TWO);

/** Rows that count, findings and repairs of a file, as `check` gives them. */
async function check(content: string | Uint8Array, roster?: KnownRoster) {
  const { result } = await read(content, roster === undefined ? {} : { known: roster });
  if (!result.ok) throw new Error(`refused: ${result.finding.code}`);
  return {
    accepted: result.accepted,
    findings: short(result),
    repairs: [...new Set(result.repairs.map(({ code }) => code))],
  };
}

describe('a file with', () => {
  const utf16 = Buffer.from(`\ufeff${ROSTER.replaceAll(',', '\t')}`, 'utf16le');
  const parted = (sign: string): string => ROSTER.replaceAll(',', sign);
  const labels = 'School ID,SCHOOL_NAME, teacher email,Teacher First,Teacher Last,Section ID';
  const renamed = `${labels},Class\u200b Name,First Name,Last Name,Student Email,Grade`;
  const blank = ROSTER.replaceAll('\n', ',,\n').replace('\n', '\n\n,,,,,,,,,,,,\n');
  it.each([
    ['a byte order mark', `\ufeff${ROSTER}`, ['BOM_REMOVED']],
    ['UTF-16 as Excel saves it', utf16, ['DELIMITER', 'ENCODING_UTF16']],
    ['semicolons', parted(';'), ['DELIMITER']],
    ['tabs', parted('\t'), ['DELIMITER']],
    ['pipes', parted('|'), ['DELIMITER']],
    ['a sep= line', `sep=;\n${parted(';')}`, ['DELIMITER', 'SEP_LINE_DROPPED']],
    [
      'column names as other systems write them',
      ROSTER.replace(HEADER, renamed),
      ['HEADER_ALIAS', 'HEADER_SPELLING'],
    ],
    ['columns in another order', turned(ROSTER), []],
    ['a line above the names', `Fall roster\n\n${ROSTER}`, ['BANNER_DROPPED']],
    ['a line below the rows', `${ROSTER}Total: 2\n`, ['TRAILER_DROPPED']],
    ['CR', ROSTER.replaceAll('\n', '\r'), []],
    ['CR, LF and CRLF', ROSTER.replace('\n', '\r').replace('\n', '\r\n'), []],
    [
      'curly quotes, hard and hidden spaces',
      file(line(), student('al', { student_last_name: '“Mc\u00a0\u200bKay”' })),
      ['HIDDEN_REMOVED', 'QUOTES_STRAIGHTENED', 'SPACES_NO_BREAK'],
    ],
    [
      'a comma in a value without quotes, where one reading is possible',
      file(line(), student('al', { class_id: '8', school_id: '13', school_name: 'Elm, Oak' })),
      ['COMMA_IN_VALUE'],
    ],
  ] as const)('%s is read, and what was put right is said', async (_, content, repairs) => {
    const said = await check(content);
    expect(said).toMatchObject({ accepted: 2, findings: [] });
    expect(said.repairs.toSorted()).toEqual(repairs);
  });

  it('Windows-1252 is read, with a warning to look at the names', async () => {
    expect(await check(Buffer.from(ROSTER, 'latin1'))).toEqual({
      accepted: 2,
      findings: ['ENCODING_WINDOWS_1252 2'],
      repairs: ['ENCODING_WINDOWS_1252'],
    });
  });

  it('blank rows and empty columns at the end skips and counts them', async () => {
    expect(await check(blank)).toMatchObject({ accepted: 2, findings: ['BLANK_ROWS 3'] });
  });

  it('other columns reads past them, and says how many', async () => {
    const more = ROSTER.replace(HEADER, `${HEADER},Bus`).replaceAll(/(\d)\n/g, '$1,x\n');
    expect(await check(more)).toMatchObject({ accepted: 2, findings: ['COLUMNS_IGNORED 1'] });
  });

  it('a line break in quotes keeps it in the value', async () => {
    const broken = file(line(), student('al', { student_last_name: '"Mc\nKay"' }));
    expect(await check(broken)).toMatchObject({ accepted: 2, findings: [] });
  });

  it('a comma that could belong to two values names the line', async () => {
    const two = student('al', { student_first_name: 'Al', student_last_name: 'B, C' });
    expect(await check(file(line(), two))).toMatchObject({
      accepted: 1,
      findings: ['FIELDS_TOO_MANY 3'],
    });
  });

  it('its last row cut off leaves that row out, and the person of it as they are', async () => {
    const cut = ROSTER.slice(0, -40);
    expect(await check(cut)).toMatchObject({ accepted: 1, findings: ['FIELDS_TOO_FEW 3'] });
  });
});

describe('a file that stops the run is', () => {
  it.each([
    ['empty', '', 'EMPTY_FILE'],
    ['a header only', `${HEADER}\n`, 'HEADER_ONLY'],
    ['without a column', ROSTER.replace('class_id', 'kurs'), 'COLUMN_MISSING'],
    [
      'one with a column twice, of different values',
      ROSTER.replace(HEADER, `${HEADER},class_id`).replaceAll(/(\d)\n/g, '$1,x\n'),
      'COLUMN_DUPLICATE',
    ],
    [
      'a workbook renamed',
      zip({ name: 'xl/workbook.xml', content: '<workbook/>' }),
      'NOT_TEXT_WORKBOOK',
    ],
  ] as const)('%s', async (_, content, code) => {
    expect(await refusal(content)).toMatchObject({ code });
  });

  it('not a zip archive with the roster in it', async () => {
    const packed = zip({ name: 'roster.csv', content: ROSTER });
    expect(await check(packed)).toMatchObject({ accepted: 2, repairs: ['UNPACKED'] });
  });
});

describe('rows that say', () => {
  const zoe = 'zoe.ito@students.example';
  it.each([
    [
      'the address of a student for another, too',
      [line(), line({ student_first_name: 'Ben', student_last_name: 'Oak', class_id: '8' })],
      'EMAIL_TWO_STUDENTS 2 student_first_name',
      ['Ito (line 2)', 'Oak (line 3)'],
    ],
    [
      'the address of a teacher for a student',
      [line({ student_email: 'grace.kim@district.example' }), student('al')],
      'EMAIL_BOTH_ROLES 2 teacher_email',
      ['teacher_email (lines 2–3)', 'student_email (line 2)'],
    ],
    [
      'another name for the same school',
      [line(), student('al', { school_name: 'Elm' })],
      'SCHOOL_CONFLICT 2 school_name',
      ['Maple High (line 2)', 'Elm (line 3)'],
    ],
    [
      'another grade for the same student',
      [line(), line({ class_id: '8', student_grade_level: '8' })],
      'STUDENT_CONFLICT 2 student_grade_level',
      ['7 (line 2)', '8 (line 3)'],
    ],
    [
      'a class of two schools',
      [line(), student('al', { school_id: '0013', school_name: 'Elm' })],
      'CLASS_TWO_SCHOOLS 2 school_id',
      ['0012 (line 2)', '0013 (line 3)'],
    ],
  ] as const)('%s are one finding with both values and lines', async (_, rows, code, sides) => {
    const { result } = await read(file(...rows));
    if (!result.ok) throw new Error(result.finding.code);
    expect(short(result)).toEqual([code]);
    expect(result.accepted).toBe(0);
    for (const side of sides) expect(result.findings[0]!.value).toContain(side);
  });

  it('an address without @ are left out', async () => {
    const odd = zoe.replace('@', '.at.');
    expect(await check(file(line({ student_email: odd }), student('al')))).toMatchObject({
      accepted: 1,
      findings: ['EMAIL_MALFORMED 2 student_email'],
    });
  });

  it.each(
    Object.entries({
      TK: ['TK', 'tk'],
      PK: ['PK', 'PreK', 'Pre-K'],
      K: ['K', 'KG', 'Kinder', '0', '00'],
      1: ['1', '01', '1st', 'Grade 1'],
      3: ['3', '3rd', 'Grade 3'],
      13: ['13'],
      PG: ['PG'],
      UG: ['UG'],
    }),
  )('grade %s in any usual way are read as that', async (grade, ways) => {
    for (const way of ways) {
      const { rows } = await read(file(line({ student_grade_level: way }), student('al')));
      expect(rows[0], way).toMatchObject({ row: { studentGradeLevel: grade } });
    }
  });

  it('a grade that nobody knows stay, without the grade', async () => {
    expect(await check(file(line({ student_grade_level: '14' }), student('al')))).toMatchObject({
      accepted: 2,
      findings: ['GRADE_UNKNOWN 2 student_grade_level'],
    });
  });

  it('a formula are warned of, and no report carries it on', async () => {
    const link = `"=HYPERLINK(""http://x"")"`;
    const { result } = await read(file(line({ student_first_name: link }), student('al')));
    expect(short(result)).toEqual(['FORMULA 2 student_first_name']);
    const report = [...findingsCsv(checkFindings(result))].join('');
    expect(report).toContain(`"'=HYPERLINK(`);
    expect(report).not.toMatch(/"=/);
  });
});

describe('ids and names that a spreadsheet program spoilt', () => {
  it.each([
    ['1.2E+11', 'ID_EXCEL_NUMBER'],
    ['1-Feb', 'ID_EXCEL_DATE'],
    ['12.0', 'ID_DECIMAL'],
  ])('as %s are told', async (class_id, code) => {
    expect((await check(file(line({ class_id }), student('al')))).findings).toEqual([
      `${code} 2 class_id`,
    ]);
  });

  it('by their lost zeros are told beside the last good file', async () => {
    const last = known({ schools: [{ id: '0012', name: 'Maple High', students: 1 }] });
    const said = await check(file(line({ school_id: '12' })), last);
    expect(said).toMatchObject({ accepted: 0, findings: ['ID_ZEROS_LOST 2 school_id'] });
  });
});

describe('beside the last file, names that', () => {
  const FIRSTS = ['Ann', 'Ben', 'Cid', 'Dora', 'Eve', 'Finn', 'Gus', 'Hal', 'Ida', 'Jon'];
  const lasts = FIRSTS.map((name) => `${name}son`);
  const last = known({
    students: FIRSTS.map((firstName, n) => ({
      ...{ email: `s${n}@students.example`, firstName, lastName: lasts[n]!, gradeLevel: '7' },
    })),
  });
  const now = (first: readonly string[], second: readonly string[]): string =>
    file(
      ...FIRSTS.map((_, n) =>
        student(`s${n}`, { student_first_name: first[n]!, student_last_name: second[n]! }),
      ),
    );
  it.each([
    ['changed places', now(lasts, FIRSTS), 'COLUMNS_SWAPPED 2 student_first_name'],
    ['were sorted alone', now(FIRSTS, lasts.toReversed()), 'COLUMN_SHIFTED 2 student_last_name'],
  ])('%s are told, so that the run is held', async (_, content, code) => {
    expect((await check(content, last)).findings).toEqual([code]);
  });
});

/** The same file with its columns from right to left. */
function turned(text: string): string {
  const lines = text.split('\n').map((one) => one.split(',').toReversed().join(','));
  expect(lines[0]!.split(',')).toHaveLength(COLUMNS.length);
  return lines.join('\n');
}
