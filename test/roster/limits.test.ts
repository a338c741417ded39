import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, enoughBefore, judge, readLimits } from '../../roster/limits.js';
import { LIMIT_NAMES, LIMITS } from '../../roster/limits/catalogue.js';
import { shownLimits, unusualLimits, whyNoLimit } from '../../roster/limits/settings.js';
import {
  COUNTED,
  type Counted,
  type HeldLimit,
  type KindFacts,
  type PlaceFacts,
  type PlanFacts,
} from '../../roster/plan-types.js';

const STILL: KindFacts = {
  before: 0,
  removed: 0,
  added: 0,
  removedEarlier: 0,
  addedEarlier: 0,
  newIds: 0,
  newNames: 0,
};
type Kinds = Partial<Record<Counted, Partial<KindFacts>>>;
const place = (school: string | null, kinds: Kinds): PlaceFacts => ({
  school,
  kinds: {
    students: { ...STILL, ...kinds.students },
    classes: { ...STILL, ...kinds.classes },
    teachers: { ...STILL, ...kinds.teachers },
  },
});
interface Less extends Partial<Omit<PlanFacts, 'district' | 'schools'>> {
  readonly schools?: Readonly<Record<string, Kinds>>;
}
const facts = (district: Kinds, { schools = {}, ...more }: Less = {}): PlanFacts => ({
  first: false,
  rows: { now: 1000, inside: 1000, rejected: 0, last: 1000 },
  seats: { licensed: 10_000_000, before: 0, after: 0 },
  district: place(null, district),
  schools: Object.entries(schools).map(([school, kinds]) => place(school, kinds)),
  ...more,
});
const students = (before: number, removed: number, more: Partial<KindFacts> = {}): Kinds => ({
  students: { before, removed, ...more },
});
const names = (held: readonly HeldLimit[]): string[] =>
  held.map(({ limit, school, kind }) => [limit, kind, school].filter(Boolean).join(' '));

describe('removals', () => {
  it.each([
    [1000, 100, 10],
    [30, 3, 10],
    [7, 0, 10],
    [0, 0, 0],
    [3, 3, 100],
    // The floor: one or two leavers are no broken export.
    [9, 2, 10],
    [5, 2, 0],
  ])('of %i students lets %i go at %i%%', (before, gone, most) => {
    const limits = readLimits({ 'students-removed': `${most}%` });
    expect(judge(facts(students(before, gone)), limits)).toEqual([]);
  });

  it.each([
    [1000, 101, 10, 10.1],
    [3_000_000, 300_001, 10, 10.01],
    [9, 3, 10, 33.34],
    [5, 3, 0, 60],
    [100_000, 7_001, 7, 7.01],
    [1000, 71, 7.007, 7.1],
  ])('of %i students holds %i going at %d%%, and says %d', (before, gone, most, value) => {
    const limits = readLimits({ 'students-removed': `${most}%` });
    expect(judge(facts(students(before, gone)), limits)).toEqual([
      {
        limit: 'students-removed',
        school: null,
        value,
        allowed: most,
        unit: 'percent',
        kind: 'students',
        count: gone,
        before,
      },
    ]);
  });

  it('are judged of classes and teachers, too', () => {
    const district = { classes: { before: 50, removed: 6 }, teachers: { before: 50, removed: 5 } };
    expect(names(judge(facts(district), DEFAULT_LIMITS))).toEqual(['classes-removed classes']);
  });

  it('can be a number, which says how many it is of', () => {
    const limits = readLimits({ 'students-removed': '30' });
    expect(judge(facts(students(100, 30)), limits)).toEqual([]);
    expect(judge(facts(students(100_000, 31)), limits)).toMatchObject([
      { value: 31, allowed: 30, unit: 'count', count: 31, before: 100_000 },
    ]);
  });

  it('add up with those of earlier runs, of those who were there before them', () => {
    const slow = students(950, 60, { removedEarlier: 50 });
    expect(judge(facts(slow), DEFAULT_LIMITS)).toMatchObject([
      { value: 11, count: 110, before: 1000, earlier: 50, windowDays: 7 },
    ]);
    const nobodyNow = students(800, 0, { removedEarlier: 200 });
    expect(judge(facts(nobodyNow), DEFAULT_LIMITS)).toEqual([]);
  });
});

