/** What history says of whom was purged: plans, findings, `why` and undos. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { keepNote, readNote } from '../../store/config/notes.js';
import { makePlan } from '../../store/plan.js';
import { getCauses, getFindings, getRepairs } from '../../store/read/findings.js';
import { getPlan } from '../../store/read/plan.js';
import { getLeft, previewUndo } from '../../store/read/undo.js';
import { getWhy } from '../../store/read/why.js';
import { chooseSamples } from '../../store/samples.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { stageRows } from './as-file.js';
import { daysPass, purge, whereStands } from './away.js';
import { fetched, newDistrict, night, row, undo, views } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a1', 'bob');
const CID = row('B', 'theo', 'b1', 'cid');

let district: string;
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const CAROL = row('C', 'quentin', 'kelp-9', 'carolina', {
  studentFirstName: 'Carolina',
  studentLastName: 'Zwölfer',
  className: 'Biology with Quentin',
});

/** A district that has known Carolina under two addresses, in many ways, and knows her no more. */
async function knewCarolina(): Promise<{ first: number; leaving: number; undone: number }> {
  const moved = { ...CAROL, studentEmail: 'c.zwoelfer@s.example' };
  const ref = await fetched(test.db, district, [ANN, CAROL]);
  const finding = { severity: 'warning', line: 3, rows: 1 } as const;
  await stageRows(test.db, ref, [ANN, CAROL], {
    findings: [
      {
        ...finding,
        code: 'GRADE_UNKNOWN',
        column: 'student_grade_level',
        value: '5th',
        subject: 'Carolina@s.example',
      },
      { ...finding, code: 'NAME_ODD', column: 'student_last_name', value: 'Zwölfer' },
      {
        ...finding,
        code: 'EMAIL_TWICE',
        column: 'student_email',
        value: 'carolina@s.example (lines 2–4), ann@s.example (line 5)',
      },
    ],
    repairs: [
      {
        code: 'SPACES',
        line: 3,
        column: 'student_email',
        before: ' Carolina@S.example',
        after: 'carolina@s.example',
        rows: 1,
      },
      {
        code: 'SPACES',
        line: 3,
        column: 'student_first_name',
        before: ' Ann',
        after: 'Ann',
        rows: 1,
      },
    ] as never,
    totals: { errors: 0, warnings: 3, notes: 0 },
  });
  const { planHash } = await makePlan(test.db, ref);
  await applyPlan(test.db, ref, { planHash, by: 'test' });
  await chooseSamples(test.db, ref);
  const { run: renaming } = await night(test.db, district, [ANN, moved]);
  const { run: leaving } = await night(test.db, district, [ANN]);
  await undo(test.db, district, renaming).catch(() => undefined);
  await test.db.raw(
    `update rollcall.plans set reason = 'carolina@s.example is new',
            seat_room = '{"protected": 0, "duplicates": 2, "people":
              [["c.zwoelfer@s.example", "ann@s.example"], ["x@s.example", "y@s.example"]]}'
     where run = ? and district_key = (select key from rollcall.districts where id = ?)`,
    [renaming, district],
  );
  return { first: ref.run, leaving, undone: renaming };
}

describe('what history says of whom was purged', () => {
  it('is counts and hashes, and nowhere a value of theirs', async () => {
    const { first, leaving } = await knewCarolina();
    const note = await keepNote(test.db, district, 'Please look at c.zwoelfer@s.example.');
    const other = await keepNote(test.db, district, 'Please look at ann@s.example.');
    const before = await getPlan(test.db, district, first);
    const renamed = await getPlan(test.db, district, leaving - 1);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);

    for (const text of ['carolina', 'zwoelfer', 'Zwölfer', 'quentin', 'kelp-9']) {
      expect(await whereStands(test.db, text)).toEqual([]);
    }
    const after = await getPlan(test.db, district, first);
    expect(after).toEqual({ ...before, purged: 4 });
    const undone = await getPlan(test.db, district, leaving - 1);
    expect(undone).toMatchObject({ renamed: renamed.renamed, hash: renamed.hash, purged: 1 });
    expect(renamed.renamed.students).toBe(1);
    expect(undone.room).toEqual({
      ...{ protected: 0, duplicates: 2, people: [['x@s.example', 'y@s.example']] },
    });
    const ref = { district, run: first };
    const findings = await getFindings(test.db, ref);
    expect(findings.map(({ code, line, value, subject }) => [code, line, value, subject])).toEqual([
      ['GRADE_UNKNOWN', 3, null, null],
      ['NAME_ODD', 3, null, null],
      ['EMAIL_TWICE', 3, null, null],
    ]);
    expect((await getCauses(test.db, ref)).map(({ code }) => code).toSorted()).toEqual([
      ...['EMAIL_TWICE', 'GRADE_UNKNOWN', 'NAME_ODD'],
    ]);
    expect(await getRepairs(test.db, ref)).toMatchObject([{ before: ' Ann' }]);
    expect(await readNote(test.db, district, note)).toBeNull();
    expect(await readNote(test.db, district, other)).toContain('ann@s.example');
    const samples = await test
      .db('rollcall.samples')
      .where({ run: first })
      .count('* as count')
      .whereRaw('district_key = (select key from rollcall.districts where id = ?)', [district]);
    expect(samples).toEqual([{ count: '2' }]);
  });

  it('leaves an address that somebody else has now', async () => {
    await night(test.db, district, [
      ANN,
      { ...BOB, teacherEmail: 'shared@s.example', studentEmail: 'shared@s.example' },
    ]);
    // The student leaves; the teacher of the same address stays.
    await night(test.db, district, [{ ...ANN, teacherEmail: 'shared@s.example' }]);
    await daysPass(test.db, district, 366);
    const note = await keepNote(test.db, district, 'Ask shared@s.example.');
    expect(await purge(test.db, district)).toMatchObject({ students: 1 });
    expect(await readNote(test.db, district, note)).toBe('Ask shared@s.example.');
    expect(await getWhy(test.db, district, 'shared@s.example')).toMatchObject([
      { kind: 'teacher', active: true },
    ]);
  });

  it('is told of a class and of its people as a number', async () => {
    await night(test.db, district, [ANN, BOB, row('A', 'tina', 'a2', 'ann')]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);
    const [cls] = await getWhy(test.db, district, 'a1');
    expect(cls?.story).toMatchObject([
      { joined: ['ann@s.example', 'tina@t.example'], left: [], purged: 1 },
      { joined: [], left: [], purged: 1 },
    ]);
    const [ann] = await getWhy(test.db, district, 'ann@s.example');
    expect(ann?.story).toMatchObject([
      { joined: ['a1'], purged: 1 },
      { left: [], purged: 1 },
    ]);
  });
});

