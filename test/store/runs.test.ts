import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setDistrict } from '../../store/config/districts.js';
import { claimMail, markSent } from '../../store/mails.js';
import { makePlan } from '../../store/plan.js';
import { closePlan } from '../../store/plan-state.js';
import { getFindings } from '../../store/read/findings.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun, listRuns } from '../../store/read/runs.js';
import { getSamples } from '../../store/read/samples.js';
import { rosterTotals } from '../../store/read/totals.js';
import {
  closeRun,
  lastFetch,
  openRun,
  recordFetch,
  recordRead,
  sameBytes,
  sightUpload,
} from '../../store/runs.js';
import { chooseSamples, cover } from '../../store/samples.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict, night, plan, row, sha, stage } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const open = (occasion: string, workflowId = 'w') =>
  openRun(test.db, { district, workflowId, occasion });

describe('openRun', () => {
  it('counts 1, 2, 3 … without a gap, also when twenty open at once', async () => {
    const occasions = Array.from({ length: 20 }, (_, index) => `at once ${index}`);
    const opened = await Promise.all(occasions.map((one) => open(one)));
    const numbers = opened.map((one) => one.run).sort((a, b) => a - b);
    expect(numbers).toEqual(occasions.map((_, index) => index + 1));
  });

  it('gives one occasion of one workflow one run, also when it is asked for at once', async () => {
    const both = await Promise.all([open('x'), open('x'), open('x')]);
    expect(new Set(both.map((one) => one.run))).toEqual(new Set([1]));
    expect((await open('x', 'another')).run).toBe(2);
    expect((await open('y')).run).toBe(3);
    await expect(
      openRun(test.db, { district: 'nowhere', workflowId: 'w', occasion: 'x' }),
    ).rejects.toMatchObject({ code: 'DISTRICT_UNKNOWN' });
  });

  it('calls runs first until something was applied, unless the kind is given', async () => {
    expect((await open('1')).kind).toBe('first');
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    expect((await open('2')).kind).toBe('nightly');
    const manual = await openRun(test.db, {
      district,
      workflowId: 'w',
      occasion: '3',
      kind: 'manual',
    });
    expect(manual.kind).toBe('manual');
  });
});