describe('schools', () => {
  it('are judged one by one, the worst first, and said beside the district', () => {
    const schools = {
      a: students(100, 11),
      b: students(400, 40),
      c: students(100, 50),
      tiny: students(8, 4),
    };
    const within = judge(facts(students(2000, 105), { schools }), DEFAULT_LIMITS);
    expect(names(within)).toEqual(['students-removed students c', 'students-removed students a']);
    const over = judge(facts(students(1000, 105), { schools }), DEFAULT_LIMITS);
    expect(names(over)).toEqual([
      'students-removed students',
      'students-removed students c',
      'students-removed students a',
    ]);
  });

  it('of which there is one are the district, and said once', () => {
    const all = students(100, 50);
    const judged = judge(facts(all, { schools: { a: all } }), DEFAULT_LIMITS);
    expect(judged).toMatchObject([{ school: null, value: 50 }]);
    const own = readLimits({ 'school:students-removed': '30' });
    expect(judge(facts(all, { schools: { a: all } }), own)).toMatchObject([
      { school: null, value: 50 },
      { school: 'a', value: 50, allowed: 30, unit: 'count' },
    ]);
  });

  it("follow the district's share, but not its number, unless they have their own", () => {
    const school = (own: Record<string, string>) =>
      readLimits(own).bounds['students-removed'].school;
    expect(school({})).toEqual({ unit: 'percent', most: 10 });
    expect(school({ 'students-removed': '50%' })).toEqual({ unit: 'percent', most: 50 });
    expect(school({ 'students-removed': '300' })).toEqual({ unit: 'percent', most: 10 });
    expect(school({ 'students-removed': 'off' })).toBeNull();
    expect(school({ 'students-removed': 'off', 'school:students-removed': '20' })).toEqual({
      unit: 'count',
      most: 20,
    });
  });
});

describe('settings', () => {
  it('are shown where they make a difference', () => {
    const own = { 'students-removed': '5%', 'school:students-removed': '10%', window: '7d' };
    expect(unusualLimits(own)).toEqual({
      'students-removed': '5%',
      'school:students-removed': '10%',
    });
    expect(shownLimits({ 'students-removed': '5%' })).toMatchObject({
      'school:students-removed': '5%',
      floor: 'by limit',
    });
  });

  it('of the floor go for every limit', () => {
    const limits = readLimits({ floor: '50', 'school:floor': '1' });
    expect(judge(facts(students(100, 49)), limits)).toEqual([]);
    expect(judge(facts(students(100, 50)), limits)).toHaveLength(1);
    const schools = { a: students(5, 1) };
    expect(judge(facts(students(100, 1), { schools }), limits)).toMatchObject([{ school: 'a' }]);
  });

  it.each([
    ['students-removed', '10%', true],
    ['students-removed', '0', true],
    ['students-removed', '100.001%', false],
    ['students-removed', '1e2', false],
    ['students-removed', '-1%', false],
    ['students-removed', '', false],
    ['floor', 'off', false],
    ['window', '91d', false],
    ['window', 'off', true],
    ['seat-buffer', '5%,25', true],
    ['seat-buffer', '5,25', false],
    ['seat-buffer', 'off,25', false],
  ])('%s=%s is taken: %s', (name, value, taken) => {
    expect(whyNoLimit(name, value) === null).toBe(taken);
  });
});

