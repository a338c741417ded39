import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  SAMPLE,
  SAMPLE_FILES,
  sampleFile,
  sampleMistakes,
  sampleModel,
} from '../../dev/sample/index.js';
import type { Model } from '../../dev/sample/index.js';
import { readOk } from './reading.js';

/** Pinned, so that no change of the sample goes unseen. */
const SHA256 = {
  first: '4e50df49a99817f4c5093def0d35093d3ec70c51a0b1e7f7a37533683780a297',
  second: 'fb9acc843d5739ce2beb5899f3e8971e31b8983b399c9def2bc8ce40ebe1650c',
  mistakes: '36e20630dce9d75359466eb30d907fb6d3e1b003daa6219ac45c06dbe372cc19',
};

const first = sampleModel('first');
const second = sampleModel('second');
const keys = <K>(from: ReadonlyMap<K, unknown>, without: ReadonlyMap<K, unknown>): K[] =>
  [...from.keys()].filter((key) => !without.has(key));
const enrollments = (model: Model): Map<string, string> =>
  new Map(
    [...model.classes.values()].flatMap((one) =>
      one.students.map((email) => [`${one.id} ${email}`, email]),
    ),
  );

const schoolsOf = (model: Model, email: string): string =>
  [
    ...new Set(
      [...model.classes.values()]
        .filter((one) => one.students.includes(email))
        .map(({ school }) => school),
    ),
  ].join();

describe('the sample district', () => {
  it.each(SAMPLE_FILES)('has the same bytes on every machine: %s', (which) => {
    expect(createHash('sha256').update(sampleFile(which)).digest('hex')).toBe(SHA256[which]);
  });

  it.each(['first', 'second'] as const)('is read back as it was meant: %s', async (which) => {
    const model = sampleModel(which);
    const { result, rows } = await readOk(sampleFile(which));
    expect(result.findings).toEqual([]);
    expect(result.counts).toEqual({
      schools: model.schools.size,
      teachers: model.teachers.size,
      classes: model.classes.size,
      students: model.students.size,
      classTeachers: [...model.classes.values()].flatMap(({ teachers }) => teachers).length,
      enrollments: enrollments(model).size,
    });
    for (const read of rows) {
      if (!read.accepted) throw new Error(`line ${read.line} was rejected`);
      const { row } = read;
      expect(model.students.get(row.studentEmail)).toMatchObject({
        first: row.studentFirstName,
        last: row.studentLastName,
        grade: row.studentGradeLevel,
      });
      expect(model.classes.get(row.classId)).toMatchObject({
        name: row.className,
        school: row.schoolId,
      });
      expect(model.schools.get(row.schoolId)).toBe(row.schoolName);
    }
  });

  it('is like a real one', () => {
    expect(first.schools.size).toBeGreaterThanOrEqual(4);
    expect(first.students.size).toBeGreaterThanOrEqual(350);
    expect(first.students.size).toBeLessThanOrEqual(450);
    expect(first.students.size).toBeLessThanOrEqual(SAMPLE.district.seats);
    const grades = new Set([...first.students.values()].map(({ grade }) => grade));
    expect(['PK', 'TK', 'K', '1', '12'].every((grade) => grades.has(grade as 'K'))).toBe(true);
    const classes = [...first.classes.values()];
    expect(classes.some(({ teachers }) => teachers.length > 1)).toBe(true);
    expect([...first.schools.keys()].every((id) => id.startsWith('0'))).toBe(true);
    const text = sampleFile('first');
    for (const sign of ['""', "'", '"Río Vista School, K-8"', 'Núñez', 'Ł', ', Jr.'])
      expect(text).toContain(sign);
    const domains = new Set([...text.matchAll(/@([\w.-]+)/g)].map(([, domain]) => domain));
    expect([...domains].every((domain) => domain!.endsWith('.example'))).toBe(true);
  });

  it('changes over night as a school does, and loses less than a tenth of its students', () => {
    const gone = keys(first.students, second.students);
    expect(gone.length).toBeGreaterThan(3);
    expect(gone.length).toBeLessThan(first.students.size / 10);
    expect(keys(second.students, first.students).length).toBeGreaterThan(3);
    expect(second.students.size).toBeLessThanOrEqual(SAMPLE.district.seats);

    const stayed = [...second.students.values()].filter(({ email }) => first.students.has(email));
    const differ = (field: 'first' | 'last' | 'grade'): number =>
      stayed.filter((one) => one[field] !== first.students.get(one.email)![field]).length;
    expect([differ('first'), differ('last'), differ('grade')]).toEqual([1, 2, 1]);

    const moved = stayed.filter(
      ({ email }) => schoolsOf(first, email) !== schoolsOf(second, email),
    );
    expect(moved).toHaveLength(3);
    const taught = [...second.classes.values()].filter(
      ({ id, teachers }) =>
        first.classes.has(id) && first.classes.get(id)!.teachers.join() !== teachers.join(),
    );
    expect(taught).toHaveLength(1);
    expect(keys(second.classes, first.classes)).toHaveLength(1);
    expect([...second.classes.values()].every(({ students }) => students.length > 0)).toBe(true);
  });

  it('with mistakes has those mistakes and no others', async () => {
    const { result } = await readOk(sampleFile('mistakes'));
    expect(result.findings.map(({ code, line }) => ({ code, line }))).toEqual(sampleMistakes());
    expect(
      sampleMistakes()
        .map(({ code }) => code)
        .sort(),
    ).toEqual([
      'CLASS_TWO_SCHOOLS',
      'EMAIL_MALFORMED',
      'FIELDS_TOO_FEW',
      'GRADE_UNKNOWN',
      'STUDENT_CONFLICT',
      'VALUE_MISSING',
    ]);
  });
});
