import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../roster/columns.js';
import { changesOf } from '../../roster/reading/changes.js';
import { REPAIRS_MAX } from '../../roster/reading/repair-list.js';
import { REPAIRS, repairMessage } from '../../roster/repairs.js';
import type { RepairCode } from '../../roster/repairs.js';
import { readCell } from '../../roster/rows.js';
import { tidy, tidyMarks } from '../../roster/tidy.js';
import { file, line, readOk, short, student } from './reading.js';

describe('untidy text', () => {
  it.each([
    ['“Maple High”', 'Maple High'],
    ['„Maple High“', 'Maple High'],
    ['‘Maple’', 'Maple'],
    ['O’Brien', "O'Brien"],
    ['the “Gears” club', 'the "Gears" club'],
    ['“A” and “B”', '"A" and "B"'],
    ['Maple\u00a0High', 'Maple High'],
    ['Maple\u202fHigh', 'Maple High'],
    ['kim\u200b@d.example', 'kim@d.example'],
    ['\ufeffMaple', 'Maple'],
    ['Ma\u00adple', 'Maple'],
    ['Ma\u200dple', 'Maple'],
    ['\u202eMaple\u202c', 'Maple'],
    ['Nu\u0301n\u0303ez', 'Núñez'],
    ['e\u200b\u0301', 'é'],
    // What is meant stays: an okina is a letter, a joiner says how Persian letters meet.
    ['Ka\u02bbena', 'Ka\u02bbena'],
    ['علی\u200cرضا', 'علی\u200cرضا'],
    ['"Maple"', '"Maple"'],
  ])('%j is read as %j', (text, clean) => {
    expect(tidy(text)).toBe(clean);
  });

  it('is tidy when it was tidied', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        '“',
        '”',
        '‘',
        '’',
        '\u200b',
        '\u200c',
        '\u00a0',
        'e',
        '\u0301',
        'ی',
        ' ',
        '"',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(tidy(tidy(text))).toBe(tidy(text));
        expect(tidyMarks(tidyMarks(text))).toBe(tidyMarks(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what was put right in a cell', () => {
  it.each([
    ['student_last_name', 'O’Brien', ['QUOTES_STRAIGHTENED']],
    ['school_name', 'Maple\u00a0High', ['SPACES_NO_BREAK']],
    ['school_name', ' Maple  High', ['SPACES_TRIMMED']],
    ['school_name', 'Maple\nHigh', ['SPACES_TRIMMED']],
    ['student_email', ' Zoe@S.example', ['SPACES_TRIMMED', 'LETTERS_LOWERED']],
    ['student_email', 'zoe\u200b@s.example', ['HIDDEN_REMOVED']],
    ['student_last_name', 'Nu\u0301n\u0303ez', ['LETTERS_COMPOSED']],
    ['student_grade_level', '07', ['GRADE_SPELLING']],
    ['student_grade_level', ' 7 ', ['SPACES_TRIMMED']],
    ['student_grade_level', 'grade\u00a07', ['SPACES_NO_BREAK', 'GRADE_SPELLING']],
    ['class_id', '“007”\u00a0', ['QUOTES_STRAIGHTENED', 'SPACES_NO_BREAK']],
    ['class_id', 'a  b', []],
  ] as const)('in %s %j is told', (column, cell, codes) => {
    const read = readCell(column, cell);
    expect('value' in read && changesOf(column, cell, read.value!)).toEqual(codes);
  });

  it('always has a name, and nothing has one where nothing was', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.emailAddress(),
      fc.string({ unit: fc.constantFrom('a', ' ', '’', '“', '\u200b', '\u00a0', '1', '\u0301') }),
      fc.constantFrom('01', 'Kinder', ' K', '“Grade 3”'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...COLUMNS), text, (column, cell) => {
        const read = readCell(column, cell);
        if ('fault' in read || read.value === null) return;
        expect(changesOf(column, cell, read.value).length > 0).toBe(cell !== read.value);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('repairs', () => {
  it('that somebody may want to look at are listed once a case, with first line and rows', async () => {
    const { result, rows } = await readOk(
      file(
        student('al', { student_last_name: 'O’Brien' }),
        student('bo', { student_last_name: 'O’Brien' }),
        student('cy', { student_last_name: '“Ito”' }),
        student('di', { student_last_name: 'O’Brien' }),
        student('al', { student_last_name: "O'Brien", class_id: '8' }),
      ),
    );
    expect(result.findings).toEqual([]);
    expect(rows[0]).toMatchObject({ row: { studentLastName: "O'Brien" } });
    const shared = { code: 'QUOTES_STRAIGHTENED', column: 'student_last_name' };
    expect(result.repairs).toEqual([
      { ...shared, line: 2, before: 'O’Brien', after: "O'Brien", rows: 3 },
      { ...shared, line: 4, before: '“Ito”', after: 'Ito', rows: 1 },
    ]);
  });

  it('that make one spelling of many are grouped, with the first as the example', async () => {
    const { result } = await readOk(
      file(
        student('al', { student_grade_level: '07' }),
        student('bo', {
          student_grade_level: 'Grade 7',
          teacher_email: ' Grace.Kim@District.example',
        }),
        student('cy', { student_grade_level: '7' }),
        student('di', { student_grade_level: '07' }),
      ),
    );
    expect(result.repairs).toEqual([
      {
        code: 'GRADE_SPELLING',
        line: 2,
        column: 'student_grade_level',
        before: '07',
        after: '7',
        rows: 3,
      },
      ...(['LETTERS_LOWERED', 'SPACES_TRIMMED'] as const).map((code) => ({
        code,
        line: 3,
        column: 'teacher_email',
        before: ' Grace.Kim@District.example',
        after: 'grace.kim@district.example',
        rows: 1,
      })),
    ]);
  });

  it('of more cases than can be listed become one, and all are counted', async () => {
    const rows = Array.from({ length: REPAIRS_MAX + 50 }, (_, n) =>
      student(`s${n}`, { student_last_name: `O’${n}` }),
    );
    const { result } = await readOk(file(...rows, student('al', { student_last_name: 'O’7' })));
    expect(result.repairs).toHaveLength(REPAIRS_MAX + 1);
    expect(result.repairs[7]).toMatchObject({ before: 'O’7', rows: 2 });
    expect(result.repairs.at(-1)).toMatchObject({ before: `O’${REPAIRS_MAX}`, rows: 50, more: 50 });
  });

  it('do not touch what is in order', async () => {
    expect((await readOk(file(line(), student('al')))).result.repairs).toEqual([]);
  });

  it('of curly quotation marks around values with commas give the fields that were meant', async () => {
    const { result, rows } = await readOk(
      file(
        line({ student_last_name: '“Ito, Jr.”', class_name: '“Science, Art, Math”' }),
        student('al', { student_last_name: '“Ito, Jr.' }),
      ),
    );
    expect(rows[0]).toMatchObject({
      row: { studentLastName: 'Ito, Jr.', className: 'Science, Art, Math' },
    });
    expect(short(result)).toEqual(['FIELDS_TOO_MANY 3']);
    expect(result.repairs.map(({ code, before, after }) => [code, before, after])).toEqual([
      ['QUOTES_STRAIGHTENED', '“Science, Art, Math”', 'Science, Art, Math'],
      ['QUOTES_STRAIGHTENED', '“Ito, Jr.”', 'Ito, Jr.'],
    ]);
  });

  it.each(Object.keys(REPAIRS) as RepairCode[])('%s has a plain sentence', (code) => {
    expect(repairMessage(code)).toMatch(/^[A-Z].*\.$/);
    expect(REPAIRS[code].example).toContain(' → ');
  });
});