describe('additions', () => {
  const many = { students: { before: 100, added: 26 } };
  it('of more than a quarter are held, and few never', () => {
    expect(names(judge(facts(many), DEFAULT_LIMITS))).toEqual(['students-added students']);
    const quarter = { students: { before: 100, added: 25 } };
    const few = { students: { before: 10, added: 9 } };
    for (const one of [quarter, few]) expect(judge(facts(one), DEFAULT_LIMITS)).toEqual([]);
  });

  it('are no news in the first sync, in an empty roster or of a new school', () => {
    expect(judge(facts(many, { first: true }), DEFAULT_LIMITS)).toEqual([]);
    const school = { schools: { new: { students: { before: 0, added: 500 } } } };
    const kinds = { students: { before: 5000, added: 500 } };
    expect(judge(facts(kinds, school), DEFAULT_LIMITS)).toEqual([]);
  });

  it('add up with those of earlier runs, of those who were there before them', () => {
    const slow = { students: { before: 120, added: 10, addedEarlier: 20 } };
    expect(judge(facts(slow), DEFAULT_LIMITS)).toMatchObject([
      { value: 30, count: 30, before: 100, earlier: 20 },
    ]);
  });
});

describe('churn', () => {
  it('of ids is held from a handful on, and of names', () => {
    const ids = (newIds: number, before: number): Kinds => ({ students: { before, newIds } });
    expect(judge(facts(ids(4, 4)), DEFAULT_LIMITS)).toEqual([]);
    expect(judge(facts(ids(5, 100)), DEFAULT_LIMITS)).toEqual([]);
    const held = judge(facts(ids(6, 100)), DEFAULT_LIMITS);
    expect(held).toMatchObject([{ limit: 'id-churn', kind: 'students', value: 6, allowed: 5 }]);
    const renamed = {
      classes: { before: 100, newNames: 11 },
      teachers: { before: 9, newNames: 9 },
    };
    expect(names(judge(facts(renamed), DEFAULT_LIMITS))).toEqual(['name-churn classes']);
  });
});

describe('the file as a whole', () => {
  const rows = (now: number, rejected: number, last: number | null) =>
    names(judge(facts({}, { rows: { now, inside: now, rejected, last } }), DEFAULT_LIMITS));
  it('is held when it has shrunk by more than a fifth', () => {
    expect(rows(800, 0, 1000)).toEqual([]);
    expect(rows(799, 0, 1000)).toEqual(['rows-down']);
    expect(rows(2000, 0, 1000)).toEqual([]);
    expect(rows(11, 0, 30)).toEqual([]);
    expect(rows(1, 0, null)).toEqual([]);
  });

  it('is held when more than two rows in a hundred are left out', () => {
    expect(rows(1000, 20, 1000)).toEqual([]);
    expect(rows(1000, 21, 1000)).toEqual(['error-rate']);
    expect(rows(10, 2, 10)).toEqual([]);
  });
});

describe('seats', () => {
  const seats = (licensed: number, before: number, after: number, own = {}) =>
    judge(facts({}, { seats: { licensed, before, after } }), readLimits(own));
  it('over the licence are held, with what is allowed', () => {
    expect(seats(100, 90, 100)).toEqual([]);
    expect(seats(100, 90, 101)).toEqual([
      {
        limit: 'seats-exceeded',
        school: null,
        value: 101,
        allowed: 100,
        unit: 'count',
        count: 101,
        before: 90,
        licensed: 100,
        buffer: 0,
      },
    ]);
  });

  it('that are taken already hold nothing, or every night would be held', () => {
    expect(seats(100, 130, 130)).toEqual([]);
    expect(seats(100, 130, 129)).toEqual([]);
    expect(seats(100, 130, 131)).toHaveLength(1);
  });

  it('have a buffer: a number or a share, the greater', () => {
    expect(seats(100, 0, 125, { 'seat-buffer': '25' })).toEqual([]);
    expect(seats(1000, 0, 1050, { 'seat-buffer': '25,5%' })).toEqual([]);
    expect(seats(1000, 0, 1051, { 'seat-buffer': '25,5%' })).toMatchObject([
      { allowed: 1050, buffer: 50 },
    ]);
    expect(seats(100, 0, 126, { 'seat-buffer': '25,5%' })).toMatchObject([{ buffer: 25 }]);
  });

  it('hold nothing where they are not judged', () => {
    expect(seats(100, 0, 1000, { 'seats-exceeded': 'off' })).toEqual([]);
  });
});

