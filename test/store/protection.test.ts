/** A rejected row is not an absent row: one test for each rule of store/plan/protect.ts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COLUMNS, FIELD_OF } from '../../roster/columns.js';
import type { RosterRow } from '../../roster/columns.js';
import { readRoster } from '../../roster/read-roster.js';
import { makePlan } from '../../store/plan.js';
import { openRun, recordFetch } from '../../store/runs.js';
import { stageRoster } from '../../store/staging.js';
import { getKept } from '../../store/read/plan-kept.js';
import { getPlan } from '../../store/read/plan.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { active, newDistrict, night, plan, rejected, row, sha, type FileRow } from './support.js';

/** Two schools of two classes; co-teachers in a1; Cid is in classes of both of school A. */
const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a1', 'bob');
const BOB_CO = row('A', 'theo', 'a1', 'bob');
const CID = row('A', 'theo', 'a2', 'cid');
const CID_TOO = row('A', 'tina', 'a1', 'cid');
const DEE = row('B', 'uma', 'b1', 'dee');
const ELI = row('B', 'vito', 'b2', 'eli');
const ALL = [ANN, BOB, BOB_CO, CID, CID_TOO, DEE, ELI];
/** A file without school A: whoever stays there was kept. */
const ONLY_DEE = [DEE];

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
  await night(test.db, district, ALL);
});

async function* bytesOf(rows: readonly RosterRow[]): AsyncGenerator<Uint8Array> {
  const lines = rows.map((one) => COLUMNS.map((column) => one[FIELD_OF[column]] ?? '').join());
  yield Buffer.from([COLUMNS.join(), ...lines].join('\n'));
}

const after = async (file: readonly FileRow[]) => {
  await night(test.db, district, file);
  return active(test.db, district);
};

describe('what can be read of a rejected row stays, and nothing else', () => {
  it('keeps school, teacher, class, student and both pairs', async () => {
    expect(await after([...ONLY_DEE, rejected(ANN)])).toEqual({
      schools: ['A', 'B'],
      teachers: ['tina', 'uma'],
      students: ['ann', 'dee'],
      classes: ['a1', 'b1'],
      class_teachers: ['a1:tina', 'b1:uma'],
      enrollments: ['a1:ann', 'b1:dee'],
    });
  });

  it('keeps a student but not the other classes, if those are not in the file', async () => {
    const seen = await after([...ONLY_DEE, rejected(CID)]);
    expect(seen.enrollments).toEqual(['a2:cid', 'b1:dee']);
    expect(seen.classes).toEqual(['a2', 'b1']);
  });

  it('keeps a school of which nothing else is known', async () => {
    const seen = await after([ANN, rejected(row('B', 'new', 'n9', 'zoe'))]);
    expect(seen.schools).toEqual(['A', 'B']);
    expect(seen.classes).toEqual(['a1']);
  });

  it('creates, renames and brings back nobody', async () => {
    await night(test.db, district, ONLY_DEE);
    const stranger = row('C', 'new', 'c9', 'zoe');
    const renamed = row('B', 'uma', 'b1', 'dee', { studentFirstName: 'Other' });
    const { plan: made } = await plan(test.db, district, [
      DEE,
      rejected(stranger),
      rejected(ANN),
      rejected(renamed),
    ]);
    const none = { added: 0, changed: 0, reactivated: 0, deactivated: 0 };
    expect(Object.values(made.changes)).toEqual(Array.from({ length: 6 }, () => none));
  });
});

