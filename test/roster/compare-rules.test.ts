import { describe, expect, it } from 'vitest';
import { ACCEPTABLE_CODES, isAcceptable } from '../../roster/accepted.js';
import type { AcceptableCode } from '../../roster/accepted.js';
import { causes } from '../../roster/causes.js';
import { explain } from '../../roster/findings.js';
import type { KnownRoster } from '../../roster/rules/known-roster.js';
import { known } from './known.js';
import { file, line, readOk, short, student } from './reading.js';

const findings = async (before: KnownRoster, ...lines: readonly string[]) =>
  (await readOk(file(...lines), { known: before })).result;

const klass = (id: string, students = 1) => ({ id, name: 'Science 7', students });
const school = (id: string, students = 1) => ({ id, name: 'Maple High', students });

describe('ids beside the last good file', () => {
  it('that have lost their zeros are errors, and count as unreadable', async () => {
    const before = known({ classes: [klass('007'), klass('0012'), klass('100')] });
    const result = await findings(
      before,
      line({ class_id: '7' }),
      student('al', { class_id: '7' }),
      student('bo', { class_id: '100' }),
      student('cy', { class_id: '55' }),
    );
    expect(short(result)).toEqual(['ID_ZEROS_LOST 2 class_id']);
    expect(result.findings[0]).toMatchObject({
      severity: 'error',
      value: '7 (007 in the last good file)',
      rows: 2,
      people: 2,
    });
    expect(result.rejectedLines).toEqual([2, 3]);
    expect(result.lostIds).toEqual([{ column: 'class_id', value: '7' }]);
  });

  it('are left alone where both were there, or the one with zeros still is', async () => {
    const both = known({ classes: [klass('7'), klass('007')] });
    expect((await findings(both, line({ class_id: '7' }))).findings).toEqual([]);
    const still = known({ classes: [klass('007')] });
    const result = await findings(
      still,
      line({ class_id: '7' }),
      student('al', { class_id: '007' }),
    );
    expect(result.findings).toEqual([]);
  });

  it('that look like damage are what they are, if they were so before', async () => {
    const before = known({ classes: [klass('1.2E+11'), klass('7.0'), klass('1-Feb')] });
    const result = await findings(
      before,
      line({ class_id: '1.2E+11' }),
      student('al', { class_id: '7.0' }),
      student('bo', { class_id: '1-Feb' }),
    );
    expect(result.findings).toEqual([]);
    expect(result.lostIds).toEqual([]);
  });
});

describe('sizes beside the last good file', () => {
  const many = (count: number, change = {}): string[] =>
    Array.from({ length: count }, (_, n) => student(`s${n}`, change));

  it('that shrank out of all proportion are warned of', async () => {
    const before = known({ schools: [school('0012', 100)], classes: [klass('007', 28)] });
    const result = await findings(before, ...many(5));
    expect(short(result)).toEqual(['SCHOOL_SIZE 2 school_id', 'CLASS_SIZE 2 class_id']);
    expect(result.findings[1]).toMatchObject({
      severity: 'warning',
      value: '007: 5 students, 28 in the last good file',
      rows: 5,
      people: 5,
    });
    expect(result.rejected).toBe(0);
  });

  it('that grew out of all proportion are warned of', async () => {
    const before = known({ classes: [klass('007', 10)] });
    expect(short(await findings(before, ...many(60)))).toEqual(['CLASS_SIZE 2 class_id']);
  });

  it.each([
    ['a small class may lose most of its students', 5, 1],
    ['a class may lose half of them', 28, 14],
    ['a class may double', 20, 39],
    ['a new class has no size before', 0, 30],
  ])('%s', async (_, before, now) => {
    const result = await findings(known({ classes: [klass('007', before)] }), ...many(now));
    expect(result.findings).toEqual([]);
  });

  it('count students on rejected rows, each once', async () => {
    const rows = many(20, { school_name: '' });
    const result = await findings(known({ classes: [klass('007', 20)] }), ...rows, ...rows);
    expect(new Set(result.findings.map(({ code }) => code))).toEqual(new Set(['VALUE_MISSING']));
  });
});

