/** The single changes of a plan, as a person reads them and as a file, on nights of the store. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import type { KeptLine, PlanLine, PlanRecord } from '../../store/types.js';
import { stageRoster } from '../../store/staging.js';
import { makePlan } from '../../store/plan.js';
import { outcomeOf } from '../store/as-file.js';
import { fetched, night, plan, rejected, row } from '../store/support.js';
import { newDistrict, place, standAsStack, type Place } from './place.js';
import { mainIn, type Cli } from './run-cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-plan-lines-'));
let at: Place;
let cli: Cli;
let id = '';
let districts = 0;
beforeAll(async () => {
  at = await place();
  cli = mainIn(folder, await standAsStack(folder, at));
});
afterAll(async () => {
  await at?.close();
  rmSync(folder, { recursive: true });
});

const pupils = (school: string, klass: string, from: number, to: number): RosterRow[] =>
  Array.from({ length: to - from }, (_, n) => row(school, `t${klass}`, klass, `p${from + n}`));
const MONDAY = [...pupils('A', 'a1', 0, 20), ...pupils('B', 'b1', 20, 40)];
/** A class with another id, one with another address, one with another grade, one gone, one new. */
const TUESDAY: readonly RosterRow[] = MONDAY.filter(
  ({ studentEmail }) => studentEmail !== 'p39@s.example',
)
  .map((one) => (one.classId === 'a1' ? { ...one, classId: 'a1-2026' } : one))
  .map((one) =>
    one.studentEmail === 'p0@s.example' ? { ...one, studentEmail: 'new0@s.example' } : one,
  )
  .map((one) =>
    one.studentEmail === 'p1@s.example' ? { ...one, studentGradeLevel: '6' as const } : one,
  )
  .concat({ ...row('B', 'tb1', 'b1', 'zoe'), studentFirstName: '=HYPERLINK("x")' });

beforeEach(async () => {
  id = `lines-${(districts += 1)}`;
  await at.rollcall.addDistrict({ ...newDistrict(id), seats: 45, isolateSchools: false });
  await night(at.database.db, id, MONDAY);
});
const tuesday = () => plan(at.database.db, id, TUESDAY);
const shown = async (...words: string[]) => (await cli('plan', id, ...words)).stdout;