describe('closeRun', () => {
  it('ends a run once; the first outcome stands', async () => {
    const { run } = await open('x');
    const ref = { district, run };
    const closed = await closeRun(test.db, ref, { outcome: 'refused', problem: 'HEADER_ONLY' });
    expect(closed).toEqual({ run: 1, kind: 'first', outcome: 'refused', problem: 'HEADER_ONLY' });
    expect(await closeRun(test.db, ref, { outcome: 'failed', errorCode: 'X' })).toEqual(closed);
    const record = await getRun(test.db, district);
    expect(record).toMatchObject({
      outcome: 'refused',
      errorCode: null,
      file: null,
      changes: null,
    });
    expect(record.endedAt).toMatch(/Z$/);
    await expect(
      closeRun(test.db, { district, run: 9 }, { outcome: 'failed' }),
    ).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('leaves a held plan to be decided, and drops the plan of a run that failed', async () => {
    const held = await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    await closeRun(test.db, held, { outcome: 'held' });
    expect((await getPlan(test.db, district)).state).toBe('waiting');
    const failed = await plan(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    await closeRun(test.db, failed, { outcome: 'failed' });
    expect((await getPlan(test.db, district)).state).toBe('dropped');
  });
});

describe('a hold', () => {
  it('ends as rejected once support said no, and stays so', async () => {
    const held = await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    await closeRun(test.db, held, { outcome: 'held' });
    expect((await closeRun(test.db, held, { outcome: 'rejected' })).outcome).toBe('rejected');
    expect((await closeRun(test.db, held, { outcome: 'held' })).outcome).toBe('rejected');
    expect((await getRun(test.db, district)).outcome).toBe('rejected');
  });
});

describe('what is known of a file', () => {
  const fetched = { sha256: sha('one'), bytes: 12, modifiedAt: Date.UTC(2026, 10, 23, 8) };

  it('is the newest fetch, by default of all runs', async () => {
    expect(await lastFetch(test.db, district)).toBeNull();
    const { run } = await open('x');
    await recordFetch(test.db, { district, run }, fetched);
    await recordFetch(test.db, { district, run }, fetched);
    expect(await lastFetch(test.db, district)).toEqual({
      run,
      readRun: run,
      sha256: fetched.sha256,
      bytes: 12,
      modifiedAt: '2026-11-23T08:00:00.000Z',
    });
    expect(await lastFetch(test.db, district, run)).toBeNull();
  });

  it('cannot change under a plan', async () => {
    const made = await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    await expect(recordFetch(test.db, made, fetched)).rejects.toMatchObject({
      code: 'RUN_PLANNED',
    });
    const none = recordFetch(test.db, { district, run: 99 }, fetched);
    await expect(none).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('tells the same bytes by what became of them', async () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    const bytes = sha(JSON.stringify(file));
    const staged = await stage(test.db, district, file);
    const next = { district, run: (await open('next')).run };
    expect(await sameBytes(test.db, next, sha('others'))).toBeNull();
    expect(await sameBytes(test.db, staged, bytes)).toBeNull();
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'read', sameRun: staged.run });

    const held = await plan(test.db, district, file);
    const { workflowId } = await getRun(test.db, district, held.run);
    expect(await sameBytes(test.db, next, bytes)).toEqual({
      same: 'held',
      sameRun: held.run,
      holder: workflowId,
    });
    await closePlan(test.db, held, { state: 'expired', by: 'cli' });
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'read', sameRun: held.run });

    const applied = await night(test.db, district, file);
    expect(await sameBytes(test.db, next, bytes)).toEqual({
      same: 'accepted',
      sameRun: applied.run,
    });
  });

  it('is rejected as long as it would change the same, under the same settings', async () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    const bytes = sha(JSON.stringify(file));
    const no = await plan(test.db, district, file);
    await closePlan(test.db, no, { state: 'rejected', by: 'cli' });
    const next = { district, run: (await open('next')).run };
    const same = async () => (await sameBytes(test.db, next, bytes))?.same;
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'rejected', sameRun: no.run });

    const other = await plan(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    expect(await same()).toBe('read');
    await closePlan(test.db, other, { state: 'expired', by: 'cli' });
    expect(await same()).toBe('rejected');
    await setDistrict(test.db, district, { limits: { removalPercent: 50 } });
    expect(await same()).toBe('read');

    const again = await plan(test.db, district, file);
    await closePlan(test.db, again, { state: 'rejected', by: 'cli' });
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'rejected', sameRun: again.run });
    await night(test.db, district, [row('A', 'tina', 'a1', 'cid')]);
    expect(await same()).toBe('read');
  });

  it('is refused, and says why, until a setting of the district changes', async () => {
    const bytes = sha('junk');
    const junk = { district, run: (await open('junk')).run };
    await recordFetch(test.db, junk, { sha256: bytes, bytes: 4, modifiedAt: 0 });
    await recordRead(test.db, junk, {
      rows: 0,
      accepted: 0,
      rejected: 0,
      findings: [],
      totals: { errors: 1, warnings: 0, notes: 0 },
    });
    const next = { district, run: (await open('next')).run };
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'read', sameRun: junk.run });
    await closeRun(test.db, junk, { outcome: 'refused', problem: 'NOT_TEXT' });
    const refused = { same: 'refused', sameRun: junk.run, problem: 'NOT_TEXT' };
    expect(await sameBytes(test.db, next, bytes)).toEqual(refused);
    await setDistrict(test.db, district, { seats: 7 });
    expect(await sameBytes(test.db, next, bytes)).toEqual({ same: 'read', sameRun: junk.run });
  });

  describe('that was read with other names of its columns', () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    const bytes = sha(JSON.stringify(file));
    const same = async () => {
      const next = { district, run: (await open('next')).run };
      return (await sameBytes(test.db, next, bytes))?.same ?? null;
    };
    const columns = { Org: 'school_id' } as const;

    it('is not known, whatever became of it', async () => {
      await night(test.db, district, file);
      expect(await same()).toBe('accepted');
      await setDistrict(test.db, district, { columns });
      expect(await same()).toBeNull();
      await setDistrict(test.db, district, { columns: {} });
      expect(await same()).toBe('accepted');
      await setDistrict(test.db, district, { columns });

      const held = await plan(test.db, district, file, { columns });
      expect(await same()).toBe('held');
      await setDistrict(test.db, district, { columns: {} });
      // The roster stands as these bytes say now, but the plan of what they said before waits.
      expect(await same()).toBeNull();
      await closePlan(test.db, held, { state: 'rejected', by: 'cli' });
      expect(await same()).toBe('accepted');
    });

    it('takes the place of the plan that was made of it before', async () => {
      const before = await stage(test.db, district, file);
      const older = await plan(test.db, district, file);
      const newer = await plan(test.db, district, file, { columns });
      expect(newer.plan.supersedes).toMatchObject([{ run: older.run }]);
      expect(await makePlan(test.db, before)).toMatchObject({ superseded: true });
      expect(await makePlan(test.db, newer)).toMatchObject({ superseded: false });
    });

    it('is refused for good only in the way that it was refused', async () => {
      await setDistrict(test.db, district, { columns });
      const { run } = await open('junk');
      const junk = { district, run };
      await recordFetch(test.db, junk, { sha256: bytes, bytes: 4, modifiedAt: 0 });
      const totals = { errors: 1, warnings: 0, notes: 0 };
      const counts = { rows: 0, accepted: 0, rejected: 0 };
      await recordRead(test.db, junk, { ...counts, findings: [], totals, reading: { columns } });
      await closeRun(test.db, junk, { outcome: 'refused', problem: 'COLUMN_MISSING' });
      expect(await same()).toBe('refused');
      await setDistrict(test.db, district, { columns: { ...columns, Mail: 'student_email' } });
      expect(await same()).toBeNull();
    });
  });

  it('is read again if another file waits, so that this one takes its place', async () => {
    const file = [row('A', 'tina', 'a1', 'ann')];
    await night(test.db, district, file);
    const held = await plan(test.db, district, [row('A', 'tina', 'a1', 'bob')]);
    const next = { district, run: (await open('next')).run };
    expect(await sameBytes(test.db, next, sha(JSON.stringify(file)))).toBeNull();
    const back = await plan(test.db, district, file);
    expect(back.plan.supersedes).toMatchObject([{ run: held.run }]);
  });

  it('keeps the finding of a file that could not be used', async () => {
    const { run } = await open('x');
    const finding = {
      code: 'COLUMN_MISSING',
      severity: 'error',
      line: 1,
      column: 'class_id',
      value: null,
      rows: 0,
    } as const;
    const none = { rows: 0, accepted: 0, rejected: 0 };
    const totals = { errors: 1, warnings: 0, notes: 0 };
    for (let twice = 0; twice < 2; twice += 1) {
      await recordRead(test.db, { district, run }, { ...none, findings: [finding], totals });
    }
    expect(await getFindings(test.db, { district, run })).toEqual([
      { ...finding, subject: null, people: null, lines: [finding.line] },
    ]);
    expect((await listRuns(test.db, district))[0]).toMatchObject({ findings: totals });
  });

  it('keeps more findings than fit one statement, in their order', async () => {
    const { run } = await open('x');
    const findings = Array.from({ length: 12_345 }, (_, index) => ({
      code: 'VALUE_MISSING',
      severity: 'error' as const,
      line: index + 2,
      column: 'class_id',
      value: null,
      rows: 1,
    }));
    const totals = { errors: findings.length, warnings: 0, notes: 0 };
    await recordRead(
      test.db,
      { district, run },
      { rows: 0, accepted: 0, rejected: 0, findings, totals },
    );
    const lines = (await getFindings(test.db, { district, run })).map((one) => one.line);
    expect(lines).toEqual(findings.map((one) => one.line));
  });
});

