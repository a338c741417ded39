import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KnownRoster } from '../../roster/rules/known-roster.js';
import { knownRoster } from '../../store/known-roster.js';
import { makePlan } from '../../store/plan.js';
import {
  eachFinding,
  findingsPage,
  getCauses,
  getFindings,
  getRepairs,
  type FindingsPage,
} from '../../store/read/findings.js';
import { openRun, recordFetch, recordRead } from '../../store/runs.js';
import { stageRows } from './as-file.js';
import type { FindingInput, RunRef } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { active, newDistrict, night, plan, rejected, row, sha } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

let opened = 0;
async function newRun(): Promise<RunRef> {
  opened += 1;
  const occasion = `reports ${opened}`;
  const { run } = await openRun(test.db, { district, workflowId: 'w', occasion });
  await recordFetch(test.db, { district, run }, { sha256: sha(occasion), bytes: 7, modifiedAt: 0 });
  return { district, run };
}

const TOTALS = { errors: 1, warnings: 0, notes: 0 };
const error = (line: number, more: Partial<FindingInput> = {}): FindingInput => ({
  code: 'EMAIL_MALFORMED',
  severity: 'error',
  line,
  column: 'student_email',
  value: 'nobody',
  rows: 1,
  people: 1,
  ...more,
});
const keep = (ref: RunRef, findings: Iterable<FindingInput>): Promise<void> =>
  recordRead(test.db, ref, { rows: 9, accepted: 8, rejected: 1, findings, totals: TOTALS });

describe('what was found', () => {
  it('is kept whole, however much it is, and told a page at a time', async () => {
    const ref = await newRun();
    const many = Array.from({ length: 12_345 }, (_, n) => error(n + 2, { value: `\t\\x\n${n}` }));
    await keep(ref, many);
    let seen = 0;
    for await (const { line, value } of eachFinding(test.db, ref)) {
      expect(line).toBe(seen + 2);
      expect(value).toBe(`\t\\x\n${seen}`);
      seen += 1;
    }
    expect(seen).toBe(12_345);
  });

  it('holds thousands of lines of one finding', async () => {
    const ref = await newRun();
    const lines = Array.from({ length: 10_000 }, (_, n) => 2 * n + 2);
    const value = `1 (lines ${lines.join(', ')}), 2 (line 3)`;
    const found = error(2, {
      code: 'CLASS_TWO_SCHOOLS',
      value,
      lines,
      subject: '4A',
      rows: 10_001,
    });
    await keep(ref, [found]);
    expect(await getFindings(test.db, ref)).toEqual([expect.objectContaining({ value, lines })]);
  });

  it('is told in smaller pages where the findings are long', async () => {
    const ref = await newRun();
    const lines = Array.from({ length: 10_000 }, (_, n) => n + 1_000_000);
    const value = `1 (lines ${lines.join(', ')}), 2 (line 3)`;
    const long = Array.from({ length: 120 }, (_, n) =>
      error(n + 2, { value, lines, rows: 10_000 }),
    );
    await keep(ref, [...long, error(200)]);
    const told: (number | null)[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: FindingsPage = await findingsPage(test.db, ref, after);
      expect(JSON.stringify(page).length).toBeLessThan(10_000_000);
      told.push(...page.findings.map(({ line }) => line));
      after = page.next;
    }
    expect(told).toEqual([...long.map(({ line }) => line), 200]);
  });

  it('of one row has that row’s line, and the number that its sentence names', async () => {
    const ref = await newRun();
    const ragged = error(7, { code: 'FIELDS_TOO_FEW', column: null, count: 9 });
    await keep(ref, [error(5), ragged, error(0, { code: 'HEADER_ONLY', line: null })]);
    const [one, short, whole] = await getFindings(test.db, ref);
    expect(one).toMatchObject({ line: 5, lines: [5] });
    expect(one).not.toHaveProperty('count');
    expect(short).toMatchObject({ lines: [7], count: 9 });
    expect(whole).toMatchObject({ line: null, lines: [] });
  });

  it('is put together by cause once, with subjects, people and sentences', async () => {
    const ref = await newRun();
    const found = [
      error(2),
      error(3),
      error(9, { value: 'other' }),
      {
        code: 'CLASS_TWO_SCHOOLS',
        severity: 'error',
        line: 4,
        column: 'school_id',
        value: '1 (line 4), 2 (line 8)',
        subject: '4A',
        rows: 612,
        people: 200,
        lines: [4, 8],
      },
    ] as const satisfies FindingInput[];
    for (let twice = 0; twice < 2; twice += 1) await keep(ref, found);
    expect(await getCauses(test.db, ref)).toMatchObject([
      {
        code: 'CLASS_TWO_SCHOOLS',
        subject: '4A',
        people: 200,
        rows: 612,
        lines: [4, 8],
        message: 'Class 4A stands under different schools: 612 rows.',
      },
      { code: 'EMAIL_MALFORMED', subject: 'nobody', people: 2, rows: 2 },
      { code: 'EMAIL_MALFORMED', subject: 'other', people: 1, lines: [9] },
    ]);
    expect((await getFindings(test.db, ref))[3]).toMatchObject({ subject: '4A', people: 200 });
  });

  it('of runs before causes were kept is put together when it is asked for', async () => {
    const ref = await newRun();
    await keep(ref, [error(2)]);
    await test.db('rollcall.causes').delete();
    expect(await getCauses(test.db, ref)).toMatchObject([{ code: 'EMAIL_MALFORMED', rows: 1 }]);
  });
});