describe('an undo of a run that touched whom was purged', () => {
  it('leaves them, lists them, and puts back the rest', async () => {
    await night(test.db, district, [ANN, BOB, CID]);
    const { run } = await night(test.db, district, [{ ...ANN, studentFirstName: 'Anna' }, BOB]);
    await daysPass(test.db, district, 366);
    await night(test.db, district, [{ ...ANN, studentFirstName: 'Anna' }]);
    await purge(test.db, district);
    const preview = await previewUndo(test.db, { district, run });
    expect(preview.left).toMatchObject({
      students: { purged: 1 },
      teachers: { purged: 1 },
      classes: { purged: 1 },
      schools: { purged: 1 },
      enrollments: { purged: 1 },
      classTeachers: { purged: 1 },
    });
    const undone = await undo(test.db, district, run);
    expect(undone.plan.changes.students).toMatchObject({ changed: 1, reactivated: 0 });
    expect(await getLeft(test.db, undone)).toContainEqual({
      ...{ kind: 'students', key: null, other: null, value: 'active', why: 'purged', byRun: null },
    });
    expect((await views(test.db, district)).students).toMatchObject([
      { email: 'ann@s.example', first_name: 'Stu ann', active: true },
      { email: 'bob@s.example', active: false },
    ]);
  });

  it('names the end of a pair that is still here', async () => {
    await night(test.db, district, [ANN, BOB, row('A', 'tina', 'a2', 'ann')]);
    const { run } = await night(test.db, district, [{ ...ANN, className: 'New' }]);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);
    const { leftValues } = await previewUndo(test.db, { district, run });
    const pairs = leftValues.filter(({ kind }) => kind === 'enrollments');
    expect(pairs.map(({ key, other, why }) => [key, other, why])).toEqual([
      ['a1', null, 'purged'],
      [null, 'ann@s.example', 'purged'],
    ]);
  });

  it('and nothing else says so', async () => {
    await night(test.db, district, [ANN, BOB]);
    const { run } = await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);
    await expect(previewUndo(test.db, { district, run })).rejects.toMatchObject({
      code: 'UNDO_NOTHING',
      message: expect.stringContaining('purged') as string,
    });
  });

  it('that added them has nothing to take back of them', async () => {
    const { run } = await night(test.db, district, [ANN, BOB]);
    await night(test.db, district, [ANN]);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);
    const { left, changes } = await previewUndo(test.db, { district, run });
    expect(left).toEqual({});
    expect(changes.students).toMatchObject({ deactivated: 1 });
  });

  it('that changed a value lists the attribute', async () => {
    await night(test.db, district, [ANN, BOB]);
    const { run } = await night(test.db, district, [
      { ...ANN, studentFirstName: 'Anna' },
      { ...BOB, studentLastName: 'Other', studentGradeLevel: '6' },
    ]);
    await night(test.db, district, [{ ...ANN, studentFirstName: 'Anna' }]);
    await daysPass(test.db, district, 366);
    await purge(test.db, district);
    const { leftValues } = await previewUndo(test.db, { district, run });
    expect(leftValues.map(({ key, value, why }) => [key, value, why])).toEqual([
      [null, 'grade_level', 'purged'],
      [null, 'last_name', 'purged'],
    ]);
  });
});