describe('sightUpload', () => {
  it('counts from the first look at this size and time', async () => {
    const look = (size: number, modifiedAt: number, now: number) =>
      sightUpload(test.db, district, { size, modifiedAt, now });
    expect(await look(10, 1_000, 5_000)).toEqual({ stillSince: 5_000 });
    expect(await look(10, 1_000, 9_000)).toEqual({ stillSince: 5_000 });
    expect(await look(11, 1_000, 12_000)).toEqual({ stillSince: 12_000 });
    expect(await look(11, 2_000, 15_000)).toEqual({ stillSince: 15_000 });
    expect(await look(11, 2_000, 99_000)).toEqual({ stillSince: 15_000 });
  });
});

describe('mails', () => {
  it('are sent once a key; until that is known, the same Message-ID is handed out', async () => {
    const mail = { district, key: 'invitation', template: 'invitation' };
    const both = await Promise.all([claimMail(test.db, mail), claimMail(test.db, mail)]);
    expect(both[0]).toEqual({ state: 'send', messageId: expect.stringMatching(/^<.+@.+>$/) });
    expect(both[1]).toEqual(both[0]);
    await markSent(test.db, mail);
    expect(await claimMail(test.db, mail)).toEqual({ ...both[0], state: 'sent' });
    const other = await claimMail(test.db, { ...mail, key: 'live' });
    expect(other.state).toBe('send');
    expect(other.messageId).not.toBe(both[0].messageId);
    const elsewhere = await newDistrict(test.db);
    expect((await claimMail(test.db, { ...mail, district: elsewhere.id })).state).toBe('send');
  });
});

