/** Support says who is who, and the next plan of the same bytes goes by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterRow } from '../../roster/columns.js';
import { applyPlan } from '../../store/apply.js';
import { answerLink, type LinkAnswer } from '../../store/config/answers.js';
import { closePlan } from '../../store/plan-state.js';
import { makePlan } from '../../store/plan.js';
import { getPlan } from '../../store/read/plan.js';
import { getQuestions } from '../../store/read/plan-questions.js';
import { getWhy } from '../../store/read/why.js';
import { closeRun, sameBytes } from '../../store/runs.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import {
  active,
  fetched,
  newDistrict,
  night,
  plan,
  rejected,
  row,
  sha,
  stage,
  undo,
  views,
  type FileRow,
  type Planning,
} from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const student = (email: string, of: RosterRow): RosterRow => ({
  ...of,
  studentEmail: `${email}@s.example`,
});
const MONDAY = ['ann', 'bob', 'cid', 'dee', 'eli'].flatMap((who) => [
  row('A', 'tina', 'a1', who),
  row('A', 'theo', 'a2', who),
]);
const without = (who: string): RosterRow[] =>
  MONDAY.filter((one) => one.studentEmail !== `${who}@s.example`);
const ANN = MONDAY[0]!;
/** Two of Ann's name, each in all of her classes. */
const TWINS = [
  ...without('ann'),
  ...['one', 'two'].flatMap((who) => MONDAY.slice(0, 2).map((of) => student(who, of))),
];
const at = (who: string): string => `${who}@s.example`;

beforeEach(async () => {
  district = (await newDistrict(test.db, { isolateSchools: false })).id;
  await night(test.db, district, MONDAY);
});

const say = (old: string, other: string, same = true, more: Partial<LinkAnswer> = {}) =>
  answerLink(test.db, district, { old, new: other, same, by: 'support-7', ...more });
const idOf = async (email: string): Promise<unknown> =>
  (await views(test.db, district)).students.find((one) => one['email'] === email)?.['id'];
const limits = ({ held }: Pick<Planning['plan'], 'held'>): string[] =>
  held.map(({ limit, value }) => `${limit} ${value}`);