/** Twelve students with a name and a grade each; `with` says what the new file says of them. */
const NAMES = [
  'Ann',
  'Ben',
  'Cid',
  'Dora',
  'Eve',
  'Finn',
  'Gus',
  'Hal',
  'Ida',
  'Jon',
  'Kay',
  'Lea',
];
const LASTS = NAMES.map((name) => `${name}son`);
const GRADES = NAMES.map((_, n) => String(1 + (n % 4)));
const before = known({
  students: NAMES.map((firstName, n) => ({
    email: `s${n}@students.example`,
    firstName,
    lastName: LASTS[n]!,
    gradeLevel: GRADES[n]!,
  })),
});
const now = (change: {
  first?: readonly string[];
  last?: readonly string[];
  grade?: readonly string[];
}): string[] =>
  NAMES.map((_, n) =>
    student(`s${n}`, {
      student_first_name: (change.first ?? NAMES)[n]!,
      student_last_name: (change.last ?? LASTS)[n]!,
      student_grade_level: (change.grade ?? GRADES)[n]!,
    }),
  );
const shifted = (all: readonly string[]): string[] => [...all.slice(1), all[0]!];

describe('a column beside the last good file', () => {
  it.each([
    ['last', 'moved up a row', shifted(LASTS), 'student_last_name'],
    ['last', 'sorted alone', LASTS.toSorted().toReversed(), 'student_last_name'],
    ['first', 'moved up a row', shifted(NAMES), 'student_first_name'],
    ['grade', 'sorted alone', [...GRADES].sort(), 'student_grade_level'],
  ] as const)('of %s names or grades, %s, is told', async (which, _, values, column) => {
    const result = await findings(before, ...now({ [which]: values }));
    expect(short(result).map((one) => one.replace(/ \d+ /, ' '))).toEqual([
      `COLUMN_SHIFTED ${column}`,
    ]);
    expect(result.findings[0]).toMatchObject({ severity: 'warning' });
    expect(result.findings[0]!.rows).toBeGreaterThan(5);
  });

  it.each([
    ['nothing changed', {}],
    ['everybody is a grade up', { grade: GRADES.map((grade) => String(Number(grade) + 1)) }],
    ['all names are new', { first: NAMES.map((name) => `${name}x`) }],
    ['a few changed', { last: [...shifted(LASTS.slice(0, 4)), ...LASTS.slice(4)] }],
  ])('is left alone where %s', async (_, change) => {
    expect((await findings(before, ...now(change))).findings).toEqual([]);
  });

  it('is told where many students are new, who have the others’ names now', async () => {
    const fresh = ['Abe', 'Bea', 'Cal', 'Dov', 'Edd', 'Fay'];
    const rows = [...fresh, ...NAMES].map((first, n) => ({ first, last: `${first}son`, n }));
    const sorted = rows.map(({ last }) => last).sort();
    const lines = rows.map(({ first, n }) =>
      student(n < fresh.length ? first : `s${n - fresh.length}`, {
        student_first_name: first,
        student_last_name: sorted.at(-1 - n)!,
      }),
    );
    const result = await findings(before, ...lines);
    expect(short(result).filter((one) => one.startsWith('COLUMN'))).toEqual([
      expect.stringMatching(/^COLUMN_SHIFTED \d+ student_last_name$/),
    ]);
  });

  it('is the addresses, where everybody has the first and last name of another', async () => {
    const result = await findings(before, ...now({ first: shifted(NAMES), last: shifted(LASTS) }));
    expect(short(result)).toEqual(['COLUMN_SHIFTED 2 student_email']);
    expect(result.findings[0]).toMatchObject({ rows: 12, people: 12 });
  });

  it('that changed places with another is told once', async () => {
    const result = await findings(before, ...now({ first: LASTS, last: NAMES }));
    expect(short(result)).toEqual(['COLUMNS_SWAPPED 2 student_first_name']);
    expect(result.findings[0]).toMatchObject({
      severity: 'warning',
      rows: 12,
      people: 12,
      value: 'student_first_name, student_last_name',
    });
  });
});

describe('a name beside the last good file', () => {
  it('that is swapped in a teacher is told, too', async () => {
    const teacher = { email: 'grace.kim@district.example', firstName: 'Kim', lastName: 'Grace' };
    const result = await findings(known({ teachers: [teacher] }), line());
    expect(short(result)).toEqual(['NAMES_SWAPPED 2 teacher_first_name']);
  });

  it('that is swapped in a few people is told of each', async () => {
    const first = ['Annson', ...NAMES.slice(1)];
    const last = ['Ann', ...LASTS.slice(1)];
    const result = await findings(before, ...now({ first, last }));
    expect(short(result)).toEqual(['NAMES_SWAPPED 2 student_first_name']);
    expect(result.findings[0]).toMatchObject({ value: 'Annson / Ann', rows: 1 });
  });
});

