import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileSays } from '../../roster/file-says.js';
import type { RosterFilter } from '../../roster/filter.js';
import { readRoster } from '../../roster/read-roster.js';
import type { RosterRead } from '../../roster/read-roster.js';
import type { SaysDelta } from '../../roster/says-delta.js';
import { readSnapshot } from '../../roster/snapshot.js';
import type { Snapshot } from '../../roster/snapshot.js';
import { file, line, listed, pieces } from './reading.js';

const row = fc
  .record({
    cls: fc.nat(4),
    teacher: fc.nat(3),
    student: fc.nat(7),
    name: fc.constantFrom('', '', '', 'Ray'),
    grade: fc.constantFrom('5', '5', '6', ''),
  })
  .map(({ cls, teacher, student, name, grade }) => ({
    // The keys follow from the name here and there, or hardly any two rows would agree.
    school_id: `S${cls % 3}`,
    school_name: `School ${cls % 3}`,
    teacher_email: `t${teacher}${name.toLowerCase()}@t.example`,
    teacher_first_name: `Tea${name}`,
    teacher_last_name: 'Cher',
    class_id: `C${cls}`,
    class_name: 'Science',
    student_first_name: `Stu${student}`,
    student_last_name: 'Dent',
    student_email: `s${student}@s.example`,
    student_grade_level: grade,
  }));
const night = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 30 }), fc.constantFrom('', ' B'))
  .map(([rows, name]) =>
    file(
      // Once in a while everything has another name.
      ...rows.map((one) =>
        line({ ...one, class_name: `Science${name}`, school_name: `${one.school_name}${name}` }),
      ),
    ),
  );

async function reading(
  text: string,
  before?: Snapshot,
  filter: RosterFilter = {},
): Promise<RosterRead> {
  const bytes = pieces(new TextEncoder().encode(text));
  const read = await readRoster(bytes, () => undefined, {
    before: before === undefined ? null : { snapshot: before, isAll: true },
    filter,
  });
  if (!read.ok) throw new Error(read.finding.code);
  return read;
}
const snapshotOf = (read: RosterRead): Snapshot =>
  readSnapshot(Buffer.concat([...read.snapshot()]))!;

async function delta(first: string, second: string): Promise<SaysDelta> {
  return (await reading(second, snapshotOf(await reading(first)))).difference()!;
}

/** Everything by natural keys, one text a thing. */
function flat(all: FileSays) {
  const { schools, teachers, classes, students } = listed(all);
  const school = new Map(schools.map(({ n, schoolId }) => [n, schoolId]));
  const email = {
    teachers: new Map(teachers.map((one) => [one.n, one.email])),
    students: new Map(students.map((one) => [one.n, one.email])),
  };
  const pairs = (who: 'teachers' | 'students'): string[] =>
    classes.flatMap((one) => one[who].map((n) => `${one.classId} ${email[who].get(n)}`));
  return {
    schools: new Map(schools.map((one) => [one.schoolId, one.name])),
    teachers: new Map(teachers.map((one) => [one.email, `${one.firstName} ${one.lastName}`])),
    classes: new Map(classes.map((one) => [one.classId, `${one.name} ${school.get(one.school)}`])),
    students: new Map(
      students.map((one) => [one.email, `${one.firstName} ${one.lastName} ${one.gradeLevel}`]),
    ),
    classTeachers: new Set(pairs('teachers')),
    enrollments: new Set(pairs('students')),
  };
}

describe('what a file says otherwise than the one before', () => {
  it('makes the one before to this one', async () => {
    await fc.assert(
      fc.asyncProperty(night, night, async (first, second) => {
        const [before, now] = [(await reading(first)).says, (await reading(second)).says];
        const { says: touched, gone } = await delta(first, second);
        const [made, changes, wanted] = [flat(before), flat(touched), flat(now)];
        for (const kind of ['schools', 'teachers', 'classes', 'students'] as const) {
          for (const key of gone[kind]) expect(made[kind].delete(key)).toBe(true);
          for (const [key, value] of changes[kind]) made[kind].set(key, value);
        }
        for (const kind of ['classTeachers', 'enrollments'] as const) {
          for (const pair of gone[kind]) expect(made[kind].delete(pair.join(' '))).toBe(true);
          for (const pair of changes[kind]) {
            expect(made[kind].has(pair)).toBe(false);
            made[kind].add(pair);
          }
        }
        expect(made).toEqual(wanted);
      }),
      { numRuns: 400 },
    );
  });

  it('is nothing where it says the same, in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(night, fc.infiniteStream(fc.nat()), async (text, numbers) => {
        const [head, ...rows] = text.trimEnd().split('\n');
        const shuffled = rows
          .map((one) => [numbers.next().value, one] as const)
          .sort(([a], [b]) => Number(a) - Number(b))
          .map(([, one]) => one);
        const { says: touched, gone } = await delta(text, `${[head, ...shuffled].join('\n')}\n`);
        const { rejected: _, ...things } = listed(touched);
        expect(Object.values({ ...things, ...gone }).flat()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves out what does not count', async () => {
    const both = file(line({ class_id: 'A' }), line({ class_id: 'B' }));
    const onlyA = await reading(both, undefined, { only: { classes: ['A'] } });
    const before = snapshotOf(onlyA);
    const { says, gone } = (await reading(both, before)).difference()!;
    expect(listed(says).classes.map(({ classId }) => classId)).toEqual(['B']);
    expect(Object.values(gone).flat()).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('is the same after it was written and read', async () => {
    await fc.assert(
      fc.asyncProperty(night, async (text) => {
        const read = await reading(text);
        const { values, rows, classes } = snapshotOf(read);
        expect(rows.line.length).toBe(read.rows);
        const says = listed(read.says);
        const counted = [...classes.keys()].filter((n) => classes[n] === 1);
        expect(counted.map((n) => values[5]![n])).toEqual(says.classes.map((one) => one.classId));
        for (const { n, email } of says.students) expect(values[9]![n]).toBe(email);
        for (const { n, schoolId } of says.schools) expect(values[0]![n]).toBe(schoolId);
      }),
      { numRuns: 100 },
    );
  });

  it('that is cut, longer than it says or something else is none', async () => {
    const bytes = Buffer.concat([...(await reading(file(line()))).snapshot()]);
    expect(readSnapshot(bytes)).not.toBeNull();
    for (let end = 0; end < bytes.length; end++) {
      expect(readSnapshot(bytes.subarray(0, end))).toBeNull();
    }
    expect(readSnapshot(Buffer.concat([bytes, Buffer.from('x')]))).toBeNull();
    expect(readSnapshot(Buffer.from('{"magic":"rollcall snapshot 1"}00000031'))).toBeNull();
    expect(readSnapshot(Buffer.from('school_id,school_name\n'))).toBeNull();
  });
});