describe('a limit that is off', () => {
  it('holds nothing, whatever happens', () => {
    const own = Object.fromEntries(LIMIT_NAMES.map((name) => [name, 'off']));
    const worst = { before: 100, removed: 100, added: 1000, newIds: 100, newNames: 100 };
    const all = Object.fromEntries(COUNTED.map((kind) => [kind, worst]));
    const one = facts(all, {
      schools: { a: all },
      rows: { now: 10, inside: 10, rejected: 10, last: 1000 },
      seats: { licensed: 1, before: 0, after: 1000 },
    });
    expect(judge(one, readLimits(own))).toEqual([]);
    expect(new Set(judge(one, DEFAULT_LIMITS).map(({ limit }) => limit))).toEqual(
      new Set(LIMIT_NAMES),
    );
  });
});

const few = fc.nat(60);
const kind = fc
  .record({ before: fc.nat(400), removed: few, added: few, removedEarlier: few })
  .chain((one) =>
    fc
      .record({ addedEarlier: few, newIds: few, newNames: few })
      .map((more) => ({ ...one, ...more, before: one.before + one.removed })),
  );
const kinds = fc.record({ students: kind, classes: kind, teachers: kind });
const anyFacts = fc
  .record({ district: kinds, a: kinds, b: kinds, first: fc.boolean() })
  .map(({ district, a, b, first }) => facts(district, { schools: { a, b }, first }));
const bound = fc.oneof(
  fc.constant('off'),
  fc.integer({ min: 0, max: 100_000 }).map((n) => `${n / 1000}%`),
  few.map(String),
);
const anyLimits = fc
  .dictionary(
    fc.constantFrom(
      ...LIMIT_NAMES.filter((name) => LIMITS[name].schools).flatMap((name) => [
        name,
        `school:${name}`,
      ]),
    ),
    bound,
  )
  .map(readLimits);

/** The same plan, with `more` students removed from the district and from school a. */
const withMore = (one: PlanFacts, more: number): PlanFacts => {
  const grown = (at: PlaceFacts): PlaceFacts => ({
    ...at,
    kinds: {
      ...at.kinds,
      students: { ...at.kinds.students, removed: at.kinds.students.removed + more },
    },
  });
  return {
    ...one,
    district: grown(one.district),
    schools: one.schools.map((at) => (at.school === 'a' ? grown(at) : at)),
  };
};

describe('whatever the plan and the limits', () => {
  it('more removals never let go what was held', () => {
    fc.assert(
      fc.property(anyFacts, anyLimits, fc.nat(100), (one, limits, more) => {
        const before = judge(one, limits);
        const after = judge(withMore(one, more), limits);
        // A school is not said again where it has become the same as its district.
        const said = names(after);
        for (const name of names(before)) {
          expect(said.some((other) => other === name || name.startsWith(`${other} `))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('what is held is over what is allowed, not below the floor, and has a part of this plan', () => {
    fc.assert(
      fc.property(anyFacts, anyLimits, (one, limits) => {
        for (const held of judge(one, limits)) {
          expect(held.value).toBeGreaterThan(held.allowed);
          const where = held.school === null ? 'district' : 'school';
          const floor = LIMITS[held.limit as keyof typeof LIMITS].floor[where];
          expect(held.count).toBeGreaterThanOrEqual(floor);
          expect(held.count! - (held.earlier ?? 0)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('counting a school no further than is enough gives the same answer', () => {
    fc.assert(
      fc.property(anyFacts, anyLimits, (one, limits) => {
        const schools = one.schools.map((at): PlaceFacts => {
          const wanted = enoughBefore(at, one, limits);
          const counted = (of: Counted): KindFacts => {
            const { before } = at.kinds[of];
            const most = wanted[of];
            return { ...at.kinds[of], before: most !== null && most <= before ? most : before };
          };
          return {
            school: at.school,
            kinds: {
              students: counted('students'),
              classes: counted('classes'),
              teachers: counted('teachers'),
            },
          };
        });
        expect(judge({ ...one, schools }, limits)).toEqual(judge(one, limits));
      }),
      { numRuns: 2000 },
    );
  });
});