describe('findings that are accepted for the district', () => {
  const accepted = async (
    accepts: readonly AcceptableCode[],
    before: KnownRoster,
    ...lines: readonly string[]
  ) => (await readOk(file(...lines), { known: before, accepts })).result;

  it('are notes, and reject no row; others stay what they are', async () => {
    const zeros = known({ classes: [klass('007'), klass('0012')] });
    const lines = [
      line({ class_id: '7' }),
      student('al', { class_id: '12' }),
      student('bo', { class_id: '12.0' }),
      student('cy', { class_id: '1.2E+11' }),
      student('di', { class_id: '2-Feb' }),
    ];
    const codes: AcceptableCode[] = ['ID_ZEROS_LOST', 'ID_DECIMAL'];
    const result = await accepted(codes, zeros, ...lines);
    expect(result.findings.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['ID_ZEROS_LOST', 'note', 2],
      ['ID_ZEROS_LOST', 'note', 3],
      ['ID_DECIMAL', 'note', 4],
      ['ID_EXCEL_NUMBER', 'error', 5],
      ['ID_EXCEL_DATE', 'error', 6],
    ]);
    expect(result.totals).toEqual({ errors: 2, warnings: 0, notes: 3 });
    expect([result.accepted, result.rejectedLines]).toEqual([3, [5, 6]]);
    expect(result.lostIds.map(({ value }) => value)).toEqual(['1.2E+11', '2-Feb']);
    const all = await accepted(ACCEPTABLE_CODES, zeros, ...lines);
    expect(all.totals).toEqual({ errors: 0, warnings: 0, notes: 5 });
    expect([all.accepted, all.lostIds]).toEqual([5, []]);
  });

  it('hide no other finding about the same id', async () => {
    const zeros = known({ classes: [klass('007')] });
    const lines = [line({ class_id: '7' }), student('al', { class_id: '7', class_name: 'Art' })];
    expect(short(await findings(zeros, ...lines))).toEqual(['ID_ZEROS_LOST 2 class_id']);
    expect(short(await accepted(['ID_ZEROS_LOST'], zeros, ...lines))).toEqual([
      'ID_ZEROS_LOST 2 class_id',
      'CLASS_CONFLICT 2 class_name',
    ]);
  });

  it('say so, one by one and together', async () => {
    const zeros = known({ classes: [klass('007'), klass('0012')] });
    const lines = [line({ class_id: '7' }), student('al', { class_id: '12' })];
    const result = await accepted(['ID_ZEROS_LOST'], zeros, ...lines);
    for (const { message, fix } of [...result.findings.map(explain), ...causes(result.findings)]) {
      expect(message).toMatch(/accepted, so \d rows? stay\.$/);
      expect(fix).toMatch(/^Nothing needs to be done/);
    }
    const moved = await accepted(['COLUMN_SHIFTED'], before, ...now({ last: shifted(LASTS) }));
    expect(moved.findings).toMatchObject([{ code: 'COLUMN_SHIFTED', severity: 'note' }]);
    expect(moved.findings.map((one) => explain(one).message)).toEqual([
      expect.stringMatching(/moved alone\. This is accepted\.$/),
    ]);
  });

  it('are those of rules that compare or guess, and no others', () => {
    expect(ACCEPTABLE_CODES).toEqual(
      expect.arrayContaining(['ID_ZEROS_LOST', 'VALUE_EXCEL_DAMAGE', 'COLUMNS_SWAPPED']),
    );
    for (const code of ['STUDENT_CONFLICT', 'EMAIL_MALFORMED', 'HEADER_ONLY', 'toString']) {
      expect(isAcceptable(code)).toBe(false);
    }
  });
});

it('what fails while the last file is read comes out as it is', async () => {
  const broken: KnownRoster = {
    ...known({}),
    students: () => {
      throw new Error('the store is away');
    },
  };
  await expect(findings(broken, line())).rejects.toThrow('the store is away');
});