describe('plan', () => {
  it('shows what changes by school and kind: old and new values, and the line of the file', async () => {
    await tuesday();
    const text = await shown();
    expect(text).toContain(
      [
        'Single changes',
        '',
        '  School A School A',
        '   classes',
        '    changed      a1-2026  id a1 → a1-2026  line 2',
        '   students',
        '    changed      new0@s.example  email p0@s.example → new0@s.example  line 2',
        '    changed      p1@s.example  grade 5 → 6  line 3',
        '',
        '  School B School B',
        '   students',
        '    deactivated  p39@s.example  Stu p39 Dent p39, grade 5',
        '    added        zoe@s.example  =HYPERLINK("x") Dent zoe, grade 5  line 41',
        '   enrollments',
        '    deactivated  b1  p39@s.example',
        '    added        b1  zoe@s.example',
        '',
      ].join('\n'),
    );
    expect(text).toContain('seats       40 → 40 of 45, 5 left');
    expect(text).not.toContain('… and');
  });

  it('shows the first of each kind, and says how many there are and how to see them', async () => {
    await plan(at.database.db, id, [...MONDAY, ...pupils('C', 'c1', 50, 65)]);
    const text = await shown();
    expect(text.match(/added {8}p\d+@/g)).toHaveLength(10);
    expect(text).toContain(`… and 5 more (15 added in all): npx rollcall plan ${id} 2 --all`);
    expect(text).toContain('--school ID and --changes KIND choose, --csv FILE writes them all');
    const all = await shown('--all');
    expect(all.match(/added {8}p\d+@/g)).toHaveLength(15);
    expect(all.match(/added {8}c1 {2}p\d+@/g)).toHaveLength(15);
    expect(all).not.toContain('… and');
  });

  it('shows only the kinds and schools that are asked for', async () => {
    await tuesday();
    const students = await shown('--changes', 'students', '--school', 'B');
    expect(students).toContain('p39@s.example  Stu p39 Dent p39');
    expect(students).not.toMatch(/new0@|^ {3}enrollments|a1-2026/m);
    const pairs = await shown('--changes', 'class-teachers', '--changes', 'enrollments', '--all');
    expect(pairs).toContain('b1  zoe@s.example');
    expect(pairs).not.toMatch(/^ {3}students/m);
    const wrong = await cli('plan', id, '--changes', 'pupils');
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/give one of schools, /),
    ]);
    const unknown = await cli('plan', id, '--school', 'b');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/nothing in a school "b"\. Did you mean B\?/),
    ]);
  });

  it('has lines in its JSON only where they are asked for, and its keys stay', async () => {
    await tuesday();
    const json = async (...words: string[]) =>
      (await cli('plan', id, '--json', ...words)).json() as PlanRecord & { lines?: PlanLine[] };
    const bare = await json();
    expect(bare).not.toHaveProperty('lines');
    expect(bare).toMatchObject({
      ...{ run: 2, state: 'waiting', seats: { licensed: 45, before: 40, after: 40 } },
      changes: { students: { added: 1, changed: 2, reactivated: 0, deactivated: 1 } },
      bySchool: [{ school: 'A' }, { school: 'B' }],
    });
    expect(await json('--school', 'A')).not.toHaveProperty('lines');
    const { lines, ...rest } = await json('--changes', 'students', '--school', 'A');
    expect(rest).toEqual(bare);
    expect(lines).toEqual([
      {
        ...{ kind: 'students', action: 'changed', key: 'new0@s.example', other: null, school: 'A' },
        old: {
          email: 'p0@s.example',
          first_name: 'Stu p0',
          last_name: 'Dent p0',
          grade_level: '5',
        },
        new: {
          email: 'new0@s.example',
          first_name: 'Stu p0',
          last_name: 'Dent p0',
          grade_level: '5',
        },
        line: 2,
      },
      expect.objectContaining({ key: 'p1@s.example', line: 3 }),
    ]);
    expect((await json('--all')).lines).toHaveLength(7);
  });

  it('writes all of them to a file, in which nothing runs as a formula', async () => {
    await tuesday();
    const { stderr, status } = await cli('plan', id, '--csv', 'changes.csv');
    expect(stderr).toBe(`7 changes written to ${path.join(folder, 'changes.csv')}\n`);
    expect(status).toBe(0);
    const text = readFileSync(path.join(folder, 'changes.csv'), 'utf8');
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatchObject({
      ...{
        school: 'A',
        kind: 'classes',
        change: 'changed',
        'email or id': 'a1-2026',
        before: 'a1',
      },
      ...{ line: '2', 'old name': 'Class a1', 'new name': 'Class a1', 'new school_id': 'A' },
    });
    expect(rows.find(({ before }) => before === 'p0@s.example')).toMatchObject({
      ...{ 'email or id': 'new0@s.example', kind: 'students' },
    });
    expect(rows.at(-1)).toMatchObject({ kind: 'enrollments', person: 'zoe@s.example', line: '' });
    const one = await cli('plan', id, '--csv', 'one.csv', '--changes', 'classes');
    expect(one.stderr).toMatch(/^1 change written/);
  });

  it('lists who is absent and was kept, with the line and the finding because of which', async () => {
    const bad = rejected(MONDAY[5]!, 'studentGradeLevel');
    const lost = rejected(row('B', 'tb1', 'b1', 'x'), 'studentEmail');
    const file = [...MONDAY.slice(0, 5), ...MONDAY.slice(6, 38), bad, lost];
    const ref = await fetched(at.database.db, id, file);
    const finding = (code: string, line: number, column: string) =>
      ({ code, severity: 'error', line, column, value: null, rows: 1 }) as const;
    await stageRoster(at.database.db, ref, async (reject) => {
      await reject(bad.rejected, 39);
      await reject(lost.rejected, 40);
      const findings = [
        finding('EMAIL_MALFORMED', 39, 'teacher_email'),
        finding('VALUE_MISSING', 40, 'student_email'),
      ];
      return outcomeOf(file, { findings, totals: { errors: 2, warnings: 0, notes: 0 } });
    });
    await makePlan(at.database.db, ref);
    const text = await shown();
    expect(text).toMatch(
      /Absent, and kept: a row that could not be used is or may be about them\n {3}students\n/,
    );
    expect(text).toMatch(/ {4}p5@s\.example {2}Stu p5 Dent p5 {2}line 39 EMAIL_MALFORMED: /);
    expect(text).toMatch(
      / {4}p38@s\.example {2}Stu p38 Dent p38 {2}line 40 VALUE_MISSING: The student_email is empty/,
    );
    const json = (await cli('plan', id, '--json')).json() as { keptBecause: KeptLine[] };
    expect(json.keptBecause).toMatchObject([
      { kind: 'students', key: 'p38@s.example', line: 40, code: 'VALUE_MISSING' },
      { kind: 'students', key: 'p39@s.example', line: 40, code: 'VALUE_MISSING' },
      { kind: 'students', key: 'p5@s.example', name: 'Stu p5 Dent p5', line: 39 },
    ]);
  });

  it('of a first load shows a few of a few schools, and streams them all', async () => {
    id = `lines-${(districts += 1)}`;
    await at.rollcall.addDistrict({ ...newDistrict(id), seats: 9_000 });
    const many = ['A', 'B', 'C', 'D', 'E'].flatMap((school, n) =>
      pupils(school, `${school}1`, n * 400, (n + 1) * 400),
    );
    await plan(at.database.db, id, many);
    const text = await shown();
    expect(text.match(/^ {2}School /gm)).toHaveLength(3);
    expect(text).toMatch(/… and 397 more \(400 added in all\)/);
    expect(text).toContain('… and 2 more schools');
    const all = (await cli('plan', id, '--json', '--all')).json() as { lines: PlanLine[] };
    expect(all.lines).toHaveLength(5 + 5 + 5 + 5 + 2_000 + 2_000);
    expect(all.lines.map(({ school }) => school)).toEqual(
      all.lines.map(({ school }) => school).toSorted((a, b) => (a! < b! ? -1 : a === b ? 0 : 1)),
    );
  });
});