const all = async <T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
};

describe('what was put right', () => {
  it('is kept with the run, in place of an earlier attempt, and told by line', async () => {
    const ref = await newRun();
    const repairs = [
      { code: 'DELIMITER', line: 1, before: ';', after: ',', rows: 0 },
      {
        code: 'QUOTES_STRAIGHTENED',
        line: 3,
        column: 'student_last_name',
        before: 'O’B\0',
        after: "O'B",
        rows: 2,
        more: 4,
      },
    ] as const;
    const none = { rows: 1, accepted: 1, rejected: 0, findings: [], totals: TOTALS };
    for (let twice = 0; twice < 2; twice += 1) {
      await recordRead(test.db, ref, { ...none, repairs });
    }
    expect(await getRepairs(test.db, ref)).toEqual([repairs[0], { ...repairs[1], before: 'O’B␀' }]);
  });
});

describe('the known roster', () => {
  const known = async (): Promise<KnownRoster> => {
    const found = await knownRoster(test.db, district);
    if (!found) throw new Error('nothing is known');
    return found;
  };

  it('is null until a file was accepted', async () => {
    expect(await knownRoster(test.db, district)).toBeNull();
    await plan(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    expect(await knownRoster(test.db, district)).toBeNull();
  });

  it('is what stands in the roster, each once, with its sizes', async () => {
    await night(test.db, district, [
      row('A', 'tina', 'a1', 'ann'),
      row('A', 'tina', 'a1', 'bob'),
      row('A', 'theo', 'a2', 'ann'),
      row('B', 'theo', 'b1', 'cid'),
    ]);
    const roster = await known();
    expect(await all(roster.schools())).toEqual([
      { id: 'A', name: 'School A', students: 2 },
      { id: 'B', name: 'School B', students: 1 },
    ]);
    expect(await all(roster.classes())).toEqual([
      { id: 'a1', name: 'Class a1', students: 2 },
      { id: 'a2', name: 'Class a2', students: 1 },
      { id: 'b1', name: 'Class b1', students: 1 },
    ]);
    expect((await all(roster.teachers())).map(({ email }) => email)).toEqual([
      'theo@t.example',
      'tina@t.example',
    ]);
    expect(await all(roster.students())).toContainEqual({
      email: 'ann@s.example',
      firstName: 'Stu ann',
      lastName: 'Dent ann',
      gradeLevel: '5',
    });
  });

  it('leaves out what has become inactive', async () => {
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann'), row('B', 'theo', 'b1', 'bob')]);
    await night(test.db, district, [row('A', 'tina', 'a1', 'ann')]);
    const roster = await known();
    expect(await all(roster.schools())).toMatchObject([{ id: 'A', students: 1 }]);
    expect(await all(roster.students())).toMatchObject([{ email: 'ann@s.example' }]);
  });

  it('comes whole where it is larger than a page', async () => {
    const file = Array.from({ length: 10_001 }, (_, n) => row('A', 'tina', 'a1', `p${n}`));
    await night(test.db, district, file);
    const found = (await all((await known()).students())).map(({ email }) => email);
    expect(new Set(found).size).toBe(10_001);
  });
});

describe('rows with a spoilt id', () => {
  it('protect what the id may have meant, as if the cell were unreadable', async () => {
    const before = [
      row('A', 'tina', '0012', 'ann'),
      row('A', 'tina', '0012', 'bob'),
      row('A', 'theo', 'a2', 'cid'),
    ];
    await night(test.db, district, before);
    const ref = await newRun();
    const spoilt = ['ann', 'bob'].map((student) => rejected(row('A', 'tina', '12', student)));
    await stageRows(test.db, ref, [...spoilt, row('A', 'theo', 'a2', 'cid')], {
      lostIds: [{ column: 'class_id', value: '12' }],
    });
    const { changes } = await makePlan(test.db, ref);
    for (const totals of Object.values(changes)) {
      expect(totals).toEqual({ added: 0, changed: 0, reactivated: 0, deactivated: 0 });
    }
    expect((await active(test.db, district)).classes).toEqual(['0012', 'a2']);
  });
});

describe('a file that looks spoilt as a whole', () => {
  it.each([
    ['COLUMN_SHIFTED', 'column-shifted'],
    ['COLUMNS_SWAPPED', 'columns-swapped'],
  ])('is held for a person: %s', async (code, limit) => {
    const ref = await newRun();
    const shifted: FindingInput = {
      code,
      severity: 'warning',
      line: 2,
      column: 'student_last_name',
      value: null,
      rows: 2,
    };
    const rows = ['ann', 'bob', 'cid'].map((student) => row('A', 'tina', 'a1', student));
    await stageRows(test.db, ref, rows, { findings: [shifted] });
    expect((await makePlan(test.db, ref)).held).toEqual([
      { limit, school: null, value: 66.67, allowed: 0 },
    ]);
  });
});