describe("a lost student's email", () => {
  it('keeps the enrolments of that class and who is enrolled there', async () => {
    const seen = await after([...ONLY_DEE, rejected(ANN, 'studentEmail', 'studentFirstName')]);
    expect(seen.enrollments).toEqual(['a1:ann', 'a1:bob', 'a1:cid', 'b1:dee']);
    expect(seen.students).toEqual(['ann', 'bob', 'cid', 'dee']);
    expect(seen.classes).toEqual(['a1', 'b1']);
  });

  it('with the class lost, too, keeps everybody of that school', async () => {
    const lost = rejected(ANN, 'studentEmail', 'classId', 'studentFirstName');
    const seen = await after([...ONLY_DEE, lost]);
    expect(seen.enrollments).toEqual(['a1:ann', 'a1:bob', 'a1:cid', 'a2:cid', 'b1:dee']);
    expect(seen.students).toEqual(['ann', 'bob', 'cid', 'dee']);
    expect(seen.classes).toEqual(['a1', 'a2', 'b1']);
  });

  it('with class and school lost, deactivates nothing at all', async () => {
    // Theo is left without a class, and stays all the same.
    await night(test.db, district, [ANN, BOB, DEE, ELI, rejected(row('B', 'theo', 'b1', 'dee'))]);
    const before = await active(test.db, district);
    expect(before.teachers).toEqual(['theo', 'tina', 'uma', 'vito']);
    const lost = rejected(ANN, 'studentEmail', 'classId', 'schoolId');
    expect(await after([...ONLY_DEE, lost])).toEqual(before);
  });

  it('in a class that the roster does not know keeps everybody of that school', async () => {
    const moved = rejected(row('A', 'tina', 'a3', 'ann'), 'studentEmail', 'studentFirstName');
    const seen = await after([...ONLY_DEE, moved]);
    expect(seen.students).toEqual(['ann', 'bob', 'cid', 'dee']);
    expect(seen.enrollments).toEqual(['a1:ann', 'a1:bob', 'a1:cid', 'a2:cid', 'b1:dee']);
  });

  it('in a class and a school that the roster does not know keeps all students', async () => {
    const moved = rejected(row('N', 'new', 'n1', 'ann'), 'studentEmail', 'studentFirstName');
    const seen = await after([DEE, moved]);
    expect(seen.students).toEqual(['ann', 'bob', 'cid', 'dee', 'eli']);
    expect(seen.enrollments).toHaveLength(6);
  });

  it('keeps a student of the same name, wherever the class is', async () => {
    const moved = rejected({ ...ANN, schoolId: 'B', classId: 'b1' }, 'studentEmail');
    const seen = await after([DEE, moved]);
    expect(seen.students).toEqual(['ann', 'dee']);
    expect(seen.enrollments).toEqual(['b1:dee']);
  });

  it('keeps a student who is in no class, as that may be anybody', async () => {
    // The first night leaves Ann without a class, kept by her own rejected row.
    const elsewhere = { ...row('B', 'uma', 'b1', 'ann'), studentFirstName: 'Ann' };
    await night(test.db, district, [DEE, rejected(elsewhere)]);
    expect((await active(test.db, district)).students).toEqual(['ann', 'dee']);
    const lost = rejected(DEE, 'studentEmail', 'studentFirstName');
    expect((await after([DEE, lost])).students).toEqual(['ann', 'dee']);
  });
});

describe("a lost teacher's email", () => {
  it("keeps that class's teachers and that they have it", async () => {
    const lost = rejected(ANN, 'teacherEmail', 'teacherFirstName');
    const seen = await after([...ONLY_DEE, lost]);
    expect(seen.class_teachers).toEqual(['a1:theo', 'a1:tina', 'b1:uma']);
    expect(seen.teachers).toEqual(['theo', 'tina', 'uma']);
    expect(seen.students).toEqual(['ann', 'dee']);
  });

  it("with the class lost, too, keeps that school's teachers", async () => {
    const lost = rejected(DEE, 'teacherEmail', 'classId', 'teacherFirstName');
    const seen = await after([ANN, lost]);
    expect(seen.class_teachers).toEqual(['a1:tina', 'b1:uma', 'b2:vito']);
    expect(seen.teachers).toEqual(['tina', 'uma', 'vito']);
  });

  it('with class and school lost, deactivates nothing at all', async () => {
    // Cid is left without a class, and stays all the same.
    await night(test.db, district, [ANN, BOB, DEE, ELI, rejected(row('B', 'uma', 'b1', 'cid'))]);
    const before = await active(test.db, district);
    expect(before.students).toEqual(['ann', 'bob', 'cid', 'dee', 'eli']);
    const lost = rejected(ANN, 'teacherEmail', 'classId', 'schoolId');
    expect(await after([DEE, lost])).toEqual(before);
  });

  it('keeps a teacher of the same name, wherever the class is', async () => {
    const moved = rejected({ ...ELI, schoolId: 'A', classId: 'a1' }, 'teacherEmail');
    expect((await after([ANN, moved])).teachers).toContain('vito');
  });
});

describe("a lost teacher's email, of somebody without a class", () => {
  it('keeps a teacher who has no class, as that may be anybody', async () => {
    await night(test.db, district, [DEE, rejected(row('B', 'tina', 'b1', 'dee'))]);
    expect((await active(test.db, district)).class_teachers).toEqual(['b1:uma']);
    const lost = rejected(DEE, 'teacherEmail', 'teacherFirstName');
    expect((await after([ELI, lost])).teachers).toEqual(['tina', 'uma', 'vito']);
  });
});

