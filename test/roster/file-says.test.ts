import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file, line, readOk } from './reading.js';

type Cells = Parameters<typeof line>[0];

/** Few keys, so that rows meet: repeated, contradicting, and with cells that cannot be read. */
const cells = fc.record({
  school: fc.nat(2),
  teacher: fc.nat(3),
  cls: fc.nat(4),
  student: fc.nat(6),
  name: fc.constantFrom('', '', '', '', ' Ray'),
  lost: fc.constantFrom(null, null, null, null, 'student_email', 'class_id', 'school_id'),
  homeSchool: fc.boolean(),
});
const written = fc.array(cells, { minLength: 1, maxLength: 40 }).map((rows) =>
  rows.map(({ school, teacher, cls, student, name, lost, homeSchool }): Cells => ({
    // Mostly the class's own, or nearly every class would stand under two schools.
    school_id: `S${homeSchool ? cls % 3 : school}`,
    school_name: `School ${homeSchool ? cls % 3 : school}`,
    teacher_email: `t${teacher}@t.example`,
    teacher_first_name: `Tea${teacher}`,
    teacher_last_name: 'Cher',
    class_id: `C${cls}`,
    class_name: `Class ${cls}`,
    student_first_name: `Stu${student}${name}`,
    student_last_name: 'Dent',
    student_email: `s${student}@s.example`,
    student_grade_level: student === 0 ? 'unheard of' : '5',
    ...(lost === null ? {} : { [lost]: '' }),
  })),
);

describe('what a file says', () => {
  it('is what its accepted rows say, each thing once', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (rows) => {
        const { result, rows: handed } = await readOk(file(...rows.map((one) => line(one))));
        const out = new Set(result.rejectedLines);
        const left = handed.flatMap((one) => (one.accepted && !out.has(one.line) ? [one.row] : []));
        const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
        const { schools, teachers, classes, students } = result.says;
        const name = new Map(schools.map(({ n, schoolId }) => [n, schoolId]));
        const teacher = new Map(teachers.map(({ n, email }) => [n, email]));
        const student = new Map(students.map(({ n, email }) => [n, email]));

        expect(schools.map((one) => `${one.schoolId} ${one.name}`).sort()).toEqual(
          distinct(left.map((row) => `${row.schoolId} ${row.schoolName}`)),
        );
        const firstLine = (cell: 'schoolId' | 'teacherEmail' | 'classId' | 'studentEmail') => {
          const found = new Map<string, number>();
          for (const one of handed) {
            if (!one.accepted || out.has(one.line)) continue;
            const key = one.row[cell];
            found.set(key, Math.min(one.line, found.get(key) ?? one.line));
          }
          return found;
        };
        expect(new Map(schools.map((one) => [one.schoolId, one.line]))).toEqual(
          firstLine('schoolId'),
        );
        expect(new Map(classes.map((one) => [one.classId, one.line]))).toEqual(
          firstLine('classId'),
        );
        expect(new Map(teachers.map((one) => [one.email, one.line]))).toEqual(
          firstLine('teacherEmail'),
        );
        expect(new Map(students.map((one) => [one.email, one.line]))).toEqual(
          firstLine('studentEmail'),
        );
        expect(
          classes.map((one) => `${one.classId} ${one.name} ${name.get(one.school)}`).sort(),
        ).toEqual(distinct(left.map((row) => `${row.classId} ${row.className} ${row.schoolId}`)));
        expect(classes.map((one) => [one.classId, one.rows])).toEqual(
          classes.map(({ classId }) => [
            classId,
            left.filter((row) => row.classId === classId).length,
          ]),
        );
        expect(
          teachers.map((one) => `${one.email} ${one.firstName} ${one.lastName}`).sort(),
        ).toEqual(
          distinct(
            left.map((row) => `${row.teacherEmail} ${row.teacherFirstName} ${row.teacherLastName}`),
          ),
        );
        expect(
          students
            .map((one) => `${one.email} ${one.firstName} ${one.lastName} ${one.gradeLevel}`)
            .sort(),
        ).toEqual(
          distinct(
            left.map(
              (row) =>
                `${row.studentEmail} ${row.studentFirstName} ${row.studentLastName} ${row.studentGradeLevel}`,
            ),
          ),
        );
        const pairs = (who: 'teachers' | 'students', names: ReadonlyMap<number, string>) =>
          classes.flatMap((one) => one[who].map((n) => `${one.classId} ${names.get(n)}`)).sort();
        expect(pairs('teachers', teacher)).toEqual(
          distinct(left.map((row) => `${row.classId} ${row.teacherEmail}`)),
        );
        expect(pairs('students', student)).toEqual(
          distinct(left.map((row) => `${row.classId} ${row.studentEmail}`)),
        );
        for (const one of students) {
          const theirs = distinct(
            left.filter((row) => row.studentEmail === one.email).map((row) => row.schoolId),
          );
          expect(name.get(one.school)).toBe(theirs[0]);
          expect(one.schools?.map((n) => name.get(n)) ?? [theirs[0]]).toEqual(theirs);
        }
        expect(result.counts).toEqual({
          schools: schools.length,
          teachers: teachers.length,
          classes: classes.length,
          students: students.length,
          classTeachers: pairs('teachers', teacher).length,
          enrollments: pairs('students', student).length,
        });
        const repeated = left.length - distinct(left.map((row) => JSON.stringify(row))).length;
        const told = result.findings.find(({ code }) => code === 'DUPLICATE_ROWS');
        expect(told?.rows ?? 0).toBe(repeated);
        // A row that is rejected contradicts none that is left: whoever stores this need not ask.
        const heard = new Map<string, Set<string>>();
        for (const one of handed) {
          const { studentEmail, studentFirstName, classId, schoolId } = one.accepted
            ? one.row
            : one.keys;
          for (const [key, value] of [
            [studentEmail, studentFirstName],
            [classId, schoolId],
          ]) {
            if (key && value) heard.set(key, (heard.get(key) ?? new Set<string>()).add(value));
          }
        }
        for (const key of [
          ...students.map(({ email }) => email),
          ...classes.map(({ classId }) => classId),
        ]) {
          expect([key, heard.get(key)?.size]).toEqual([key, 1]);
        }
        const rejected = handed.flatMap((one) =>
          one.accepted && out.has(one.line)
            ? [
                [
                  one.row.schoolId,
                  one.row.teacherEmail,
                  one.row.classId,
                  one.row.className,
                  one.row.studentEmail,
                ].join(),
              ]
            : [],
        );
        expect(
          result.says.rejected
            .map(({ schoolId, teacherEmail, classId, className, studentEmail }) =>
              [schoolId, teacherEmail, classId, className, studentEmail].join(),
            )
            .sort(),
        ).toEqual(distinct(rejected));
      }),
      { numRuns: 300 },
    );
  });

  it('has no id that a spreadsheet program made something else of', async () => {
    const { result } = await readOk(file(line({ class_id: '1.2E+11' }), line({ class_id: '7' })));
    expect(result.says.classes.map(({ classId }) => classId)).toEqual(['7']);
    expect(result.says.rejected).toMatchObject([{ classId: null, schoolId: '0012' }]);
  });
});