describe('the sample logins', () => {
  it('cover schools and stages of school, and stand once chosen', async () => {
    const grades = ['3', '4', '7', '11'] as const;
    const file = ['A', 'B', 'C'].flatMap((school) =>
      grades.map((studentGradeLevel, index) =>
        row(school, `t${school}`, `${school}1`, `${school.toLowerCase()}${index}`, {
          studentGradeLevel,
        }),
      ),
    );
    const { run } = await night(test.db, district, file);
    expect(await getSamples(test.db, district)).toEqual({ run: null, students: [], teachers: [] });
    const chosen = { students: 6, teachers: 3 };
    expect(await chooseSamples(test.db, { district, run })).toEqual(chosen);
    const samples = await getSamples(test.db, district);
    expect(new Set(samples.students.map((one) => one.school)).size).toBe(3);
    expect(samples.students.filter((one) => ['3', '4'].includes(one.gradeLevel))).toHaveLength(2);
    expect(new Set(samples.students.map((one) => one.gradeLevel))).toEqual(
      new Set(['3', '7', '11']),
    );
    expect(samples.teachers.map((one) => one.school)).toEqual(['School A', 'School B', 'School C']);
    expect(await chooseSamples(test.db, { district, run })).toEqual(chosen);
    expect(await getSamples(test.db, district)).toEqual(samples);

    await night(
      test.db,
      district,
      file.filter((one) => one.studentEmail !== 'a0@s.example'),
    );
    const left = await getSamples(test.db, district);
    expect(left.students).toHaveLength(5);
  });

  it('are chosen alike from the same candidates, in any number', () => {
    const candidates = [
      { key: '1', school: 'A', band: 'high' },
      { key: '2', school: 'A', band: 'middle' },
      { key: '3', school: 'B', band: 'high' },
      { key: '4', school: 'B', band: 'elementary' },
    ];
    expect(cover(candidates, 2).map((one) => one.key)).toEqual(['1', '4']);
    expect(cover(candidates, 9)).toHaveLength(4);
    expect(cover([], 6)).toEqual([]);
  });
});

describe('rosterTotals', () => {
  it('counts what is active', async () => {
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann'), row('A', 'tina', 'a2', 'bob')]);
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    expect(await rosterTotals(test.db, district)).toEqual({
      schools: 1,
      teachers: 1,
      classes: 1,
      classTeachers: 1,
      students: 1,
      enrollments: 1,
    });
  });
});