describe('a lost class id', () => {
  it("keeps the student's enrolments and the teacher's classes", async () => {
    const seen = await after([...ONLY_DEE, rejected(CID, 'classId')]);
    expect(seen.enrollments).toEqual(['a1:cid', 'a2:cid', 'b1:dee']);
    expect(seen.class_teachers).toEqual(['a1:theo', 'a2:theo', 'b1:uma']);
    expect(seen.classes).toEqual(['a1', 'a2', 'b1']);
    expect(seen.students).toEqual(['cid', 'dee']);
  });

  it('of people whom the roster does not know keeps the classes of that school', async () => {
    const strangers = rejected(row('A', 'new', 'a1', 'zoe'), 'classId');
    const seen = await after([...ONLY_DEE, strangers]);
    expect(seen.classes).toEqual(['a1', 'a2', 'b1']);
    expect(seen.students).toEqual(['dee']);
  });

  it('of unknown people and an unknown school keeps all classes', async () => {
    const strangers = rejected(row('N', 'new', 'n1', 'zoe'), 'classId');
    const seen = await after([...ONLY_DEE, strangers]);
    expect(seen.classes).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(seen.schools).toEqual(['A', 'B']);
  });
});

describe('a lost school id', () => {
  it("keeps the class's present school", async () => {
    const seen = await after([...ONLY_DEE, rejected(ANN, 'schoolId')]);
    expect(seen.schools).toEqual(['A', 'B']);
    expect(seen.classes).toEqual(['a1', 'b1']);
  });

  it("of a class that the roster does not know keeps the schools of the student's classes", async () => {
    await night(test.db, district, [...ALL, row('C', 'cleo', 'c1', 'fay')]);
    const fresh = rejected(row('A', 'new', 'a9', 'ann'), 'schoolId');
    expect((await after([...ONLY_DEE, fresh])).schools).toEqual(['A', 'B']);
  });

  it("of a class that the roster does not know keeps the schools of the teacher's classes", async () => {
    await night(test.db, district, [...ALL, row('C', 'cleo', 'c1', 'fay')]);
    const fresh = rejected(row('B', 'vito', 'b9', 'zoe'), 'schoolId');
    expect((await after([ANN, fresh])).schools).toEqual(['A', 'B']);
  });

  it('of an unknown class and unknown people keeps all schools', async () => {
    const strangers = rejected(row('N', 'new', 'n1', 'zoe'), 'schoolId');
    expect((await after([...ONLY_DEE, strangers])).schools).toEqual(['A', 'B']);
  });
});

describe('a rejected row that says something else', () => {
  it('keeps what the roster has about a key: the reader accepts none of the rows about it', async () => {
    const renamed = { ...ANN, studentFirstName: 'New' };
    const contrary = { ...ANN, teacherEmail: '' };
    const { run } = await openRun(test.db, { district, workflowId: 'w', occasion: 'o' });
    const ref = { district, run };
    await recordFetch(test.db, ref, { sha256: sha('contrary'), bytes: 7, modifiedAt: 0 });
    const others = ALL.filter((one) => one !== ANN);
    await stageRoster(test.db, ref, async (reject) => {
      const read = await readRoster(bytesOf([...others, renamed, contrary]), (one) =>
        one.accepted ? undefined : reject(one.keys, one.line),
      );
      if (!read.ok) throw new Error('refused');
      expect(read.rejected).toBe(2);
      return read;
    });
    const { changes } = await makePlan(test.db, ref);
    expect(JSON.stringify(changes)).not.toMatch(/:[1-9]/);
  });

  it('does not keep accepted rows from making somebody new', async () => {
    const zoe = row('A', 'tina', 'a1', 'zoe');
    const seen = await after([...ALL, zoe, rejected({ ...zoe, studentFirstName: 'Other' })]);
    expect(seen.students).toContain('zoe');
    expect(seen.enrollments).toContain('a1:zoe');
  });
});

describe('the plan says what it kept', () => {
  it('counts who is absent from the file and stays all the same', async () => {
    const made = await plan(test.db, district, [
      ...ONLY_DEE,
      rejected(ANN, 'studentEmail', 'studentFirstName'),
    ]);
    const record = await getPlan(test.db, district, made.run);
    expect(record.kept).toEqual({
      schools: 1,
      teachers: 1,
      classes: 1,
      classTeachers: 1,
      students: 3,
      enrollments: 3,
    });
  });

  it('names them, with the line of the row that is or may be about each', async () => {
    const made = await plan(test.db, district, [
      ...ONLY_DEE,
      rejected(CID),
      rejected(ANN, 'studentEmail', 'studentFirstName'),
      rejected({ ...ELI, classId: 'b9' }, 'classId'),
    ]);
    const kept = await getKept(test.db, made, null);
    expect(kept.map(({ kind, key, line }) => `${kind} ${key} ${line}`)).toEqual([
      'schools A 3',
      ...['teachers theo@t.example 3', 'teachers tina@t.example 4', 'teachers vito@t.example 5'],
      ...['classes a1 4', 'classes a2 3', 'classes b2 5'],
      ...['students ann@s.example 4', 'students bob@s.example 4'],
      ...['students cid@s.example 3', 'students eli@s.example 5'],
    ]);
    expect(await getKept(test.db, made, 1)).toHaveLength(4);
  });
});