/** Why it is refused; never with a key in it. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error: { code?: string; message?: string } = await work.then(
    () => ({}),
    (failed: unknown) => failed as never,
  );
  expect(error.message ?? '').not.toMatch(/example|@|a1|a2/);
  return `${error.code}: ${error.message}`;
}
const STUDENTS = { added: 0, changed: 0, reactivated: 0, deactivated: 0 };

describe('two who could be the one who goes', () => {
  let made: Planning;
  beforeEach(async () => {
    made = await plan(test.db, district, TWINS);
  });

  it('are shown with what speaks for each', async () => {
    expect(limits(made.plan)).toContain('students-unclear 2');
    const { asked, total, answered } = await getQuestions(test.db, made);
    expect({ total, answered }).toEqual({ total: 2, answered: [] });
    expect(asked).toMatchObject(
      ['one', 'two'].map((who, n) => ({
        about: 'unclear',
        kind: 'students',
        old: { key: at('ann'), values: { last_name: ANN.studentLastName, grade_level: '5' } },
        new: { key: at(who), school: 'A', line: 10 + 2 * n },
        common: { sameName: true, gradeFits: true, shared: 2, ofOld: 2 },
        answer: null,
      })),
    );
  });

  it('are told apart by one answer: one is the same, and keeps the id; the other is new', async () => {
    const ann = await idOf(at('ann'));
    expect(await say(' Ann@S.example ', at('two'))).toEqual({
      ...{ kind: 'students', old: at('ann'), new: at('two'), same: true, run: made.run },
      ...{ waits: true, open: 0, changed: true },
    });
    expect((await getPlan(test.db, district)).answersSince).toBe(1);

    const next = await plan(test.db, district, TWINS);
    expect(next.plan.supersedes).toMatchObject([{ run: made.run }]);
    expect(next.plan.planHash).not.toBe(made.plan.planHash);
    expect(limits(next.plan)).not.toContainEqual(expect.stringContaining('unclear'));
    expect(next.plan.changes.students).toEqual({ ...STUDENTS, added: 1, changed: 1 });
    const { planHash } = next.plan;
    await applyPlan(test.db, next, { planHash, by: 'test' });
    expect(await idOf(at('two'))).toBe(ann);
    expect(await idOf(at('ann'))).toBeUndefined();
    expect(await getQuestions(test.db, next)).toMatchObject({
      asked: [],
      answered: [{ old: at('ann'), new: at('two'), answer: { same: true, by: 'support-7' } }],
    });
    const [why] = await getWhy(test.db, district, at('two'));
    expect(why?.story.at(-1)).toMatchObject({ run: next.run, saidBy: 'support-7' });
  });

  it('leave the other one as the only candidate, once one of them is different', async () => {
    const ann = await idOf(at('ann'));
    expect(await say(at('ann'), at('one'), false)).toMatchObject({ open: 1 });
    const next = await plan(test.db, district, TWINS);
    expect(next.plan.changes.students).toEqual({ ...STUDENTS, added: 1, changed: 1 });
    await applyPlan(test.db, next, { planHash: next.plan.planHash, by: 'test' });
    expect(await idOf(at('two'))).toBe(ann);
    const [why] = await getWhy(test.db, district, at('one'));
    expect(why?.answers).toMatchObject([{ same: false, other: at('two'), by: 'support-7' }]);
  });

  it('are two others if both are different: one goes, two come, and nobody is asked', async () => {
    await say(at('ann'), at('one'), false);
    await say(at('ann'), at('two'), false);
    const next = await plan(test.db, district, TWINS);
    expect(limits(next.plan)).not.toContainEqual(expect.stringContaining('unclear'));
    expect(next.plan.changes.students).toEqual({ ...STUDENTS, added: 2, deactivated: 1 });
  });

  it('cannot be approved by the old hash any more; its rows give the new plan', async () => {
    await say(at('ann'), at('two'));
    const old = { planHash: made.plan.planHash, by: 'cli' };
    expect(await applyPlan(test.db, made, old)).toEqual({ outcome: 'stale' });
    expect((await active(test.db, district)).students).toHaveLength(5);
    const again = await makePlan(test.db, made);
    expect(again.planHash).not.toBe(made.plan.planHash);
    expect(again.changes.students).toEqual({ ...STUDENTS, added: 1, changed: 1 });
    expect(await refusal(applyPlan(test.db, made, old))).toMatch(/^PLAN_OTHER/);
    const now = { planHash: again.planHash, by: 'cli' };
    expect(await applyPlan(test.db, made, now)).toMatchObject({ outcome: 'applied' });
  });

  it('make other bytes of the same ones, as long as the plan does not know the answer', async () => {
    const bytes = sha(JSON.stringify(TWINS));
    const ref = await fetched(test.db, district, TWINS);
    expect(await sameBytes(test.db, ref, bytes)).toMatchObject({ same: 'held' });
    await say(at('ann'), at('two'));
    expect(await sameBytes(test.db, ref, bytes)).toMatchObject({ same: 'read' });
    await makePlan(test.db, made);
    expect(await sameBytes(test.db, ref, bytes)).toMatchObject({ same: 'held' });
  });

  it('are looked at again also where their plan was rejected', async () => {
    await closePlan(test.db, made, { state: 'rejected', by: 'cli' });
    await closeRun(test.db, made, { outcome: 'rejected' });
    const bytes = sha(JSON.stringify(TWINS));
    const ref = await fetched(test.db, district, TWINS);
    expect(await sameBytes(test.db, ref, bytes)).toMatchObject({ same: 'rejected' });
    expect(await say(at('ann'), at('two'))).toMatchObject({ waits: false, changed: true });
    expect(await sameBytes(test.db, ref, bytes)).toMatchObject({ same: 'read' });
  });

  it('keep the last answer about a pair, and the same one twice changes nothing', async () => {
    await say(at('ann'), at('one'), false);
    expect(await say(at('ann'), at('one'), false)).toMatchObject({ changed: false, waits: true });
    await say(at('ann'), at('one'), true);
    const next = await plan(test.db, district, TWINS);
    const { answered } = await getQuestions(test.db, next);
    expect(answered).toMatchObject([{ new: at('one'), answer: { same: true } }]);
    expect(await say(at('ann'), at('one'), true)).toMatchObject({ changed: false, waits: false });
    // Taken back, after the plan took them for the same.
    await say(at('ann'), at('one'), false);
    const last = await makePlan(test.db, next);
    expect(last.changes.students).toEqual({ ...STUDENTS, added: 1, changed: 1 });
  });

  it('get no second answer that contradicts the first', async () => {
    await say(at('ann'), at('one'));
    expect(await refusal(say(at('ann'), at('two')))).toMatch(/^ALREADY_ANSWERED/);
    const next = await plan(test.db, district, TWINS);
    expect(await refusal(say(at('ann'), at('two')))).toMatch(/^ALREADY_ANOTHER/);
    await say(at('ann'), at('one'), false);
    await say(at('ann'), at('two'));
    const again = await makePlan(test.db, next);
    expect(again.changes.students).toEqual({ ...STUDENTS, added: 1, changed: 1 });
  });

  it('can be undone as any other change of an address', async () => {
    const ann = await idOf(at('ann'));
    await say(at('ann'), at('two'));
    const { run } = await night(test.db, district, TWINS);
    expect(await idOf(at('two'))).toBe(ann);
    await undo(test.db, district, run);
    expect(await idOf(at('ann'))).toBe(ann);
    expect((await active(test.db, district)).students).toEqual(['ann', 'bob', 'cid', 'dee', 'eli']);
  });

  it('are told apart for what a part of the plan left out, too', async () => {
    const B = ['fay', 'gil'].map((who) => row('B', 'uma', 'b1', who));
    const whole = await plan(test.db, district, [...TWINS, ...B]);
    const scope = { withoutSchools: ['A'] };
    const part = await makePlan(test.db, whole, { scope, of: whole.plan.planHash });
    const applied = await applyPlan(test.db, whole, { planHash: part.planHash, by: 'cli' });
    const rest = { district, run: (applied as { rest: number }).rest };
    expect(limits(await makePlan(test.db, rest))).toContain('students-unclear 2');
    const ann = await idOf(at('ann'));
    expect(await say(at('ann'), at('two'))).toMatchObject({ run: rest.run, waits: true });
    const { planHash } = await makePlan(test.db, rest);
    await applyPlan(test.db, rest, { planHash, by: 'cli' });
    expect(await idOf(at('two'))).toBe(ann);
  });
});

describe('an answer that nobody asked for', () => {
  it('makes two names one, where a person knows better', async () => {
    const ann = await idOf(at('ann'));
    const married = without('ann').concat(
      row('A', 'tina', 'a1', 'zoe'),
      row('A', 'theo', 'a2', 'zoe'),
    );
    const first = await plan(test.db, district, married);
    expect(first.plan.changes.students).toEqual({ ...STUDENTS, added: 1, deactivated: 1 });
    await say(at('ann'), at('zoe'));
    await night(test.db, district, married);
    expect(await idOf(at('zoe'))).toBe(ann);
  });

  it('parts two whom the plan took for one', async () => {
    const moved = MONDAY.map((one) => (one.studentEmail === at('ann') ? student('lee', one) : one));
    const taken = await plan(test.db, district, moved);
    expect(taken.plan.changes.students).toEqual({ ...STUDENTS, changed: 1 });
    expect(await say(at('ann'), at('lee'))).toMatchObject({ changed: false });
    await say(at('ann'), at('lee'), false);
    expect((await makePlan(test.db, taken)).changes.students).toEqual({
      ...{ ...STUDENTS, added: 1, deactivated: 1 },
    });
  });

  it('counts for teachers, classes and schools', async () => {
    const file = (to: (one: RosterRow) => Partial<RosterRow>): FileRow[] =>
      MONDAY.map((one) => ({ ...one, ...to(one) }));
    const ids = async () => {
      const { teachers, classes, schools } = await views(test.db, district);
      return [teachers, classes, schools].map((all) => all.map((one) => one['id']));
    };
    const before = await ids();
    const other = file((one) => ({
      ...{ schoolId: 'Z', schoolName: 'Another', classId: `z${one.classId}`, className: 'Else' },
      ...(one.teacherEmail === 'tina@t.example' && {
        ...{ teacherEmail: 'val@t.example', teacherFirstName: 'Val', teacherLastName: 'Vex' },
      }),
    }));
    await plan(test.db, district, other);
    await say('A', 'Z');
    await say('a1', 'za1');
    await say('a2', 'za2', true, { kind: 'classes' });
    expect(await say('tina@t.example', 'VAL@t.example')).toMatchObject({ kind: 'teachers' });
    const { plan: made } = await night(test.db, district, other);
    expect(made.changes).toMatchObject({
      ...{ schools: { changed: 1, added: 0 }, classes: { changed: 2, added: 0 } },
      ...{ teachers: { changed: 1, added: 0, deactivated: 0 }, students: STUDENTS },
    });
    const sets = (all: unknown[][]) => all.map((one) => new Set(one));
    expect(sets(await ids())).toEqual(sets(before));
    expect((await active(test.db, district)).enrollments).toHaveLength(10);
  });

  it('leaves whom a rejected row speaks of as they are, whatever was answered', async () => {
    const zoe = [row('A', 'tina', 'a1', 'zoe'), row('A', 'theo', 'a2', 'zoe')];
    await plan(test.db, district, [...without('ann'), ...zoe]);
    await say(at('ann'), at('zoe'));
    const bad = [...without('ann'), ...zoe, rejected(ANN, 'studentGradeLevel')];
    const made = await plan(test.db, district, bad);
    expect(made.plan.changes.students).toEqual({ ...STUDENTS, added: 1 });
    expect(await refusal(say(at('ann'), at('zoe'), false))).toBe('undefined: undefined');
    expect(await refusal(say(at('ann'), at('zoe')))).toMatch(/^OLD_PROTECTED: .*row of run 3/);
  });
});

describe('nonsense', () => {
  it.each([
    ['is not in the roster', 'nobody@s.example', 'one@s.example', 'NOT_IN_ROSTER'],
    ['is a class that is not in the roster', 'c77', 'c78', 'NOT_IN_ROSTER'],
    ['is in the file, as the new one is', 'bob@s.example', 'one@s.example', 'BOTH_IN_FILE'],
    ['is in the file, as the other is', 'bob@s.example', 'cid@s.example', 'BOTH_IN_FILE'],
    ['goes, and the other stays', 'ann@s.example', 'bob@s.example', 'ALREADY_KNOWN'],
    ['goes, and nobody comes as the other', 'ann@s.example', 'six@s.example', 'NOT_IN_FILE'],
    ['is a student, and the other a teacher', 'ann@s.example', 'val@t.example', 'KINDS_DIFFER'],
    ['is the new one', 'one@s.example', 'ann@s.example', 'WRONG_WAY_ROUND'],
    ['is the same key', 'ann@s.example', 'ANN@s.example', 'SAME_KEY'],
  ])('is refused: the old one %s', async (_, old, other, code) => {
    await plan(test.db, district, [...TWINS, row('A', 'val', 'a1', 'bob')]);
    expect(await refusal(say(old, other))).toMatch(new RegExp(`^${code}: `));
    expect((await getPlan(test.db, district)).answersSince).toBe(0);
  });

  it('is refused: the plan takes the old one, or the new one, for another', async () => {
    const moved = MONDAY.map((one) => (one.studentEmail === at('ann') ? student('lee', one) : one));
    const file = moved.filter((one) => one.studentEmail !== at('bob'));
    await plan(test.db, district, [...file, row('A', 'tina', 'a1', 'zoe')]);
    expect(await refusal(say(at('ann'), at('zoe')))).toMatch(/^ALREADY_ANOTHER: .*student OLD/);
    expect(await refusal(say(at('bob'), at('lee')))).toMatch(/^ALREADY_ANOTHER: .*NEW/);
  });

  it('is refused: a chain, and an answer about what nobody takes for one', async () => {
    await plan(test.db, district, [...TWINS, row('A', 'tina', 'a1', 'zoe')]);
    expect(await refusal(say(at('ann'), at('zoe'), false))).toMatch(/^NOT_ASKED/);
    await say(at('ann'), at('zoe'));
    expect(await refusal(say(at('zoe'), at('two')))).toMatch(/^CHAIN/);
  });

  it('is refused once the file is loaded', async () => {
    await night(test.db, district, TWINS);
    expect(await refusal(say(at('ann'), at('one')))).toMatch(/^NOTHING_ASKED: .*run 2 is applied/);
  });

  it('is refused where two kinds would fit, until one is named', async () => {
    const both = MONDAY.map((one) => ({
      ...one,
      teacherEmail: one.teacherEmail.replace('t.', 's.'),
    }));
    await night(
      test.db,
      district,
      [...both, row('A', 'x', 'a1', 'x')].map((one) => ({
        ...one,
        teacherEmail: one.teacherEmail.replace('x@t.', 'x@s.'),
      })),
    );
    const next = [...both, row('A', 'y', 'a1', 'y')].map((one) => ({
      ...one,
      teacherEmail: one.teacherEmail.replace('y@t.', 'y@s.'),
    }));
    await plan(test.db, district, next);
    expect(await refusal(say(at('x'), at('y')))).toMatch(
      /^KIND_UNCLEAR: .*student.*teacher.*--kind/,
    );
    expect(await say(at('x'), at('y'), true, { kind: 'teachers' })).toMatchObject({
      ...{ kind: 'teachers', changed: true },
    });
  });
});

it('an answer that this file has no use for changes nothing of its plan', async () => {
  await plan(test.db, district, TWINS);
  await say(at('ann'), at('two'));
  const ref = await stage(test.db, district, [...MONDAY, row('A', 'tina', 'a1', 'two')]);
  const made = await makePlan(test.db, ref);
  expect(made.changes.students).toEqual({ ...STUDENTS, added: 1 });
});
