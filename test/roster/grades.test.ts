import { describe, expect, it } from 'vitest';
import { GRADE_LEVELS, toGradeLevel } from '../../roster/grades.js';

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  TK: ['TK', 'tk', ' T-K ', 'Transitional Kindergarten', 'Transitional K'],
  PK: ['PK', 'PreK', 'Pre-K', 'pre k', 'Prekindergarten', 'Pre-Kindergarten'],
  K: ['K', 'k', 'KG', 'Kinder', 'KINDERGARTEN', '0', '00', 'Grade K', 'Grade 0'],
  1: ['1', '01', '001', '1st', 'Grade 1', 'grade 01', '1st Grade', 'Gr. 1', ' 1 '],
  2: ['2', '02', '2nd', '2ND GRADE'],
  3: ['3', '03', '3rd', 'Grade 3', 'GRADE-3', 'Gr 3'],
  11: ['11', '011', '11th', '11th grade'],
  12: ['12', '12th', 'Grade 12'],
  13: ['13', '13th'],
  PG: ['PG', 'Post-Graduate', 'postgrad'],
  UG: ['UG', 'Ungraded', 'un-graded'],
};

describe('grade levels', () => {
  for (const [grade, variants] of Object.entries(VARIANTS)) {
    it(`reads ${variants.map((variant) => JSON.stringify(variant)).join(', ')} as ${grade}`, () => {
      expect(variants.map(toGradeLevel)).toEqual(variants.map(() => grade));
    });
  }

  it('leaves every canonical value as it is', () => {
    expect(GRADE_LEVELS.map(toGradeLevel)).toEqual(GRADE_LEVELS);
  });

  it.each([
    '',
    '14',
    '20',
    '100',
    '-1',
    '1.0',
    '3.5',
    '1 2',
    '1-2',
    '7-8',
    '9_',
    '1nd',
    '2st',
    '11st',
    '0th',
    'Grade',
    'Gr',
    'Other',
    'Freshman',
    'K1',
    'KK',
    '1ststst',
    'Grade 99',
    '٣',
    'x'.repeat(1000),
  ])('invents nothing for %j', (cell) => {
    expect(toGradeLevel(cell)).toBeNull();
  });
});
